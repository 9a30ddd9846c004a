"""Lasting change seen by a camera that shakes, is turned elsewhere, or is carried along."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.detector.drawn_street import (
    BAG,
    HEIGHT,
    WIDTH,
    left,
    marked_street,
    person,
    put_bag,
)
from viahe_detector.change import LastingChange
from viahe_detector.pixels import Pixels
from viahe_rules.domain import Box
from viahe_rules.geometry import iou


def swaying(picture: Pixels, t: float) -> Pixels:
    """The picture of a camera that swings a hundredth of the width about where it points."""
    across, down = 5 * np.sin(1.7 * t), 4 * np.sin(2.3 * t)
    there = np.array([[1.0, 0.0, across], [0.0, 1.0, down]])
    size = (WIDTH, HEIGHT)
    return np.asarray(cv2.warpAffine(picture, there, size, borderMode=cv2.BORDER_REFLECT), np.uint8)


def test_a_camera_that_shakes_tells_a_bag_where_it_is_and_nothing_else() -> None:
    change = LastingChange()
    for number in range(30):
        t = float(number)
        picture = marked_street(number)
        if number >= 10:
            put_bag(picture)
        told = change.step(t, swaying(picture, t), ())
        if number >= 13:
            (bag,) = left(told)
            assert bag.since <= 12.0
            aside = Box(
                BAG.left + 5 * np.sin(1.7 * t) / WIDTH,
                BAG.top + 4 * np.sin(2.3 * t) / HEIGHT,
                BAG.right + 5 * np.sin(1.7 * t) / WIDTH,
                BAG.bottom + 4 * np.sin(2.3 * t) / HEIGHT,
            )
            assert iou(bag.box, aside) > 0.5
        else:
            assert number >= 11 or left(told) == ()


def test_a_shaking_camera_that_was_turned_elsewhere_begins_anew() -> None:
    change = LastingChange()
    for number in range(6):
        change.step(float(number), swaying(marked_street(number), float(number)), ())
    for number in range(6, 30):
        t, picture = float(number), marked_street(number)[::-1, ::-1].copy()
        if number >= 20:
            put_bag(picture)
        told = change.step(t, swaying(picture, t), ())
    assert any(iou(changed.box, BAG) > 0.3 for changed in left(told))


def test_a_camera_that_is_carried_along_follows_the_street_and_tells_what_comes(
    tmp_path: Path,
) -> None:
    """Whoever holds it turns it by more than its whole picture within half a minute, and
    something is put down while it turns."""
    chance = np.random.default_rng(2)
    wide = cv2.GaussianBlur(chance.normal(0, 120, (HEIGHT, 3 * WIDTH, 3)), (0, 0), 3) + 110
    change, told = LastingChange(), []
    for number in range(40):
        picture = np.clip(wide + chance.normal(0, 2, wide.shape), 0, 255).astype(np.uint8)
        if number >= 20:
            picture[150:185, 700:740] = (30, 25, 25)
        turned = min(18 * number, 540)
        seen = np.ascontiguousarray(picture[:, turned : turned + WIDTH])
        told.append(left(change.step(float(number), seen, ())))
    assert not any(told[:20])
    there = Box((700 - 540) / WIDTH, 150 / HEIGHT, (740 - 540) / WIDTH, 185 / HEIGHT)
    for at_look in told[30:]:
        (bag,) = at_look
        assert bag.since == 20.0
        assert iou(bag.box, there) > 0.5
    across, down = change.swung
    assert across == pytest.approx(-540 / WIDTH, abs=0.02)
    assert down == pytest.approx(0.0, abs=0.02)
    change.save(tmp_path / "street.npz")
    again = LastingChange()
    again.load(tmp_path / "street.npz")
    again.step(40.0, seen, ())
    assert again.swung == pytest.approx(change.swung, abs=0.02), "what stood still is found again"


def test_what_is_left_where_a_carried_camera_saw_the_ground_once_before_is_told() -> None:
    """It is turned along with whoever walks there, whom the network finds in every look."""
    shown_once = 15  # by then it has been turned far enough for the street to end behind the place
    chance = np.random.default_rng(2)
    wide = cv2.GaussianBlur(chance.normal(0, 120, (HEIGHT, 3 * WIDTH, 3)), (0, 0), 3) + 110
    change, told = LastingChange(), []
    for number in range(28):
        picture = np.clip(wide + chance.normal(0, 2, wide.shape), 0, 255).astype(np.uint8)
        turned = min(18 * number, 360)
        seen = []
        if shown_once < number <= shown_once + 3:
            picture[80:190, 690:750] = (60, 80, 160)
            left_edge = (690 - turned) / WIDTH
            seen.append(person(Box(left_edge, 80 / HEIGHT, left_edge + 60 / WIDTH, 190 / HEIGHT)))
        if number > shown_once + 3:
            picture[150:185, 700:740] = (30, 25, 25)
        shown = np.ascontiguousarray(picture[:, turned : turned + WIDTH])
        told.append(left(change.step(float(number), shown, seen)))
    assert not any(told[: shown_once + 5])
    (bag,) = told[-1]
    assert bag.since == shown_once + 4.0
    there = Box((700 - 360) / WIDTH, 150 / HEIGHT, (740 - 360) / WIDTH, 185 / HEIGHT)
    assert iou(bag.box, there) > 0.5
