"""The figures of a score: by act, over all videos, and of who was named as the leaver."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from viahe_detector.matching import Found, Matched
from viahe_detector.truth import Event, Leaver, Video
from viahe_rules.domain import Act, Box, LeftBy, LeftByKind
from viahe_rules.geometry import iou

LEAVER_IOU = 0.3
LEAVER_S = 0.6
"""Seconds about `leaver_at_s` in which the path must lie on the leaver's box."""


@dataclass(frozen=True, slots=True)
class VideoScore:
    """One video: its truth, what became of it, and how long it is in seconds."""

    video: Video
    matched: Matched
    seconds: float


@dataclass(frozen=True, slots=True)
class ActScore:
    """Events of one act found (`tp`), missed (`fn`), and false suspicions of it (`fp`).

    A figure nothing was counted for is None. `delay_s` is the median from an act's beginning
    until it was raised.
    """

    tp: int
    fp: int
    fn: int
    delay_s: float | None

    @property
    def precision(self) -> float | None:
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        return _share(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float | None:
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Of the dumpings that were found and whose leaver is known: how many were named and right.

    Right is the right kind and, where the truth has the leaver's box, the right one.
    """

    events: int
    named: int
    right_kind: int
    right: int

    @property
    def unknown(self) -> int:
        return self.events - self.named


def score_of(act: Act, videos: Iterable[VideoScore]) -> ActScore:
    """The figures of one act over these videos."""
    delays: list[float] = []
    false = missed = 0
    for each in videos:
        delays += [found.delay_s for found in each.matched.found if found.event.act is act]
        false += sum(suspicion.act is act for suspicion in each.matched.false)
        missed += sum(event.act is act for event in each.matched.missed)
    return ActScore(len(delays), false, missed, round(median(delays), 2) if delays else None)


def false_per_camera_hour(videos: Sequence[VideoScore]) -> float | None:
    """False suspicions of any act for each hour of video."""
    seconds = sum(each.seconds for each in videos)
    false = sum(len(each.matched.false) for each in videos)
    return None if seconds <= 0 else round(false * 3600 / seconds, 3)


def attribution_of(videos: Iterable[VideoScore]) -> Attribution:
    """How well leavers were named over these videos."""
    events = named = right_kind = right = 0
    for each in videos:
        for found in each.matched.found:
            if not _has_known_leaver(found.event):
                continue
            events += 1
            named += is_named(found.suspicion.left_by)
            right_kind += _is_right_kind(found)
            right += is_right(found, each.video)
    return Attribution(events, named, right_kind, right)


def is_named(left_by: LeftBy | None) -> bool:
    """Whether a leaver was named at all."""
    return left_by is not None and left_by.kind is not LeftByKind.UNKNOWN


def is_right(found: Found, video: Video) -> bool:
    """Whether the leaver named is the one the truth knows, as far as it knows."""
    event, left_by = found.event, found.suspicion.left_by
    if not _is_right_kind(found) or left_by is None:
        return False
    if event.leaver is None or event.leaver_at_s is None:
        return True
    leaver = video.fractions(event.leaver)
    return any(
        _is_same(box, leaver) for t, box in left_by.path if abs(t - event.leaver_at_s) <= LEAVER_S
    )


def _has_known_leaver(event: Event) -> bool:
    return event.act is Act.DUMPING and event.left_by not in (None, Leaver.UNKNOWN)


def _is_right_kind(found: Found) -> bool:
    left_by, known = found.suspicion.left_by, found.event.left_by
    return left_by is not None and known is not None and left_by.kind is known.kind


def _is_same(seen: Box, leaver: Box) -> bool:
    """A rider's box and that of rider and machine together are of one leaver."""
    x, y = seen.centre
    within = leaver.left <= x <= leaver.right and leaver.top <= y <= leaver.bottom
    return within or iou(seen, leaver) >= LEAVER_IOU


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
