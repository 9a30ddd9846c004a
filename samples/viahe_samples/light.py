"""What the daylight does to the pictures of a scene."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .scene import Light

Picture = NDArray[np.uint8]

DRIFT, DRIFT_STARTS_S, DRIFT_ENDS_S = 0.25, 8.0, 28.0
CLOUD_DARKNESS, CLOUD_STARTS_S, CLOUD_ENDS_S = 0.38, 10.0, 24.0
CLOUD_WIDTH, CLOUD_EDGE = 0.6, 0.25
"""In widths of the picture."""


def illuminate(picture: Picture, light: Light, t: float) -> Picture:
    """`picture` as the light of second `t` shows it."""
    if light is Light.STEADY:
        return picture
    width = picture.shape[1]
    factors = exposure(t) * (1 - CLOUD_DARKNESS * _cloud(t, width))
    columns = np.round(factors * 128).astype(np.uint8)
    if (columns == 128).all():
        return picture
    mask = np.broadcast_to(columns[None, :, None], picture.shape)
    return np.asarray(cv2.multiply(picture, np.ascontiguousarray(mask), scale=1 / 128), np.uint8)


def exposure(t: float) -> float:
    """The camera's gain: down by a quarter, up by a quarter, and back to 1."""
    part = np.clip((t - DRIFT_STARTS_S) / (DRIFT_ENDS_S - DRIFT_STARTS_S), 0, 1)
    return float(1 - DRIFT * np.sin(2 * np.pi * part))


def _cloud(t: float, width: int) -> NDArray[np.float64]:
    """How deep each column lies in the shadow of a cloud that crosses from left to right."""
    part = (t - CLOUD_STARTS_S) / (CLOUD_ENDS_S - CLOUD_STARTS_S)
    reach = CLOUD_WIDTH / 2 + CLOUD_EDGE
    middle = -reach + part * (1 + 2 * reach)
    inside = (reach - np.abs(np.linspace(0, 1, width) - middle)) / CLOUD_EDGE
    return np.asarray(np.clip(inside, 0, 1))
