"""Lasting change of the street's own picture, told from looks a second or two apart."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from viahe_detector.alignment import Alignment, still
from viahe_detector.background import LEAST_MET, Background
from viahe_detector.before_after import (
    RING_PX,
    Compared,
    Verdict,
    around,
    compare,
    is_shade,
    shows_through,
)
from viahe_detector.fineness import SHAKING_PX, STEADY_PX, Fineness, Look, planes
from viahe_detector.hiding import core, covered_ground, inside, may_hide
from viahe_detector.parallax import brought_together
from viahe_detector.patches import LEAST_PX, Patch, patches
from viahe_detector.pixels import Pixels
from viahe_detector.planes import Planes, Where, resized, shrunk
from viahe_detector.steadying import Steadying
from viahe_rules.domain import Box, Change, ChangeKind, Detection, Point

HIDDEN_SHARE = 0.3
"""A place covered by more than this is as it was last seen."""
MOST_UNALIGNED = 5
"""Looks in a row of a shaking camera that fit nowhere; then it shows another street."""
CARRIED_SHARE = 0.12
"""A camera that has swung farther than this share of its picture is held or turned by somebody: the
street is followed into its picture, before too little of it is left in view."""
THROUGH_LOOKS, THROUGH_SHARE = 3, 0.15
"""Looks that must show a share of a patch through whatever was before it: what does so lies on the
lens, or is burnt into the picture, as captions are."""
HALF = 0.5
"""The share of a pixel from which on it belongs to a patch drawn in more of them."""
MIDDLE: Point = (0.5, 0.5)
LIGHT_S, REMOVED_S = 8.0, 60.0
"""Seconds after which a patch of light, or a gap, becomes the street's own picture."""


