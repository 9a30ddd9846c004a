"""Pasting a cutout into a picture, placed and scaled to a fraction of a pixel."""

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_rules.domain import Box

Picture = NDArray[np.uint8]


def paste(
    picture: Picture, cutout: Picture, box: Box, *, mirrored: bool = False, lean: float = 0.0
) -> None:
    """Paste `cutout` (BGRA, colours multiplied by alpha) into the BGR `picture`, over `box`.

    What lies outside the picture is not drawn. `lean` moves the upper edge to the right by
    that share of the height while the lower edge stays.
    """
    height, width = picture.shape[:2]
    beside = 1 + abs(lean) * box.height * height
    left = max(0, int(box.left * width - beside))
    right = min(width, int(box.right * width + beside) + 1)
    top, bottom = max(0, int(box.top * height) - 1), min(height, int(box.bottom * height) + 2)
    if left >= right or top >= bottom:
        return
    place = _placing(cutout, box, (width, height), mirrored, lean)
    place[:, 2] -= (left, top)
    shown = cv2.warpAffine(cutout, place, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    target = picture[top:bottom, left:right]
    through = cv2.cvtColor(255 - shown[..., 3], cv2.COLOR_GRAY2BGR)
    cv2.multiply(target, through, dst=target, scale=1 / 255)
    cv2.add(target, shown[..., :3], dst=target)


def _placing(
    cutout: Picture, box: Box, size: tuple[int, int], mirrored: bool, lean: float
) -> NDArray[np.float64]:
    """The affine map from the cutout's pixels to the picture's."""
    (rows, columns), (width, height) = cutout.shape[:2], size
    across, down = box.width * width / columns, box.height * height / rows
    start = box.right if mirrored else box.left
    shear = -lean * down
    return np.array(
        [
            [-across if mirrored else across, shear, start * width - shear * rows],
            [0.0, down, box.top * height],
        ]
    )
