"""Lasting change of the street's own picture, told from looks a second or two apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import cv2
import numpy as np

from viahe_detector.alignment import Alignment, still
from viahe_detector.background import Background, Planes, Where
from viahe_detector.before_after import RING_PX, Verdict, around, compare, is_shade
from viahe_detector.pixels import Pixels
from viahe_detector.steadying import Steadying
from viahe_rules.domain import PERSON, VEHICLES, Box, Change, ChangeKind, Detection

LONGER_SIDE_PX = 320
"""Size of the picture compared. A thing of ten pixels here is about the smallest found."""
LEAST_PX, LEAST_SIDE_PX = 24, 4
MOST_SHARE = 0.25
"""A change of more of the picture than this is weather, light or a lorry, not a thing left."""
SAME_MOMENT_S = 5.0
"""Parts of one patch first seen further apart than this are two things."""
HIDDEN_SHARE = 0.3
"""A place covered by more than this is as it was last seen."""
LEAST_MASK_SCORE = 0.2
"""Detections from here on cover the ground: a doubtful person is still no thing left."""
MOST_UNALIGNED = 5
"""Looks in a row of a shaking camera that fit nowhere; then it shows another street."""
LIGHT_S, REMOVED_S = 8.0, 60.0
"""Seconds after which a patch of light, or a gap, becomes the street's own picture."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A connected lasting change: `mask` marks it in the crop `rows`, `columns`."""

    rows: slice
    columns: slice
    mask: Where
    since: float
    box: Box


class LastingChange:
    """The background of one camera and what has lastingly changed in it.

    `step` is told every look, in order of time; the same looks give the same changes. Its state
    is bounded by the picture's size. What was there at the first look is no change.
    """

    def __init__(self) -> None:
        self._background = Background(0, 0)
        self._rejected_s = np.zeros((0, 0), np.float32)
        self._told: tuple[Change, ...] = ()
        self._steadying = Steadying()
        self._lies = still((0, 0))
        self._unaligned = 0

    def step(
        self, t: float, picture: Pixels, detections: Iterable[Detection]
    ) -> tuple[Change, ...]:
        """The places that look lastingly different at `t`, in seconds.

        `since` is on the clock `t` is of; for a background that outlives a run this has to be
        one that goes on, such as UTC. Detections may be of any class: persons and vehicles hide
        the ground from `LEAST_MASK_SCORE` on, others do not.

        A place is told from its second look without person or vehicle before it, again at every
        look, with the same `since`, and as it was last seen while something covers it. Where the
        camera shakes, a place is told where it is in this picture.
        """
        now = _planes(picture)
        height, width = now.shape[1:]
        if self._background.shape != (height, width):
            self._begin(height, width)
        detections = tuple(detections)
        lies = self._aligned(now, ~_covered(detections, height, width))
        if lies is not None:
            self._lies = lies
            self._take_in(t, now, detections)
        return tuple(
            replace(change, box=self._lies.to_picture(change.box)) for change in self._told
        )

    @property
    def is_calm(self) -> bool:
        """Whether nothing is told, nor about to be: a look at a picture that has not changed
        would teach nothing but the slow light, which the next one makes up for."""
        return not self._told and not self._background.lasting.any()

    def save(self, path: Path) -> None:
        """Writes the background as an npz file, whole or not at all. Raises OSError."""
        half = path.with_name(f".{path.name}.half")
        with half.open("wb") as stream:
            arrays = self._background.arrays() | {"rejected_s": self._rejected_s}
            np.savez_compressed(stream, allow_pickle=False, **arrays)
        half.replace(path)

    def load(self, path: Path) -> None:
        """Goes on from what `save` wrote; a picture of another shape still begins anew.

        Raises OSError if the file cannot be read and ValueError, naming it, if it is no
        background.
        """
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as saved:
                arrays = dict(saved)
            rejected_s = arrays.pop("rejected_s")
            background = Background.from_arrays(arrays)
        except (KeyError, ValueError, BadZipFile) as wrong:
            raise ValueError(f"{path} holds no background ({wrong}); remove it") from wrong
        if rejected_s.shape != background.shape:
            raise ValueError(f"{path} holds no background (its parts differ in size); remove it")
        self._begin(*background.shape)
        self._background, self._rejected_s = background, rejected_s

    def _begin(self, height: int, width: int) -> None:
        self._background = Background(height, width)
        self._rejected_s = np.zeros((height, width), np.float32)
        self._told = ()
        self._steadying = Steadying()
        self._lies = still((width, height))
        self._unaligned = 0

    def _aligned(self, now: Planes, free: Where) -> Alignment | None:
        """How this look lies on the street; None for a look of a shaking camera nobody can say
        that of."""
        background = self._background
        lies = self._steadying.align(background.street[0], background.known, now[0], free)
        self._unaligned = 0 if lies is not None else self._unaligned + 1
        if lies is not None:
            return lies
        height, width = background.shape
        if self._steadying.is_steady:
            return still((width, height))
        if self._unaligned < MOST_UNALIGNED:
            return None
        self._begin(height, width)
        return self._lies

    def _take_in(self, t: float, now: Planes, detections: tuple[Detection, ...]) -> None:
        """Adds a look to the background and judges what has lastingly changed."""
        lies, background, last_t = self._lies, self._background, self._background.last_t
        there = [replace(found, box=lies.to_reference(found.box)) for found in detections]
        free = ~_covered(there, *background.shape)
        if not lies.is_still:
            now = lies.moved(now)
            free &= lies.covered()
        if background.look(t, now, free, shaken=not lies.is_still):
            self._told = self._judge(now, free, 0.0 if last_t is None else max(0.0, t - last_t))

    def _judge(self, now: Planes, free: Where, elapsed: float) -> tuple[Change, ...]:
        """What the patches of this look are; light and gaps are absorbed after a while."""
        background = self._background
        told: list[Change] = []
        rejected = np.zeros(free.shape, np.bool_)
        absorbed = np.zeros(free.shape, np.bool_)
        for patch in _patches(background):
            crop = patch.rows, patch.columns
            if self._is_undecided(now, free, patch):
                told += [change for change in self._told if _at(change.box, patch.box)]
                rejected[crop] |= patch.mask & (self._rejected_s[crop] > 0)
                continue
            open_ground = free[crop] & (background.looks[crop] == 0)
            street = background.street[:, *crop]
            found = compare(street, now[:, *crop], patch.mask, open_ground)
            if found.verdict is not Verdict.LIGHT:
                kind = ChangeKind(found.verdict.value)
                told.append(Change(patch.box, patch.since, kind, found.score))
            if found.verdict is not Verdict.LEFT:
                rejected[crop] |= patch.mask
                limit = LIGHT_S if found.verdict is Verdict.LIGHT else REMOVED_S
                absorbed[crop] |= patch.mask & (self._rejected_s[crop] + elapsed >= limit)
        self._rejected_s = np.where(rejected, self._rejected_s + np.float32(elapsed), 0)
        background.absorb(absorbed)
        return tuple(dict.fromkeys(told))

    def _is_undecided(self, now: Planes, free: Where, patch: Patch) -> bool:
        """Whether this look says nothing: something is before it, or may throw it as a shadow.

        What no network named may be before it too, for a look.
        """
        crop = patch.rows, patch.columns
        covered = ~free[crop]
        otherwise = covered | (self._background.misses[crop] > 0)
        if np.count_nonzero(otherwise & patch.mask) > HIDDEN_SHARE * np.count_nonzero(patch.mask):
            return True
        beside = bool((covered & around(patch.mask, RING_PX)).any())
        return beside and is_shade(self._background.street[:, *crop], now[:, *crop], patch.mask)


