"""One camera's looks aligned with the street's picture, each after the one before it."""

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


class Steadying:
    """Aligns one camera's looks, in order of time."""

    def __init__(self) -> None:
        self._last: Alignment | None = None
        self._looks = 0
        self._corners: Points | None = None
        self._lately: Luma | None = None
        self._lately_shown: Where | None = None

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
        if found.is_still:
            self._lately = self._lately_shown = None
        else:
            self._lately = found.moved(now[None])[0]
            self._lately_shown = found.covered()
        return found

    def _stands_still(self, street: Luma, known: Where, now: Luma, free: Where) -> bool:
        """Whether a few corners, looked for anew now and then, are where they were."""
        if self._looks % LOOKS_A_CORNER_LASTS == 0 or self._corners is None:
            self._corners = corners(street, known, FEW_CORNERS)
        self._looks += 1
        before, after, _ = followed(street, now, self._corners, free, None)
        return len(before) >= LEAST_CORNERS and moved_px(before, after) < STILL_PX

    def _found(self, street: Luma, known: Where, now: Luma, free: Where) -> Alignment | None:
        """The street or the look before, sought where the last look lay, and then anywhere."""
        references = [(street, known)]
        if self._lately is not None and self._lately_shown is not None:
            references.append((self._lately, self._lately_shown))
        for reference, seen in references:
            if (found := align(reference, now, seen, free, self._last)) is not None:
                return found
        swung = sought(*references[-1], now, free)
        if swung is None:
            return None
        for reference, seen in references:
            if (found := align(reference, now, seen, free, swung)) is not None:
                return found
        return None

    @property
    def is_steady(self) -> bool:
        """Whether the last look that could be aligned had not moved."""
        return self._last is None or self._last.is_still
