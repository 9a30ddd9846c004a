"""The pixels of an upright picture, as the parts that look at them take them."""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""Height × width × 3 bytes: blue, green, red."""


def work_on_the_callers_thread() -> None:
    """Have OpenCV use no threads of its own, in this whole process: every core is spoken for."""
    cv2.setNumThreads(1)
