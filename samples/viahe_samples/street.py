"""The empty street, drawn: house fronts, pavements, kerbs, roadway, the shade of trees."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .fronts import draw_fronts
from .ground import FAR_KERB, FRONTS, NEAR_KERB, PAVEMENT, lane_at, metres_at

Field = NDArray[np.float32]

SUPERSAMPLING = 2
PAVING_M = 0.4
ASPHALT, PAVING = (104.0, 102, 100), (166.0, 178, 188)
KERB, FAR_PAVING = (188.0, 196, 200), (164.0, 168, 172)
"""Colours are blue, green, red."""


def draw_street(size: tuple[int, int], seed: int = 1) -> NDArray[np.uint8]:
    """The street as a BGR picture of `size` (width, height)."""
    chance = np.random.default_rng(seed)
    width, height = (side * SUPERSAMPLING for side in size)
    picture = np.zeros((height, width, 3), np.float32)
    _draw_ground(picture, chance)
    picture *= _shade(width, height, chance)[..., None]
    drawn = np.clip(picture, 0, 255).astype(np.uint8)
    draw_fronts(drawn, chance)
    small = cv2.resize(drawn, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (3, 3), 0.6), np.uint8)  # a street camera's lens


def _draw_ground(picture: Field, chance: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    top = int(height * 0.2)  # all of the ground lies below
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None, :]
    y = ((np.arange(top, height, dtype=np.float32) + 0.5) / height)[:, None]
    x, y = (np.ascontiguousarray(grid) for grid in np.broadcast_arrays(x, y))
    lane, (along, away) = lane_at(x, y), metres_at(x, y)
    grain = _noise(lane.shape, chance, (1, 3, 9, 40), (5, 3, 2, 3))
    ground = picture[top:]
    for inside, colour, shade in (
        (lane < FAR_KERB, FAR_PAVING, _paving(along, away, 0.6, chance)),
        ((lane >= FAR_KERB) & (lane < NEAR_KERB), ASPHALT, _asphalt(along, away)),
        (lane >= PAVEMENT, PAVING, _paving(along, away, PAVING_M, chance)),
        (_between(lane, NEAR_KERB, PAVEMENT), KERB, _kerb(along, lane)),
        (_between(lane, FAR_KERB - 0.008, FAR_KERB), KERB, np.full_like(lane, -20)),
    ):
        ground[inside] = (shade + grain)[inside][:, None] + np.asarray(colour, np.float32)
    ground[lane < FRONTS] = 90
    _draw_line(ground, away, along)


def _between(lane: Field, low: float, high: float) -> NDArray[np.bool_]:
    return (lane >= low) & (lane < high)


def _noise(
    shape: tuple[int, ...],
    chance: np.random.Generator,
    scales: tuple[int, ...],
    strengths: tuple[float, ...],
) -> Field:
    """Grey noise whose grains are `scales` pixels wide, each with a standard deviation."""
    height, width = shape
    total = np.zeros((height, width), np.float32)
    for scale, strength in zip(scales, strengths, strict=True):
        coarse = chance.normal(0, strength, (height // scale + 2, width // scale + 2))
        total += cv2.resize(
            coarse.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
        )
    return total


def _paving(along: Field, away: Field, tile_m: float, chance: np.random.Generator) -> Field:
    """Tiles laid in a bond: each of its own grey, with dark joints."""
    row = np.floor(away / tile_m)
    column = np.floor(along / tile_m + 0.5 * (row % 2))
    greys = chance.normal(0, 6, (64, 64)).astype(np.float32)
    shade: Field = greys[row.astype(np.int32) % 64, column.astype(np.int32) % 64]
    in_row, in_column = away / tile_m - row, along / tile_m + 0.5 * (row % 2) - column
    shade[(in_row < 0.07) | (in_column < 0.05)] -= 34
    return shade


def _asphalt(along: Field, away: Field) -> Field:
    """Worn wheel tracks, and a mended trench across the street."""
    tracks = 5 * np.cos(away * 2 * np.pi / 1.75)
    trench = np.where((along > -1.5) & (along < -0.5), -12, 0)
    return np.asarray(tracks + trench, np.float32)


def _kerb(along: Field, lane: Field) -> Field:
    """A bright top and a shaded face towards the roadway, with joints each metre."""
    face = lane < NEAR_KERB + 0.4 * (PAVEMENT - NEAR_KERB)
    return np.asarray(np.where(face, -62, 0) + np.where(along % 1.0 < 0.04, -30, 0), np.float32)


def _draw_line(ground: Field, away: Field, along: Field) -> None:
    """The dashed line that parts the roadway's two lanes."""
    dash = (np.abs(away - 14.6) < 0.09) & (along % 5.0 < 2.4)
    ground[dash] = ground[dash] * 0.3 + 145


def _shade(width: int, height: int, chance: np.random.Generator) -> Field:
    """The dappled shade of trees behind the camera, and the lens's fall-off to the corners."""
    rough = _noise((height // 8, width // 8), chance, (3, 7, 14), (1.0, 1.2, 1.0))
    leaves = cv2.GaussianBlur((rough > 1.1).astype(np.float32), (0, 0), 1.6)
    x, y = np.meshgrid(np.linspace(0, 1, width // 8), np.linspace(0, 1, height // 8))
    crowns = np.clip(1.3 - np.hypot((x - 0.1) / 0.4, (y - 0.95) / 0.35), 0, 1)
    crowns += np.clip(1.2 - np.hypot((x - 0.95) / 0.3, (y - 0.85) / 0.3), 0, 1)
    falloff = 1 - 0.16 * ((x - 0.5) ** 2 + (y - 0.5) ** 2) / 0.5
    small = (1 - 0.38 * np.clip(crowns, 0, 1) * leaves) * falloff
    return np.asarray(cv2.resize(small.astype(np.float32), (width, height)), np.float32)
