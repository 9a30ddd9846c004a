"""How alike the edges of two pictures run, whatever the light."""

import cv2
import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.float32]

SMOOTHING_PX, AROUND_PX = 1.2, 12.0
LEAST_EDGE = 4.0
"""Added to the edges around a pixel, so that noise on even ground does not count as edges."""


def likeness(one: Luma, other: Luma) -> float:
    """The correlation of the directions of edges, of -1..1; about 0 for two streets.

    Light and dark may change places and strength counts only against its surroundings, as
    between day and night; a shift of more than two or three pixels is another picture.
    """
    a, b = _directions(one), _directions(other)
    strength = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / strength if strength > 0 else 0.0


def nearest(one: Luma, other: Luma, most: float) -> tuple[float, tuple[int, int]]:
    """How alike the edges run where `other` is moved best, and by how many pixels right and down.

    `most` is how far is looked, as a share of width and height.
    """
    a, b = _directions(one), _directions(other)
    strength = float(np.sqrt((a * a).sum() * (b * b).sum()))
    if strength == 0:
        return 0.0, (0, 0)
    height, width = one.shape
    across, down = int(most * width), int(most * height)
    spectrum = (np.fft.rfft2(a) * np.conj(np.fft.rfft2(b))).sum(axis=0)
    alike = np.roll(np.fft.irfft2(spectrum, s=(height, width)), (down, across), (0, 1))
    place = alike[: 2 * down + 1, : 2 * across + 1]
    y, x = divmod(int(place.argmax()), place.shape[1])
    return float(place[y, x]) / strength, (x - across, y - down)


def _directions(luma: Luma) -> Luma:
    """Two planes: the doubled angle of each pixel's gradient, as long as it is strong."""
    smooth = cv2.GaussianBlur(luma, (0, 0), SMOOTHING_PX)
    across = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), np.float32)
    down = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 0, 1), np.float32)
    strength = np.asarray(cv2.magnitude(across, down), np.float32)
    around = np.asarray(cv2.GaussianBlur(strength, (0, 0), AROUND_PX), np.float32) + LEAST_EDGE
    scale = 1 / (around * (strength + 1e-6))
    return np.stack([(across * across - down * down) * scale, 2 * across * down * scale])
