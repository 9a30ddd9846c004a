"""Near and far ground, which a swinging camera moves differently: brought together once more.

One shift, turn and zoom of a whole picture leaves things near the camera some pixels off. Where
large parts of the picture lie off in one way they are moved; what is small, as a thing left is,
moves nothing.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_detector.alignment import Luma, Where
from viahe_detector.middle import middle

PART_PX = 41
"""The side of the parts that are moved as one: far larger than a thing left."""
MOST_PX = 5.0
"""Parts that lie farther off than this are not the same ground."""

Planes = NDArray[np.float32]


def brought_together(street: Luma, now: Planes, told: Where) -> Planes:
    """The planes of a picture that was aligned, the first of them brightness, part by part on the
    street's picture. `told` are the pixels at which both show ground."""
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    gain = float(middle(now[0])) / max(float(middle(street)), 1.0)
    lit = np.clip(street * min(max(gain, 0.25), 4.0), 0, 255).astype(np.uint8)
    height, width = street.shape
    nowhere = np.zeros((height, width, 2), np.float32)
    off = np.asarray(
        search.calc(lit, np.clip(now[0], 0, 255).astype(np.uint8), nowhere), np.float32
    )
    weight = (told & (np.abs(off).max(2) <= MOST_PX)).astype(np.float32)
    side = (PART_PX, PART_PX)
    near = np.maximum(cv2.blur(weight, side), 1e-3)
    columns, rows = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    across = columns + cv2.blur(off[..., 0] * weight, side) / near
    down = rows + cv2.blur(off[..., 1] * weight, side) / near
    return np.stack(
        [
            cv2.remap(plane, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            for plane in now
        ]
    )
