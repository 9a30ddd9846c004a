"""A camera that stands still is compared with its street more finely than one that shakes."""

from pathlib import Path

import cv2
import numpy as np

from viahe_detector.change import LastingChange
from viahe_detector.fineness import FIRST_LOOKS, SHAKING_PX, STEADY_LOOKS, STEADY_PX
from viahe_detector.pixels import Pixels
from viahe_rules.domain import Box, Change

WIDTH, HEIGHT = 640, 360
SMALL = Box(0.5, 0.5, 0.5125, 0.525)
"""A bag of eight by nine pixels: six and seven in the finer picture, four in the other."""
WALL = cv2.GaussianBlur(np.random.default_rng(3).normal(0, 140, (HEIGHT, WIDTH, 3)), (0, 0), 4)


def street(number: int, bag: bool = False, aside: int = 0) -> Pixels:
    """A textured wall in a sensor's noise; `aside` is by how many pixels the camera has swung."""
    noise = np.random.default_rng(number % 8).normal(0, 2, WALL.shape)
    picture = np.clip(WALL + 120 + noise, 0, 255).astype(np.uint8)
    if bag:
        picture[180:189, 320:328] = (20, 20, 20)
    return np.ascontiguousarray(np.roll(picture, aside, axis=1))


def compared_at(change: LastingChange) -> int:
    return change.street[0].shape[1]


def looked(
    change: LastingChange, first: int, last: int, bag: bool = False, aside: int = 0
) -> list[tuple[Change, ...]]:
    return [change.step(float(n), street(n, bag, aside), ()) for n in range(first, last)]


def test_a_camera_that_stands_still_is_compared_finely_once_that_is_known() -> None:
    change = LastingChange()
    looked(change, 0, FIRST_LOOKS - 1)
    assert compared_at(change) == SHAKING_PX
    assert not change.is_calm, "a picture that has not changed still teaches how it stands"
    looked(change, FIRST_LOOKS - 1, FIRST_LOOKS)
    assert compared_at(change) == STEADY_PX
    assert change.is_calm


def test_in_the_finer_picture_a_smaller_thing_is_told() -> None:
    fine, coarse = LastingChange(), LastingChange(steady_px=SHAKING_PX)
    for change in (fine, coarse):
        looked(change, 0, 10)
    told = looked(fine, 10, 20, bag=True)[-1]
    assert [round(each.box.centre[0], 2) for each in told] == [round(SMALL.centre[0], 2)]
    assert told[0].since == 10.0
    assert looked(coarse, 10, 20, bag=True)[-1] == ()


def test_one_that_shakes_is_compared_in_fewer_pixels_until_it_has_long_stood_still() -> None:
    change = LastingChange()
    looked(change, 0, 10)
    assert looked(change, 10, 11, aside=6) == [()]
    assert compared_at(change) == SHAKING_PX
    after = 11 + STEADY_LOOKS
    assert not any(looked(change, 11, after - 1)), "nothing has changed for its being resized"
    assert compared_at(change) == SHAKING_PX
    looked(change, after - 1, after)
    assert compared_at(change) == STEADY_PX


def test_what_has_changed_is_not_lost_for_a_finer_picture() -> None:
    change = LastingChange()
    for number in range(30):
        picture = street(number)
        if number >= 2:
            picture[100:140, 200:260] = (20, 20, 20)
        told = change.step(float(number), picture, ())
    assert [each.since for each in told] == [2.0]
    assert compared_at(change) == SHAKING_PX


def test_after_a_restart_it_goes_on_in_the_size_that_was_saved(tmp_path: Path) -> None:
    before, after = LastingChange(), LastingChange()
    looked(before, 0, 10)
    before.save(tmp_path / "gate.npz")
    after.load(tmp_path / "gate.npz")
    told = looked(after, 10, 13, bag=True)[-1]
    assert compared_at(after) == STEADY_PX
    assert [each.since for each in told] == [10.0]
