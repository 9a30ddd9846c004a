"""What one look says of the camera itself: too dark, blocked, out of focus or standing still."""

import cv2
import numpy as np

from viahe_detector.pixels import Pixels
from viahe_rules.domain import Health

WIDTH_PX = 320
DARK_LUMA, LIT_SHARE = 16, 0.05
"""Fewer pixels than this share are as light as this, of 255, in a picture without any light."""
BLOCKED_SPREAD = 6.0
"""Luma standard deviation of a lens behind a hand, a bag or paint."""
DEFOCUSED_SHARPNESS = 3.0
"""Variance of the Laplacian at this width: an edge anywhere in the picture exceeds it."""


def judge(picture: Pixels, before: Pixels | None = None) -> Health:
    """What `picture` (BGR) says of its camera; `before` is the look before it, if there is one.

    The thresholds are conservative: what they name is beyond doubt, a slightly soft or dim
    picture passes. FROZEN means that not one pixel differs from `before`: a sensor's noise and
    the codec never repeat, a stuck encoder does. A moved camera is not told here.
    """
    if is_frozen(picture, before):
        return Health.FROZEN
    luma = _small_luma(picture)
    if np.count_nonzero(luma >= DARK_LUMA) < LIT_SHARE * luma.size:
        return Health.DARK
    if _spread(luma) < BLOCKED_SPREAD:
        return Health.BLOCKED
    if _spread(cv2.Laplacian(luma, cv2.CV_16S)) ** 2 < DEFOCUSED_SHARPNESS:
        return Health.DEFOCUSED
    return Health.OK


def is_frozen(picture: Pixels, before: Pixels | None) -> bool:
    """Whether every pixel is as it was; a sample of them settles it nearly always."""
    return (
        before is not None
        and picture.shape == before.shape
        and np.array_equal(picture[::16, ::16], before[::16, ::16])
        and np.array_equal(picture, before)
    )


def _spread(plane: cv2.typing.MatLike) -> float:
    """The standard deviation; OpenCV's takes a tenth of NumPy's time."""
    return float(cv2.meanStdDev(plane)[1][0, 0])


def _small_luma(picture: Pixels) -> Pixels:
    height = max(1, round(WIDTH_PX * picture.shape[0] / picture.shape[1]))
    small = cv2.resize(picture, (WIDTH_PX, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