def _planes(picture: Pixels) -> Planes:
    height, width = picture.shape[:2]
    scale = min(1.0, LONGER_SIDE_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (3, 3), 0)
    colours = cv2.cvtColor(small, cv2.COLOR_BGR2YCrCb)
    return np.ascontiguousarray(colours.transpose(2, 0, 1), np.float32)


def _covered(detections: Iterable[Detection], height: int, width: int) -> Where:
    """Pixels persons and vehicles cover, with a margin for limbs, wheels and cast shadow."""
    covered = np.zeros((height, width), np.bool_)
    for found in detections:
        if found.score < LEAST_MASK_SCORE or (
            found.label != PERSON and found.label not in VEHICLES
        ):
            continue
        box = found.box
        aside = 0.1 * box.width + 2 / width
        above, below = 0.03 * box.height + 2 / height, 0.06 * box.height + 2 / height
        top, bottom = max(0.0, box.top - above), min(1.0, box.bottom + below)
        left, right = max(0.0, box.left - aside), min(1.0, box.right + aside)
        covered[
            int(top * height) : round(bottom * height), int(left * width) : round(right * width)
        ] = True
    return covered


def _patches(background: Background) -> Iterator[Patch]:
    """Connected lasting changes of a size that can be a thing, parts of one moment together."""
    lasting = background.lasting
    if not lasting.any():
        return
    height, width = background.shape
    closed = cv2.morphologyEx(lasting.view(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    for label in range(1, count):
        left, top, across, down, area = (int(figure) for figure in stats[label])
        if area < LEAST_PX or area > MOST_SHARE * height * width:
            continue
        rows = slice(max(0, top - RING_PX), min(height, top + down + RING_PX))
        columns = slice(max(0, left - RING_PX), min(width, left + across + RING_PX))
        whole = (labels[rows, columns] == label) & lasting[rows, columns]
        since = background.since[rows, columns]
        for mask in _moments(whole, since):
            if (box := _box(mask, rows, columns, height, width)) is not None:
                first = float(np.quantile(since[mask], 0.2, method="lower"))
                yield Patch(rows, columns, mask, first, box)


def _moments(whole: Where, since: np.ndarray) -> Iterator[Where]:
    """The parts of a patch that came at different moments; small parts go with the largest."""
    times = np.unique(since[whole])
    cuts = times[1:][np.diff(times) > SAME_MOMENT_S]
    if cuts.size == 0:
        yield whole
        return
    which = np.searchsorted(cuts, since, side="right")
    parts = [whole & (which == part) for part in range(cuts.size + 1)]
    large = [part for part in parts if np.count_nonzero(part) >= 2 * LEAST_PX]
    yield from large or (whole,)


def _box(mask: Where, rows: slice, columns: slice, height: int, width: int) -> Box | None:
    down, across = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if down.size < LEAST_SIDE_PX or across.size < LEAST_SIDE_PX:
        return None
    return Box(
        float(columns.start + across[0]) / width,
        float(rows.start + down[0]) / height,
        float(columns.start + across[-1] + 1) / width,
        float(rows.start + down[-1] + 1) / height,
    )


def _at(told: Box, place: Box) -> bool:
    x, y = place.centre
    return told.left <= x <= told.right and told.top <= y <= told.bottom
