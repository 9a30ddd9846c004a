"""One camera's looks aligned with the street's picture, each after the one before it."""

from dataclasses import dataclass, replace

from viahe_detector.alignment import (
    LEAST_CORNERS,
    STILL_PX,
    Alignment,
    Luma,
    Points,
    Where,
    align,
    corners,
    followed,
    moved_px,
    sought,
    still,
)

FEW_CORNERS, LOOKS_A_CORNER_LASTS = 40, 16
"""What tells whether a camera that stood still still does."""


@dataclass(frozen=True, slots=True)
class _Look:
    """A look that was aligned, as it was taken: moved, it would end where the street's ends."""

    luma: Luma
    free: Where
    lies: Alignment

    def way_to(self, now: Luma, free: Where) -> Alignment | None:
        """How `now` lies on the street, by how it lies on this look."""
        pair = align(self.luma, now, self.free, free)
        if pair is None:
            roughly = sought(self.luma, self.free, now, free)
            pair = None if roughly is None else align(self.luma, now, self.free, free, roughly)
        return None if pair is None else pair.then(self.lies)


class Steadying:
    """Aligns one camera's looks, in order of time."""

    def __init__(self) -> None:
        self._last: Alignment | None = None
        self._is_carried = False
        self._looks = 0
        self._corners: Points | None = None
        self._lately: _Look | None = None

    def align(self, street: Luma, known: Where, now: Luma, free: Where) -> Alignment | None:
        """How `now` lies on the street's picture; None if too little agrees to tell.

        Both are brightness 0..255 of one shape. `known` marks the pixels of `street` that have
        a value, `free` those of `now` that nothing known to move covers. Where a camera has
        swung so far that the street is not found in its picture, the look before is.
        """
        if self.is_steady and self._stands_still(street, known, now, free):
            return still((now.shape[1], now.shape[0]))
        found = self._found(street, known, now, free)
        if found is None:
            return None
        self._last = found
        self._is_carried = self._is_carried and not found.is_still
        self._lately = None if found.is_still else _Look(now, free, found)
        return found

    def _stands_still(self, street: Luma, known: Where, now: Luma, free: Where) -> bool:
        """Whether a few corners, looked for anew now and then, are where they were."""
        if self._looks % LOOKS_A_CORNER_LASTS == 0 or self._corners is None:
            self._corners = corners(street, known, FEW_CORNERS)
        self._looks += 1
        before, after, _ = followed(street, now, self._corners, free, None)
        return len(before) >= LEAST_CORNERS and moved_px(before, after) < STILL_PX

    def _found(self, street: Luma, known: Where, now: Luma, free: Where) -> Alignment | None:
        """On the street, sought where the last look lay, then where the way from that look to
        this one leads, and then anywhere; or else by that way alone."""
        found = align(street, now, known, free, self._last)
        if found is not None:
            return found
        by_way = None if self._lately is None else self._lately.way_to(now, free)
        guess = by_way or sought(street, known, now, free)
        if guess is None:
            return None
        return align(street, now, known, free, guess) or by_way

    def go_on_from_here(self) -> None:
        """The street's picture is from now on in the frame of the last look that was aligned."""
        if self._last is not None:
            self._last = still(self._last.size)
            self._lately = None if self._lately is None else replace(self._lately, lies=self._last)
        self._is_carried = True
        self._corners = None

    @property
    def is_steady(self) -> bool:
        """Whether the last look that could be aligned had not moved."""
        return not self._is_carried and (self._last is None or self._last.is_still)
