"""Where one place lies in pictures of a camera that may shake, for looking back at it."""

from collections.abc import Iterable

import cv2
import numpy as np

from viahe_detector.alignment import Luma, Where
from viahe_detector.pixels import Pixels
from viahe_detector.steadying import Steadying
from viahe_rules.domain import Box, Point


class Swing:
    """How far one place lies, look by look, from where it lay in the first look.

    For pictures that belong closely together; each is compared in a small size.
    """

    LONGER_SIDE_PX = 320

    def __init__(self, place: Point) -> None:
        """`place` is a point of the first picture, in fractions of it."""
        self._place = place
        self._steadying = Steadying()
        self._first: Luma | None = None
        self._known: Where | None = None
        self._swung: Point = (0.0, 0.0)

    def to(self, picture: Pixels, movers: Iterable[Box]) -> Point:
        """Right and down, in fractions of the picture; as before if nothing can be said.

        `movers` are boxes of what moves by itself.
        """
        now = _small_luma(picture, self.LONGER_SIDE_PX)
        free = ~_inside(movers, now.shape)
        if self._first is None or self._known is None:
            self._first, self._known = now, free
            return self._swung
        lies = self._steadying.align(self._first, self._known, now, free)
        if lies is not None:
            x, y = self._place
            here = lies.to_picture_point((x, y))
            self._swung = here[0] - x, here[1] - y
        return self._swung


def _small_luma(picture: Pixels, longer_px: int) -> Luma:
    height, width = picture.shape[:2]
    scale = min(1.0, longer_px / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.float32)


def _inside(boxes: Iterable[Box], shape: tuple[int, ...]) -> Where:
    height, width = shape
    inside = np.zeros((height, width), np.bool_)
    for box in boxes:
        rows = slice(max(0, int(box.top * height)), round(box.bottom * height))
        inside[rows, max(0, int(box.left * width)) : round(box.right * width)] = True
    return inside
