"""The row of narrow houses across the street: shutters, doors, signs, awnings, balconies."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .ground import FRONTS, height_at, metre_at, x_at

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

WALLS: tuple[Colour, ...] = (
    (150, 196, 214), (178, 200, 176), (196, 186, 170), (140, 170, 206), (190, 206, 214),
    (172, 188, 150),
)  # fmt: skip
SHUTTERS: tuple[Colour, ...] = ((120, 112, 96), (96, 110, 84), (128, 128, 126), (90, 84, 110))
SIGNS: tuple[Colour, ...] = ((60, 60, 176), (150, 92, 40), (64, 120, 52), (40, 150, 206))
WORDS = ("CAFE", "TAP HOA", "PHO BO", "NHA SACH", "BIA HOI", "CAT TOC", "SUA XE")
GROUND_FLOOR_M = 3.5


class Front:
    """One wall that stands on the line of house fronts; draws in metres along it and up."""

    def __init__(self, picture: Picture, left_m: float) -> None:
        self._picture = picture
        self._left_m = left_m

    def point(self, along_m: float, up_m: float) -> tuple[int, int]:
        height, width = self._picture.shape[:2]
        x = x_at(self._left_m + along_m, FRONTS)
        foot = height_at(FRONTS, x)
        return round(x * width), round((foot - up_m * metre_at(foot)) * height)

    def fill(self, left: float, bottom: float, right: float, top: float, colour: Colour) -> None:
        corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
        cv2.fillPoly(
            self._picture,
            [np.asarray([self.point(*corner) for corner in corners], np.int32)],
            colour,
            cv2.LINE_AA,
        )

    def line(self, left: float, bottom: float, right: float, top: float, colour: Colour) -> None:
        ends = self.point(left, bottom), self.point(right, top)
        cv2.line(self._picture, *ends, colour, 2, cv2.LINE_AA)

    def write(self, left: float, bottom: float, text: str) -> None:
        at = self.point(left, bottom)
        cv2.putText(
            self._picture, text, at, cv2.FONT_HERSHEY_DUPLEX, 0.95, (235, 240, 240), 2, cv2.LINE_AA
        )


def draw_fronts(picture: Picture, chance: np.random.Generator) -> None:
    """Draw the row of houses over the upper part of `picture`, left to right."""
    left_m = -17.0
    for number in range(14):
        width_m = float(chance.uniform(3.6, 5.2))
        _draw_house(Front(picture, left_m), width_m, number, chance)
        left_m += width_m
    _weather(picture, chance)


def _draw_house(front: Front, width: float, number: int, chance: np.random.Generator) -> None:
    wall = WALLS[number % len(WALLS)]
    front.fill(0, 0, width, 9, wall)
    front.fill(0, 0, width, 0.35, _dimmed(wall, 0.62))
    front.line(0.03, 0, 0.03, 9, _dimmed(wall, 0.55))
    _draw_ground_floor(front, width, number, chance)
    _draw_sign(front, width, number)
    _draw_upper_floor(front, width, _dimmed(wall, 0.8))


def _draw_ground_floor(
    front: Front, width: float, number: int, chance: np.random.Generator
) -> None:
    if chance.random() < 0.55:
        _draw_shutter(front, width, SHUTTERS[number % len(SHUTTERS)])
    else:
        _draw_shop_window(front, width, number)
    if chance.random() < 0.6:
        _draw_awning(front, width, SIGNS[(number + 2) % len(SIGNS)])


def _draw_shutter(front: Front, width: float, colour: Colour) -> None:
    front.fill(0.5, 0.05, width - 0.5, 2.6, colour)
    for step in range(1, 15):
        front.line(0.5, 0.18 * step, width - 0.5, 0.18 * step, _dimmed(colour, 0.78))


def _draw_shop_window(front: Front, width: float, number: int) -> None:
    front.fill(0.4, 0.05, width - 0.4, 2.6, (58, 54, 50))
    front.fill(0.55, 0.6, width * 0.6, 2.45, (96, 88, 74))
    front.fill(0.7, 0.7, width * 0.35, 2.2, (120, 110, 92))
    front.fill(width * 0.66, 0.05, width - 0.55, 2.3, (44, 48, 62) if number % 2 else (70, 62, 50))
    front.line(width * 0.63, 0, width * 0.63, 2.5, (150, 150, 150))


def _draw_awning(front: Front, width: float, colour: Colour) -> None:
    front.fill(0.2, 2.35, width - 0.2, 2.75, colour)
    front.fill(0.2, 2.2, width - 0.2, 2.36, _dimmed(colour, 0.6))
    for stripe in range(0, int(width * 2) - 1, 2):
        front.fill(0.3 + stripe / 2, 2.36, 0.7 + stripe / 2, 2.74, (206, 210, 212))


def _draw_sign(front: Front, width: float, number: int) -> None:
    front.fill(0.3, 2.8, width - 0.3, 3.45, SIGNS[number % len(SIGNS)])
    front.write(0.7, 2.93, WORDS[number % len(WORDS)])


def _draw_upper_floor(front: Front, width: float, trim: Colour) -> None:
    floor = GROUND_FLOOR_M
    front.fill(-0.02, floor, width, floor + 0.22, trim)
    for left, right in ((0.5, width * 0.45), (width * 0.55, width - 0.5)):
        front.fill(left, floor + 0.3, right, floor + 2.5, (66, 60, 54))
        front.fill(left + 0.1, floor + 1.2, (left + right) / 2 - 0.05, floor + 2.4, (124, 112, 96))
    for bar in range(int(width / 0.28)):
        front.line(0.1 + bar * 0.28, floor + 0.2, 0.1 + bar * 0.28, floor + 1.1, (52, 50, 48))
    front.line(0.1, floor + 1.1, width - 0.1, floor + 1.1, (46, 44, 42))


def _weather(picture: Picture, chance: np.random.Generator) -> None:
    """Stains that run down the walls, and grain."""
    height, width = picture.shape[:2]
    rows = int(height * 0.32)
    stains = chance.normal(0, 1, (rows // 40 + 2, width // 8)).astype(np.float32)
    shade = cv2.resize(stains, (width, rows), interpolation=cv2.INTER_CUBIC) * 5
    shade += chance.normal(0, 4, (rows, width)).astype(np.float32)
    x = np.arange(width) / width
    foot = np.asarray([height_at(FRONTS, float(each)) for each in x]) * height
    shade[np.arange(rows)[:, None] > foot[None, :]] = 0
    wall = picture[:rows].astype(np.float32) * 0.86 + shade[..., None]
    below = np.arange(rows)[:, None] > foot[None, :]
    wall[below] = picture[:rows][below]
    picture[:rows] = np.clip(wall, 0, 255).astype(np.uint8)


def _dimmed(colour: Colour, factor: float) -> Colour:
    blue, green, red = colour
    return round(blue * factor), round(green * factor), round(red * factor)
