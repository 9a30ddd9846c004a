"""Pictures as planes of one size, luma and two of chroma, 0..255, and what is told of pixels."""

from typing import TypeAlias, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

_Kind = TypeVar("_Kind", bound=np.generic)
Planes: TypeAlias = NDArray[np.float32]
"""(3, height, width), or one of the three."""
Where: TypeAlias = NDArray[np.bool_]
"""(height, width)."""


def resized(figures: NDArray[_Kind], height: int, width: int) -> NDArray[_Kind]:
    """What is told of pixels, for pictures of another height and width: each is one pixel's."""
    rows = (np.arange(height) * figures.shape[0]) // height
    columns = (np.arange(width) * figures.shape[1]) // width
    return np.ascontiguousarray(figures[rows[:, None], columns])


def shrunk(shades: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """A plane of a picture, or several, in a smaller one: each pixel is the mean of what it was."""
    if shades.ndim == 3:
        return np.stack([shrunk(plane, height, width) for plane in shades])
    size = width, height
    return np.asarray(cv2.resize(shades, size, interpolation=cv2.INTER_AREA), np.float32)


def apart(now: Planes, other: Planes, shaken: bool) -> Planes:
    """How far each pixel is from the other picture's; or from the nearest of its neighbours."""
    bounded = np.minimum(other, 255.0)
    if not shaken:
        return np.asarray(np.abs(now - bounded))
    near = np.ones((3, 3), np.uint8)
    planes = zip(now, bounded, strict=True)
    return np.stack(
        [
            np.maximum(np.maximum(new - cv2.dilate(old, near), cv2.erode(old, near) - new), 0)
            for new, old in planes
        ]
    )