class LastingChange:
    """The background of one camera and what has lastingly changed in it.

    `step` is told every look, in order of time; the same looks give the same changes. Its state
    is bounded by the picture's size. What was there at the first look is no change.
    """

    def __init__(self, steady_px: int = STEADY_PX) -> None:
        """`steady_px` is the longer side compared as long as the camera stands still."""
        self.apart_s = 0.0
        """Seconds that two looks have to lie apart for the later one to say anything new."""
        self._fineness = Fineness(steady_px)
        self._background = Background(0, 0)
        self._rejected_s = np.zeros((0, 0), np.float32)
        self._through = np.zeros((0, 0), np.uint8)
        self._told: tuple[Change, ...] = ()
        self._stepped: float | None = None
        self._steadying = Steadying()
        self._lies = still((0, 0))
        self._unaligned = 0
        self._carried: Point = (0.0, 0.0)

    def step(
        self, t: float, picture: Pixels, detections: Iterable[Detection]
    ) -> tuple[Change, ...]:
        """The places that look lastingly different at `t`, in seconds.

        `since` is on the clock `t` is of; for a background that outlives a run this has to be
        one that goes on, such as UTC. Detections may be of any class: persons and vehicles hide
        the ground from `LEAST_MASK_SCORE` on, others do not.

        A place is told from its second look without person or vehicle before it, again at every
        look, with the same `since`, and remembered as it was last seen while something covers it or
        the picture as a whole says nothing, or the look comes sooner than `apart_s` after the
        last one. Where the camera shakes, a place is told where it is in this picture.
        """
        if self._stepped is not None and 0 <= t - self._stepped < self.apart_s:
            return tuple(replace(change, remembered=True) for change in self._in_this_picture())
        self._stepped = t
        look = Look(t, picture, tuple(detections))
        if self._look(look):
            for again in self._fineness.stood_still(look, not self._has_change):
                self._look(again)
        return self._in_this_picture()

    def _in_this_picture(self) -> tuple[Change, ...]:
        return tuple(
            replace(change, box=self._lies.to_picture(change.box)) for change in self._told
        )

    @property
    def is_calm(self) -> bool:
        """Whether nothing is told, nor about to be: a look at a picture that has not changed
        would teach nothing but the slow light, which the next one makes up for."""
        return self._fineness.is_settled and not self._has_change

    @property
    def _has_change(self) -> bool:
        return bool(self._told) or bool(self._background.candidates.lasting.any())

    @property
    def swung(self) -> Point:
        """How far to the right and down the street lies of where it lay in the first look, in
        fractions of the picture; of a camera that shows another street by now, as far as it was
        followed."""
        x, y = self._lies.to_picture_point(MIDDLE)
        return self._carried[0] + x - MIDDLE[0], self._carried[1] + y - MIDDLE[1]

    @property
    def street(self) -> tuple[NDArray[np.float32], Where]:
        """Brightness 0..255 of the street's own picture, and where it is known."""
        return self._background.street[0], self._background.known

    def save(self, path: Path) -> None:
        """Writes the background as an npz file, whole or not at all. Raises OSError."""
        half = path.with_name(f".{path.name}.half")
        with half.open("wb") as stream:
            its_own = {"rejected_s": self._rejected_s, "carried": np.array(self._carried)}
            arrays = self._background.arrays() | its_own
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
            # What was saved before cameras were followed has none.
            across, down = arrays.pop("carried", np.zeros(2)).tolist()
            background = Background.from_arrays(arrays)
        except (KeyError, ValueError, BadZipFile) as wrong:
            raise ValueError(f"{path} holds no background ({wrong}); remove it") from wrong
        if rejected_s.shape != background.shape:
            raise ValueError(f"{path} holds no background (its parts differ in size); remove it")
        self._begin(*background.shape)
        self._fineness.go_on_at(max(background.shape))
        self._background, self._rejected_s = background, rejected_s
        self._carried = across, down

    def _look(self, look: Look) -> bool:
        """Takes in a look; whether it lies where it belongs without being moved."""
        now = planes(look.picture, self._fineness.longer_px)
        height, width = now.shape[1:]
        if self._background.shape != (height, width):
            self._begin(height, width)
        if self._lies.moves_px() > CARRIED_SHARE * min(height, width):
            self._follow_camera()
        lies = self._aligned(now, ~covered_ground(look.detections, height, width))
        if lies is not None and not lies.is_still and self._fineness.shook():
            now = planes(look.picture, self._fineness.longer_px)
            lies = self._coarsened(now, look.detections)
        judged = False
        if lies is not None:
            self._lies = lies
            judged = self._take_in(look.t, now, look.detections)
        if not judged:
            self._told = tuple(replace(change, remembered=True) for change in self._told)
        return lies is not None and lies.is_still

    def _begin(self, height: int, width: int) -> None:
        self._carried = self.swung
        self._background = Background(height, width)
        self._rejected_s = np.zeros((height, width), np.float32)
        self._through = np.zeros((height, width), np.uint8)
        self._told = ()
        self._steadying = Steadying()
        self._lies = still((width, height))
        self._unaligned = 0

    def _coarsened(self, now: Planes, detections: tuple[Detection, ...]) -> Alignment | None:
        """Goes on with less of every picture; how this look lies on what is kept."""
        height, width = now.shape[1:]
        self._background = self._background.resized(height, width)
        self._rejected_s = resized(self._rejected_s, height, width)
        self._through = resized(self._through, height, width)
        self._steadying = Steadying()
        self._lies = still((width, height))
        return self._aligned(now, ~covered_ground(detections, height, width))

    def _follow_camera(self) -> None:
        """Goes on in the frame of the last look."""
        self._carried = self.swung
        lies, self._lies = self._lies, still(self._lies.size)
        self._background.seen_as(lies)
        self._rejected_s = lies.seen(self._rejected_s)
        self._through = lies.seen(self._through)
        self._told = tuple(replace(told, box=lies.to_picture(told.box)) for told in self._told)
        self._steadying.go_on_from_here()

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

    def _take_in(self, t: float, now: Planes, detections: tuple[Detection, ...]) -> bool:
        """Adds a look to the background and judges what has lastingly changed; False if the
        look says nothing of single places."""
        lies, background, last_t = self._lies, self._background, self._background.last_t
        there = [replace(found, box=lies.to_reference(found.box)) for found in detections]
        hidden = covered_ground(there, *background.shape)
        free = ~hidden
        if not lies.is_still:
            now = lies.moved(now)
            free &= lies.covered()
            now = brought_together(background.street[0], now, free & background.known)
        crossing = hidden if self._carried != (0.0, 0.0) else None
        if not background.look(t, now, free, not lies.is_still, crossing):
            return False
        self._through[background.candidates.looks == 0] = 0
        found = tuple(patches(background))
        for patch in found:
            self._look_through(now, patch, there)
        elapsed = 0.0 if last_t is None else max(0.0, t - last_t)
        self._told = self._judge(now, free, found, elapsed)
        return True

    def _look_through(self, now: Planes, patch: Patch, there: list[Detection]) -> None:
        """Counts where the patch shows through somebody whose feet are nearer to the camera."""
        crop = patch.rows, patch.columns
        nearer = [d for d in there if may_hide(d) and d.box.bottom > patch.box.bottom]
        for found in nearer:
            part = patch.mask & inside(core(found.box), *self._background.shape)[crop]
            if shows_through(self._background.candidates.shades[:, *crop], now[:, *crop], part):
                self._through[crop][part] += self._through[crop][part] < THROUGH_LOOKS
            else:
                self._through[crop][part] = 0

    def _judge(
        self, now: Planes, free: Where, found: Iterable[Patch], elapsed: float
    ) -> tuple[Change, ...]:
        """What the patches of this look are; light and gaps are absorbed after a while."""
        background = self._background
        told: list[Change] = []
        rejected = np.zeros(free.shape, np.bool_)
        absorbed = np.zeros(free.shape, np.bool_)
        for patch in found:
            crop = patch.rows, patch.columns
            through = np.count_nonzero(self._through[crop][patch.mask] >= THROUGH_LOOKS)
            if through >= THROUGH_SHARE * np.count_nonzero(patch.mask):
                absorbed[crop] |= patch.mask
                continue
            if self._is_undecided(now, free, patch):
                held = [change for change in self._told if _at(change.box, patch.box)]
                told += [replace(change, remembered=True) for change in held]
                rejected[crop] |= patch.mask & (self._rejected_s[crop] > 0)
                continue
            open_ground = free[crop] & (background.candidates.looks[crop] == 0)
            compared = self._compared(now, patch, open_ground)
            if compared.verdict is not Verdict.LEFT and self._was_passing(patch):
                absorbed[crop] |= patch.mask
                continue
            if compared.verdict in (Verdict.LEFT, Verdict.REMOVED):
                kind = ChangeKind(compared.verdict.value)
                told.append(Change(patch.box, patch.since, kind, compared.score))
            if compared.verdict is not Verdict.LEFT:
                rejected[crop] |= patch.mask
                limit = LIGHT_S if compared.verdict is Verdict.LIGHT else REMOVED_S
                absorbed[crop] |= patch.mask & (self._rejected_s[crop] + elapsed >= limit)
        self._rejected_s = np.where(rejected, self._rejected_s + np.float32(elapsed), 0)
        background.absorb(absorbed)
        return tuple(dict.fromkeys(told))

    def _was_passing(self, patch: Patch) -> bool:
        """Whether what is gone from there was met in one look alone, and may have been somebody."""
        met = self._background.met[patch.rows, patch.columns][patch.mask]
        return bool(np.count_nonzero(met < LEAST_MET) >= HALF * met.size)

    def _compared(self, now: Planes, patch: Patch, open_ground: Where) -> Compared:
        """What became of a patch; what is large enough is as clear in fewer pixels, and its edges
        and texture are there what they are in everybody's pictures."""
        crop = patch.rows, patch.columns
        street, there, mask = self._background.street[:, *crop], now[:, *crop], patch.mask
        less = SHAKING_PX / max(self._background.shape)
        height, width = (max(1, round(side * less)) for side in mask.shape)
        if less < 1 and np.count_nonzero(mask) * less**2 >= LEAST_PX:
            fewer = shrunk(mask.astype(np.float32), height, width) >= HALF
            if fewer.any():  # there is nothing left of what is long and thin
                street, there = shrunk(street, height, width), shrunk(there, height, width)
                open_ground = shrunk(open_ground.astype(np.float32), height, width) >= HALF
                mask = fewer
        return compare(street, there, mask, open_ground)

    def _is_undecided(self, now: Planes, free: Where, patch: Patch) -> bool:
        """Whether this look says nothing: something is before it, or may throw it as a shadow.

        What no network named may be before it too, for a look.
        """
        crop = patch.rows, patch.columns
        covered = ~free[crop]
        otherwise = covered | (self._background.candidates.misses[crop] > 0)
        if np.count_nonzero(otherwise & patch.mask) > HIDDEN_SHARE * np.count_nonzero(patch.mask):
            return True
        beside = bool((covered & around(patch.mask, RING_PX)).any())
        return beside and is_shade(self._background.street[:, *crop], now[:, *crop], patch.mask)


def _at(told: Box, place: Box) -> bool:
    x, y = place.centre
    return told.left <= x <= told.right and told.top <= y <= told.bottom
