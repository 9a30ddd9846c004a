"""Vehicles that stand are known by how they look where the network misses them or is late."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from viahe_detector.pixels import Pixels
from viahe_detector.standing_vehicles import MOST_VEHICLES, StandingVehicles
from viahe_rules.domain import Box, Detection
from viahe_rules.geometry import iou

SURE, FAINT = 0.6, 0.15
LEAST = 0.25
PLACE = Box(0.30, 0.40, 0.50, 0.70)
ROAD = np.full((360, 640, 3), 110, np.uint8)
DARK, WHITE = (30, 150, 45), (230, 40, 220)


def street(*cars: tuple[tuple[int, int, int], Box], grain: int = 0) -> Pixels:
    """A road with cars, each roof, windscreen and hood of other shades, and a sensor's grain."""
    picture = ROAD.copy()
    for shades, box in cars:
        left, right = round(box.left * 640), round(box.right * 640)
        top, third = round(box.top * 360), round(box.height * 120)
        for i, shade in enumerate(shades):
            corner, opposite = (left, top + i * third), (right, top + (i + 1) * third)
            cv2.rectangle(picture, corner, opposite, (shade,) * 3, -1)
    noise = np.random.default_rng(grain).normal(0, 3, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def car(score: float = SURE, box: Box = PLACE, label: str = "car") -> Detection:
    return Detection(label, score, box)


def parked(t: int) -> Pixels:
    return street((DARK, PLACE), grain=t)


def empty(t: int) -> Pixels:
    return street(grain=t)


Shown = Sequence[tuple[Pixels, Sequence[Detection]]]


def looked(shown: Shown, every_s: float = 1.0) -> list[tuple[Detection, ...]]:
    vehicles = StandingVehicles(LEAST)
    return [vehicles.look(i * every_s, picture, named) for i, (picture, named) in enumerate(shown)]


def test_one_that_the_network_misses_is_still_told_as_long_as_its_place_looks_the_same() -> None:
    told = looked([(parked(0), [car()]), (parked(1), [car()]), *((parked(t), []) for t in (2, 3))])
    assert [found.label for look in told for found in look] == ["car"] * 4
    assert told[3][0].since == 0.0
    assert told[3][0].score == SURE


def test_one_that_has_driven_off_is_no_longer_told() -> None:
    told = looked([(parked(0), [car()]), (parked(1), [car()]), (empty(2), []), (empty(3), [])])
    assert told[2:] == [(), ()]


def test_one_that_is_named_late_has_stood_there_since_its_place_first_looked_so() -> None:
    unnamed = [(empty(t), []) for t in range(5)] + [(parked(t), []) for t in range(5, 9)]
    told = looked([*unnamed, (parked(9), [car()]), (parked(10), [car()])])
    assert told[9][0].since == 9.0
    assert told[10][0].since == 5.0


def test_it_tells_in_which_looks_the_network_named_it() -> None:
    told = looked([(parked(t), [car()] if t in (0, 2) else []) for t in range(4)])
    assert [[found.named for found in look] for look in told] == [[True], [False], [True], [False]]


def test_its_time_is_asked_for_when_it_is_seen_again_named_or_not() -> None:
    quiet = [(parked(t), []) for t in range(5)]
    told = looked([*quiet, (parked(5), [car()]), (parked(6), []), (parked(7), [car()])])
    assert told[-1][0].since == 0.0


def test_traffic_that_hides_it_for_some_seconds_does_not_end_its_time() -> None:
    bus = street((WHITE, Box(0.1, 0.2, 0.9, 0.9)))
    shown: Shown = [
        *((empty(t), []) for t in range(3)),
        (parked(3), []),
        *((bus, [car(box=Box(0.1, 0.2, 0.9, 0.9), label="bus")]) for _ in range(3)),
        (parked(7), [car()]),
        (parked(8), [car()]),
    ]
    assert looked(shown)[-1][0].since == 3.0


def test_what_is_named_faintly_twice_is_told_with_the_score_it_has() -> None:
    told = looked([(parked(t), [car(FAINT)] if t < 2 else []) for t in range(4)])
    assert told[0] == ()
    assert [(found.score, found.named) for look in told[1:] for found in look] == [
        (FAINT, True),
        (FAINT, False),
        (FAINT, False),
    ]


def test_what_is_named_faintly_in_one_look_is_not_told() -> None:
    assert looked([(parked(t), [car(FAINT)] if t == 0 else []) for t in range(4)]) == [()] * 4


def test_a_person_who_is_named_faintly_is_not_told() -> None:
    person = Detection("person", FAINT, PLACE)
    assert looked([(parked(t), [person]) for t in range(4)]) == [()] * 4


def test_what_is_named_faintly_look_after_look_is_surer_than_its_best_look() -> None:
    told = looked([(parked(t), [car(FAINT)]) for t in range(5)])
    assert told[3][0].score == FAINT
    assert told[4][0].score == pytest.approx(1 - (1 - FAINT) ** 3)


def test_what_is_named_faintly_in_few_of_many_looks_is_not_surer() -> None:
    told = looked([(parked(t), [car(FAINT)] if t % 4 == 0 else []) for t in range(20)])
    assert told[-1][0].score == FAINT


def test_one_that_is_named_surely_once_is_told_since_it_was_named_faintly() -> None:
    told = looked([(parked(0), [car(FAINT)]), (parked(1), [car(SURE)]), (parked(2), [car(FAINT)])])
    assert told[0] == ()
    assert [(found.score, found.since) for look in told[1:] for found in look] == [(SURE, 0.0)] * 2


def test_another_in_its_place_has_its_own_time() -> None:
    other = street((WHITE, PLACE))
    told = looked(
        [*((parked(t), [car()]) for t in range(4)), *((other, [car()]) for _ in range(3))]
    )
    assert [found.since for look in told for found in look] == [0.0] * 4 + [4.0] * 3


def test_one_that_comes_to_an_empty_place_has_its_own_time_even_if_one_alike_stood_there() -> None:
    gone = [(empty(t), []) for t in range(2, 15)]
    told = looked([(parked(0), [car()]), (parked(1), [car()]), *gone, (parked(15), [car()])])
    assert told[-1][0].since == 15.0


def test_one_vehicle_is_told_once_however_many_boxes_it_was_given() -> None:
    inside = Box(0.31, 0.42, 0.49, 0.55)
    told = looked([(parked(t), [car(), car(0.4, inside)]) for t in range(4)])
    assert [len(look) for look in told] == [1] * 4


def test_what_is_no_vehicle_is_told_as_it_was_named() -> None:
    person = Detection("person", 0.5, PLACE)
    assert looked([(parked(0), [person]), (parked(1), [])]) == [(person,), ()]


def test_one_that_rolls_past_stands_nowhere() -> None:
    boxes = [Box(0.1 + 0.1 * i, 0.4, 0.3 + 0.1 * i, 0.7) for i in range(4)]
    told = looked([(street((DARK, box)), [car(box=box)]) for box in boxes])
    assert [found.since for look in told for found in look] == [0.0, 1.0, 2.0, 3.0]


def test_a_street_full_of_vehicles_is_remembered_within_bounds() -> None:
    vehicles = StandingVehicles(LEAST)
    for t in range(4):
        boxes = [Box(0.009 * i, 0.2 * t, 0.009 * i + 0.008, 0.2 * t + 0.1) for i in range(100)]
        vehicles.look(t, street(), [car(box=box) for box in boxes])
    assert len(vehicles.look(4.0, street(), [])) <= MOST_VEHICLES


@pytest.mark.parametrize(("hidden_s", "since"), [(10.0, 0.0), (80.0, 180.0)])
def test_one_that_stood_for_long_is_known_again_after_a_while_and_not_for_ever(
    hidden_s: float, since: float
) -> None:
    vehicles = StandingVehicles(LEAST)
    for t in range(100):
        vehicles.look(t, parked(t), [car()] if t < 2 else [])
    bus = street((WHITE, Box(0.1, 0.2, 0.9, 0.9)))
    for t in range(100, 100 + int(hidden_s)):
        vehicles.look(t, bus, [])
    (*_, last) = [vehicles.look(100 + hidden_s + t, parked(t), [car()]) for t in range(2)]
    assert last[0].since == since
    assert iou(last[0].box, PLACE) > 0.9
