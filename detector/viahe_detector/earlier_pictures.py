"""The last pictures of a camera, small and grey: since when a place has looked as it does now."""

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_detector.pixels import Pixels
from viahe_rules.domain import Box

LONGER_SIDE_PX = 320
MOST_PICTURES = 60
"""As many are kept; 58 kB each of a wide picture."""
LEAST_PX, LEAST_CONTRAST = 6, 4.0
"""A place that is smaller in these pictures, or whose shades (0..255) differ by less from their
mean, looks like any other."""
SIDE = 6
"""Fields along each side of a place."""
ALIKE = 0.85
"""The correlation from which a place looks the same. Of thirty vehicles put into pictures of a busy
road as many are found with their beginning at 0.8 and at 0.9."""
HIDDEN_S = 6.0
"""Seconds for which a place may look otherwise, because traffic passes before it."""

Grey = NDArray[np.uint8]
Fields = NDArray[np.float32]
"""How bright the fields of a place are about their mean, together of length 1."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """One picture, and when it was taken."""

    t: float
    grey: Grey


class EarlierPictures:
    """Of one camera, in order of time."""

    def __init__(self) -> None:
        self._kept: deque[Earlier] = deque(maxlen=MOST_PICTURES)

    def add(self, t: float, picture: Pixels) -> None:
        """Take the picture (blue, green, red) of `t`."""
        height, width = picture.shape[:2]
        scale = min(1.0, LONGER_SIDE_PX / max(height, width))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
        if self._kept and self._kept[-1].grey.shape != grey.shape:
            self._kept.clear()
        self._kept.append(Earlier(t, grey))

    def newest(self, place: Box) -> Fields | None:
        """How a place looks in the last picture; None if that tells nothing. Raises IndexError
        before there is a picture."""
        return _fields(self._kept[-1].grey, place)

    def since(self, place: Box) -> float:
        """The time of the earliest picture from which on `place` has looked as in the last one,
        but for a few seconds at a time. Raises IndexError before there is one."""
        since, shown = self._kept[-1].t, self.newest(place)
        if shown is None:
            return since
        for earlier in reversed(self._kept):
            if likeness(shown, _fields(earlier.grey, place)) >= ALIKE:
                since = earlier.t
            elif since - earlier.t > HIDDEN_S:
                break
        return since


def likeness(a: Fields | None, b: Fields | None) -> float:
    """The correlation of how two places look, -1..1; 0 where one of them tells nothing."""
    return 0.0 if a is None or b is None else float(a @ b)


def _fields(grey: Grey, place: Box) -> Fields | None:
    height, width = grey.shape
    left, right = round(place.left * width), round(place.right * width)
    top, bottom = round(place.top * height), round(place.bottom * height)
    if min(right - left, bottom - top) < LEAST_PX:
        return None
    small = cv2.resize(grey[top:bottom, left:right], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    fields = small.ravel().astype(np.float32)
    fields -= fields.mean()
    length = float(np.sqrt(fields @ fields))
    return None if length < LEAST_CONTRAST * SIDE else np.asarray(fields / length, np.float32)
