"""Near and far ground that a swinging camera moves differently, and a thing between them."""

import numpy as np
from numpy.typing import NDArray

from tests.detector.test_alignment import EVERYWHERE, HEIGHT, WIDTH, street, swung
from viahe_detector.parallax import brought_together

NEAR = slice(HEIGHT // 2, HEIGHT)
"""The rows of the near ground."""


def near_ground_off(picture: NDArray[np.float32], across: float) -> NDArray[np.float32]:
    """The planes of a picture whose near ground lies off to the right."""
    now = picture.copy()
    now[NEAR] = swung(picture, across, 0.0)[NEAR]
    return np.stack([now, np.full_like(now, 128), np.full_like(now, 128)])


def apart(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    inner = slice(HEIGHT // 2 + 25, HEIGHT - 10), slice(10, WIDTH - 10)
    return float(np.median(np.abs(one - other)[inner]))


def test_near_ground_that_swung_farther_lies_on_the_street_again() -> None:
    picture = street()
    now = near_ground_off(picture, 3.0)
    together = brought_together(picture, now, EVERYWHERE)[0]
    assert apart(together, picture) < apart(now[0], picture) / 3


def test_a_small_thing_that_came_is_not_moved_away() -> None:
    picture = street()
    now = near_ground_off(picture, 0.0)
    now[0, 120:134, 150:168] = 15
    together = brought_together(picture, now, EVERYWHERE)[0]
    assert float(np.median(together[122:132, 152:166])) < 25.0
    assert apart(together, picture) < 3.0


def test_ground_that_is_another_is_left_where_it_is() -> None:
    now = near_ground_off(street(9), 0.0)
    together = brought_together(street(), now, EVERYWHERE)
    assert together.shape == now.shape
    assert np.isfinite(together).all()
