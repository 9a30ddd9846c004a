"""A camera that shakes is told from one that stands still, and its pictures are moved back."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from viahe_detector.steadying import Steadying
from viahe_rules.domain import Box

HEIGHT, WIDTH = 180, 320
EVERYWHERE = np.ones((HEIGHT, WIDTH), np.bool_)


def street(seed: int = 3) -> NDArray[np.float32]:
    """Blotches of many sizes, as a street has them."""
    chance = np.random.default_rng(seed)
    fine = cv2.GaussianBlur(chance.normal(0, 90, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 2)
    coarse = cv2.GaussianBlur(chance.normal(0, 900, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 9)
    return np.asarray(np.clip(120 + fine + coarse, 0, 255), np.float32)


def swung(
    picture: NDArray[np.float32], across: float, down: float, turn: float = 0.0
) -> NDArray[np.float32]:
    there = np.array(cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), turn, 1.0))
    there[:, 2] += np.array([across, down])
    moved = cv2.warpAffine(picture, there, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(moved, np.float32)


@pytest.mark.parametrize("swing", [(2.0, 1.0, 0.0), (-9.0, 6.0, 1.5), (30.0, -20.0, 4.0)])
def test_a_picture_that_swung_is_moved_back(swing: tuple[float, float, float]) -> None:
    picture = street()
    now = swung(picture, *swing)
    lies = Steadying().align(picture, EVERYWHERE, now, EVERYWHERE)
    assert lies is not None
    shown = lies.covered(4)
    apart = np.abs(lies.moved(now[None])[0] - picture)[shown]
    assert float(np.median(apart)) < 3.0
    assert shown.mean() > 0.6


def test_a_place_is_found_where_the_swung_picture_shows_it() -> None:
    picture = street()
    lies = Steadying().align(picture, EVERYWHERE, swung(picture, 8.0, -4.0), EVERYWHERE)
    assert lies is not None
    there = lies.to_picture(Box(0.4, 0.4, 0.5, 0.5))
    assert there.left == pytest.approx(0.4 + 8 / WIDTH, abs=0.003)
    assert there.top == pytest.approx(0.4 - 4 / HEIGHT, abs=0.004)
    again = lies.to_reference(there)
    assert again.left == pytest.approx(0.4, abs=1e-6)


def test_a_camera_that_stands_still_is_left_as_it_is_to_the_last_bit() -> None:
    picture, steadying = street(), Steadying()
    for number in range(20):
        noise = np.random.default_rng(number).normal(0, 4, picture.shape).astype(np.float32)
        lies = steadying.align(picture, EVERYWHERE, picture + noise, EVERYWHERE)
        assert lies is not None
        assert lies.is_still


def test_a_bus_that_crosses_half_of_the_picture_moves_no_camera() -> None:
    picture = street()
    now = picture.copy()
    now[:, 150:] = swung(street(9), 0, 0)[:, 150:]
    free = EVERYWHERE.copy()
    free[:, 150:] = False
    lies = Steadying().align(picture, EVERYWHERE, now, free)
    assert lies is not None
    assert lies.is_still


def test_another_picture_altogether_is_not_aligned() -> None:
    assert Steadying().align(street(), EVERYWHERE, street(4), EVERYWHERE) is None
