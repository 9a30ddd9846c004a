"""How finely a camera's pictures are compared with its street: finer as long as it stands still.

Where a camera shakes, what is compared has been moved back to where it belongs, with an error of a
part of a pixel; in a finer picture that error shows as change along every edge.
"""

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np

from viahe_detector.pixels import Pixels
from viahe_detector.planes import Planes
from viahe_rules.domain import Detection

STEADY_PX, SHAKING_PX = 480, 320
"""Longer side of the picture compared. A thing of some ten pixels there is the smallest found."""
FIRST_LOOKS, STEADY_LOOKS = 5, 100
"""Looks in a row that find a camera where it was, from which it stands still: at first, and after
it has shaken."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look, to be compared again."""

    t: float
    picture: Pixels
    detections: tuple[Detection, ...]


class Fineness:
    """Of one camera, in order of its looks."""

    def __init__(self, steady_px: int) -> None:
        """`steady_px` is the longer side compared as long as the camera stands still."""
        self._steady_px = steady_px
        self._has_shaken = False
        self._still_looks = 0
        self._lately: deque[Look] = deque(maxlen=FIRST_LOOKS)
        self.longer_px = min(steady_px, SHAKING_PX)
        """The longer side of the picture to compare now."""

    @property
    def is_settled(self) -> bool:
        """Whether it is known by now how finely to compare."""
        return self._has_shaken or self.longer_px == self._steady_px

    def go_on_at(self, longer_px: int) -> None:
        """A picture of this size is remembered."""
        self.longer_px = min(self._steady_px, longer_px)

    def shook(self) -> bool:
        """The camera shakes; whether its pictures are to be compared less finely from now on."""
        self._has_shaken, self._still_looks = True, 0
        self._lately.clear()
        lowered = self.longer_px > SHAKING_PX
        self.longer_px = min(self.longer_px, SHAKING_PX)
        return lowered

    def stood_still(self, look: Look, is_calm: bool) -> tuple[Look, ...]:
        """It was where it belongs. If pictures are compared more finely from now on: the last
        looks, to begin with; nothing that had changed in them would be lost."""
        if max(look.picture.shape) <= SHAKING_PX:
            self.longer_px = self._steady_px
        if self.longer_px == self._steady_px:
            return ()
        self._still_looks += 1
        if not is_calm:
            self._lately.clear()
            return ()
        self._lately.append(look)
        enough = self._still_looks >= (STEADY_LOOKS if self._has_shaken else FIRST_LOOKS)
        if not enough or len(self._lately) < FIRST_LOOKS:
            return ()
        self.longer_px = self._steady_px
        lately = tuple(self._lately)
        self._lately.clear()
        return lately


def planes(picture: Pixels, longer_px: int) -> Planes:
    """Brightness and two planes of colour, no larger than this."""
    height, width = picture.shape[:2]
    scale = min(1.0, longer_px / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (3, 3), 0)
    colours = cv2.cvtColor(small, cv2.COLOR_BGR2YCrCb)
    return np.ascontiguousarray(colours.transpose(2, 0, 1), np.float32)
