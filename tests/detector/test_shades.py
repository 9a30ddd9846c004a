"""What vehicles look like in a few digits, and that light, grain and a loose box change little."""

import cv2
import numpy as np
import pytest

from viahe_detector.pixels import Pixels
from viahe_detector.shades import SIDE, shaded, shades_of
from viahe_rules.domain import Box, Detection, Shades
from viahe_rules.likeness import ALIKE, likeness, values_of

BOX = Box(0.30, 0.40, 0.50, 0.70)


def street_with(roof: int, windscreen: int, hood: int) -> Pixels:
    """A car from the front: roof above a windscreen above a hood, with a wheel on either side."""
    picture = np.full((360, 640, 3), 110, np.uint8)
    left, top, right, bottom = 192, 144, 320, 252
    third = (bottom - top) // 3
    for i, shade in enumerate((roof, windscreen, hood)):
        cv2.rectangle(
            picture, (left, top + i * third), (right, top + (i + 1) * third), (shade,) * 3, -1
        )
    for x in (left, right - 24):
        cv2.rectangle(picture, (x, bottom - 24), (x + 24, bottom), (20,) * 3, -1)
    return picture


def alike(a: Shades, b: Shades) -> float:
    return likeness(values_of(a), values_of(b))


WHITE = street_with(230, 40, 220)
DARK = street_with(30, 150, 45)


def test_a_vehicle_has_a_digit_for_each_field() -> None:
    shades = shades_of(WHITE, BOX)
    assert len(shades) == SIDE * SIDE
    roof, windscreen = shades[0], shades[SIDE * SIDE // 2]
    assert roof == "f"
    assert windscreen in "01"


@pytest.mark.parametrize(("gain", "more"), [(0.4, 0.0), (1.0, 25.0), (0.6, 40.0)])
def test_other_light_makes_no_other_vehicle(gain: float, more: float) -> None:
    lit = np.clip(WHITE * gain + more, 0, 255).astype(np.uint8)
    assert alike(shades_of(WHITE, BOX), shades_of(lit, BOX)) > 0.95


def test_grain_and_a_loose_box_make_no_other_vehicle() -> None:
    grain = np.random.default_rng(1).normal(0, 12, WHITE.shape)
    grainy = np.clip(WHITE + grain, 0, 255).astype(np.uint8)
    loose = Box(0.31, 0.39, 0.505, 0.705)
    assert alike(shades_of(WHITE, BOX), shades_of(grainy, loose)) > ALIKE


def test_another_vehicle_looks_otherwise() -> None:
    assert alike(shades_of(WHITE, BOX), shades_of(DARK, BOX)) < ALIKE


@pytest.mark.parametrize("box", [Box(0.3, 0.4, 0.31, 0.41), Box(0.6, 0.1, 0.9, 0.3)])
def test_what_is_too_small_or_of_one_shade_says_nothing(box: Box) -> None:
    assert shades_of(WHITE, box) == ""


def test_only_what_has_a_closed_body_is_shaded() -> None:
    found = [Detection(label, 0.8, BOX) for label in ("car", "truck", "motorcycle", "person")]
    assert [bool(each.shades) for each in shaded(WHITE, found)] == [True, True, False, False]
