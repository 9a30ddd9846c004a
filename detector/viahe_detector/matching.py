"""Which suspicion is right about which event; all others are false, all other events missed."""

from collections.abc import Sequence
from dataclasses import dataclass

from viahe_detector.truth import Event, Video
from viahe_rules.domain import Act, Box, Suspicion
from viahe_rules.geometry import grown, inside, iou

LEAST_IOU = 0.3
LEAST_TOLERANCE_S = 2.0
NEAR = 1.5
"""A region grown by half its size."""


@dataclass(frozen=True, slots=True)
class Found:
    """An event and the one suspicion that counts as its report."""

    event: Event
    suspicion: Suspicion

    @property
    def delay_s(self) -> float:
        """Seconds from the act's beginning until it was raised."""
        return self.suspicion.end - self.event.start_s


@dataclass(frozen=True, slots=True)
class Matched:
    """What became of a video's events and suspicions; each is in one place only."""

    found: tuple[Found, ...]
    missed: tuple[Event, ...]
    false: tuple[Suspicion, ...]


def match(video: Video, suspicions: Sequence[Suspicion], look_every_s: float) -> Matched:
    """As many of the video's events as can be matched at once, each by a suspicion of its own.

    Of several that fit an event those whose beginning is nearest are tried first. The order of
    `suspicions` does not matter.
    """
    ordered = sorted(suspicions, key=lambda s: (s.start, s.end, s.key))
    fitting = [_fitting(video, event, ordered, look_every_s) for event in video.events]
    event_of: dict[int, int] = {}
    for number in range(len(video.events)):
        _assign(number, fitting, event_of, set())
    suspicion_of = {event: suspicion for suspicion, event in event_of.items()}
    return Matched(
        tuple(Found(video.events[e], ordered[suspicion_of[e]]) for e in sorted(suspicion_of)),
        tuple(event for e, event in enumerate(video.events) if e not in suspicion_of),
        tuple(suspicion for s, suspicion in enumerate(ordered) if s not in event_of),
    )


def fits(video: Video, event: Event, suspicion: Suspicion, look_every_s: float) -> bool:
    """Whether a suspicion reports an event: its act, its place, its beginning, and not early.

    The beginning may differ by two seconds, or by one look where looks are further apart.
    """
    tolerance = max(LEAST_TOLERANCE_S, look_every_s)
    return (
        suspicion.act is event.act
        and abs(suspicion.start - event.start_s) <= tolerance
        and not is_early(event, suspicion)
        and is_at(suspicion.place, video.fractions(event.region))
    )


def is_early(event: Event, suspicion: Suspicion) -> bool:
    """Whether a dumping was raised while its owner was still there."""
    left_s = event.owner_left_s
    return event.act is Act.DUMPING and left_s is not None and suspicion.end < left_s


def is_at(place: Box, region: Box) -> bool:
    """Whether two boxes are of one thing: they overlap, or the one's centre is near the other."""
    near = grown(region, NEAR)
    corners = (
        (near.left, near.top),
        (near.right, near.top),
        (near.right, near.bottom),
        (near.left, near.bottom),
    )
    return iou(place, region) >= LEAST_IOU or inside(place.centre, corners)


def _fitting(
    video: Video, event: Event, ordered: Sequence[Suspicion], look_every_s: float
) -> list[int]:
    fitting = [s for s, each in enumerate(ordered) if fits(video, event, each, look_every_s)]
    return sorted(fitting, key=lambda s: abs(ordered[s].start - event.start_s))


def _assign(
    event: int, fitting: Sequence[Sequence[int]], event_of: dict[int, int], tried: set[int]
) -> bool:
    """Give `event` a suspicion, if need be by giving another event another one (Kuhn, 1955)."""
    for suspicion in fitting[event]:
        if suspicion in tried:
            continue
        tried.add(suspicion)
        holder = event_of.get(suspicion)
        if holder is None or _assign(holder, fitting, event_of, tried):
            event_of[suspicion] = event
            return True
    return False
