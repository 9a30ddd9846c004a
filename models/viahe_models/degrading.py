"""Pictures as poor cameras show them: few pixels, little light, grain, smear, a coarse coder."""

from dataclasses import dataclass

import cv2
import numpy as np

from viahe_models.graph import Picture

SMEARED, DARK, GREY, GRAINY = 0.3, 0.35, 0.15, 0.5
"""The share of pictures that are so. A third of what a ward's camera sees is night, and by infrared
it has no colours."""
LEAST_LIGHT, MOST_LIGHT = 0.25, 0.7
"""What is left of the light of a dark one."""
MOST_GRAIN = 12.0
"""Standard deviation, in steps of 255; a small sensor at night has about as much."""
LEAST_QUALITY, MOST_QUALITY = 25, 85
"""Of a JPEG: blocks of eight are what a camera's coder leaves of a still street too."""


@dataclass(frozen=True, slots=True)
class Degraded:
    """A picture, and the quality it is to be written with."""

    picture: Picture
    quality: int


def degraded(picture: Picture, side_px: int, chance: np.random.Generator) -> Degraded:
    """The picture with its longer side so long, and what else befalls it by chance."""
    small = _shrunk(picture, side_px)
    light: np.ndarray = small.astype(np.float32)
    if chance.random() < SMEARED:
        light = _smeared(light, chance)
    if chance.random() < DARK:
        light = _dark(light, chance)
    if chance.random() < GREY:
        light = np.repeat(light.mean(axis=2, keepdims=True), 3, axis=2)
    if chance.random() < GRAINY:
        light = light + chance.normal(0.0, chance.uniform(1.0, MOST_GRAIN), light.shape)
    quality = int(chance.integers(LEAST_QUALITY, MOST_QUALITY, endpoint=True))
    return Degraded(np.asarray(light.clip(0, 255), np.uint8), quality)


def _shrunk(picture: Picture, side_px: int) -> Picture:
    height, width = picture.shape[:2]
    scale = side_px / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _smeared(light: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """As by a lens out of focus."""
    return np.asarray(cv2.GaussianBlur(light, (0, 0), float(chance.uniform(0.4, 1.2))))


def _dark(light: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """As under a lamp of some colour, with what the camera does to lift it."""
    left = chance.uniform(LEAST_LIGHT, MOST_LIGHT)
    colour = chance.uniform(0.8, 1.2, size=3)
    lifted = (light / 255) ** chance.uniform(1.0, 1.4)
    return np.asarray(lifted * 255 * left * colour)
