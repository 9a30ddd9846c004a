"""A street in another light: what a whole picture's change is explained by."""

from collections.abc import Callable

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
    put_person,
)
from viahe_detector import lighting
from viahe_detector.change import LastingChange
from viahe_detector.pixels import Pixels
from viahe_rules.domain import Change
from viahe_rules.geometry import iou

Light = Callable[[Pixels], Pixels]


def darker_shadows(picture: Pixels) -> Pixels:
    """The tone curve of a camera that exposes anew."""
    return np.asarray(255 * (picture / 255.0) ** 1.7, np.uint8)


def one_lamp(picture: Pixels) -> Pixels:
    """What a lamp to the right leaves of it when all others are switched off."""
    gains = np.linspace(0.2, 0.6, WIDTH)[None, :, None] * np.array([1.1, 1.0, 0.9])
    return np.asarray(picture * gains, np.uint8)


def watched(light: Light, bag_from: int | None = None) -> list[tuple[Change, ...]]:
    """Forty looks, one a second; the light is another from the 15th to the 24th."""
    change, told = LastingChange(), []
    for number in range(40):
        picture = marked_street(number)
        if bag_from is not None and number >= bag_from:
            put_bag(picture)
        if 15 <= number < 25:
            picture = light(picture)
        told.append(change.step(float(number), picture, ()))
    return told


@pytest.mark.parametrize("light", [darker_shadows, one_lamp])
def test_another_light_is_no_thing(light: Light) -> None:
    assert not any(left(told) for told in watched(light))


@pytest.mark.parametrize("light", [darker_shadows, one_lamp])
def test_a_thing_outlasts_another_light(light: Light) -> None:
    told = watched(light, bag_from=5)
    assert [change.since for change in left(told[-1])] == [5.0]


@pytest.mark.parametrize("light", [darker_shadows, one_lamp])
def test_a_thing_that_comes_in_another_light_is_told(light: Light) -> None:
    told = watched(light, bag_from=19)
    assert [change.since for change in left(told[-1])] == [19.0]


def test_ground_somebody_hid_as_lamps_were_switched_is_known_in_their_light() -> None:
    """Somebody stands before it in the looks in which the others come on, and leaves a bag."""
    change, told = LastingChange(), []
    for number in range(40):
        picture = marked_street(number)
        if number >= 18:
            put_bag(picture)
        if number >= 15:
            picture = one_lamp(picture)
        hidden = 12 <= number < 22
        if hidden:
            put_person(picture)
        told.append(change.step(float(number), picture, [person()] if hidden else []))
    assert not any(left(at_look) for at_look in told[:22])
    for at_look in told[24:]:
        (bag,) = left(at_look)
        assert iou(bag.box, BAG) > 0.6


def test_glaring_ground_somebody_hid_as_the_exposure_fell_is_ground() -> None:
    """In the glare it had no colour: nothing told how bright it would be in less of it."""

    def paint(picture: Pixels) -> None:
        picture[120:190, 170:260] = (200, 215, 235)

    change, told = LastingChange(), []
    for number in range(40):
        picture = marked_street(number)
        paint(picture)
        exposed = 1.45 if number < 15 else 1.0
        picture = np.clip(picture * exposed, 0, 255).astype(np.uint8)
        hidden = 12 <= number < 20
        if hidden:
            put_person(picture)
        told.append(change.step(float(number), picture, [person()] if hidden else []))
    assert not any(left(at_look) for at_look in told)


def test_one_gain_is_not_called_a_curve() -> None:
    chance = np.random.default_rng(1)
    street = chance.uniform(20, 120, (HEIGHT, WIDTH)).astype(np.float32)
    everywhere = np.ones((HEIGHT, WIDTH), np.bool_)
    gain = lighting.gain(street, street * np.float32(1.5), everywhere)
    assert gain == pytest.approx(1.5)
    lit = street * np.float32(1.5)
    assert lighting.curve(lit, lit + chance.normal(0, 6, lit.shape), everywhere) is None


def test_a_curve_brings_dark_and_bright_ground_into_the_new_light() -> None:
    street = np.random.default_rng(1).uniform(20, 200, (HEIGHT, WIDTH)).astype(np.float32)
    now = np.asarray(255 * (street / 255) ** 1.5, np.float32)
    found = lighting.curve(street, now, np.ones((HEIGHT, WIDTH), np.bool_))
    assert found is not None
    left_over = np.abs(street * np.interp(street, *found) - now)
    assert np.median(left_over) < 2.0
    assert np.median(np.abs(street - now)) > 20.0
