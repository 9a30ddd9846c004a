"""The stage: the empty street and everyone's cutouts, at the size they are shown in."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .cutouts import cut_out
from .figures import CAST, Figure
from .ground import metre_at
from .street import draw_street

Picture = NDArray[np.uint8]

STRIDES = 8
HIP = 0.52
"""Where the legs begin, as a share of a person's height from above."""


@dataclass(frozen=True, slots=True)
class Poses:
    """One figure's cutouts: standing, and in the phases of a step (none if it does not walk)."""

    standing: Picture
    strides: tuple[Picture, ...]

    def at(self, stride: float | None) -> Picture:
        if stride is None or not self.strides:
            return self.standing
        return self.strides[int(stride * len(self.strides)) % len(self.strides)]


@dataclass(frozen=True, slots=True)
class Stage:
    """`street` is BGR and must not be drawn on; `poses` by the figure's name; `shadow` a soft
    black disc as a cutout."""

    size: tuple[int, int]
    street: Picture
    poses: dict[str, Poses]
    shadow: Picture


def set_stage(size: tuple[int, int]) -> Stage:
    """The stage for pictures of `size` (width, height). Raises `MissingPhotograph`."""
    poses = {figure.name: _poses(figure, size[1]) for figure in CAST}
    return Stage(size, draw_street(size), poses, _shadow())


def _poses(figure: Figure, picture_height: int) -> Poses:
    cutout = cut_out(figure)
    tallest = round(figure.height_m * metre_at(1.0) * picture_height)
    if tallest < cutout.shape[0]:
        shown = (round(cutout.shape[1] * tallest / cutout.shape[0]), tallest)
        cutout = np.asarray(cv2.resize(cutout, shown, interpolation=cv2.INTER_AREA), np.uint8)
    phases = range(STRIDES if figure.walks else 0)
    return Poses(cutout, tuple(_striding(cutout, phase / STRIDES) for phase in phases))


def _striding(cutout: Picture, phase: float) -> Picture:
    """The cutout with its legs drawn together or apart about the middle, as in a step."""
    height, width = cutout.shape[:2]
    apart = 0.66 + 0.38 * np.cos(2 * np.pi * phase)
    rows = np.arange(height, dtype=np.float32)[:, None]
    depth = np.clip((rows / height - HIP) / (1 - HIP), 0, 1)
    columns = np.arange(width, dtype=np.float32)[None, :]
    middle = width / 2
    source_x = (middle + (columns - middle) / (1 + (apart - 1) * depth)).astype(np.float32)
    source_y = np.broadcast_to(rows, source_x.shape)
    moved = cv2.remap(cutout, source_x, np.ascontiguousarray(source_y), cv2.INTER_LINEAR)
    return np.asarray(moved, np.uint8)


def _shadow(side: int = 64) -> Picture:
    across = np.linspace(-1, 1, side, dtype=np.float32)
    alpha = 150 * np.clip(1 - np.hypot(across[None, :], across[:, None]), 0, 1) ** 0.7
    return np.dstack([np.zeros((side, side, 3)), alpha]).astype(np.uint8)
