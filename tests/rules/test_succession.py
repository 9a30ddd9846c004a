"""Stories of vehicles that stand in one place one after the other, and of one that looks otherwise.

What a vehicle looks like is told in shades; in the stories two that differ are far from alike.
"""

from dataclasses import replace

import pytest

from tests.rules.stories import (
    CAR,
    encroachment_rule,
    look,
    plan,
    seconds,
    suspicions,
    watched,
)
from viahe_rules.domain import Observation, Shades

QUIET = [look(t) for t in seconds(0, 8)]
DARK_ROOF = "000fff" * 3 + "fff000" * 3
WHITE_VAN = "ffffff" * 3 + "000000" * 3
STRIPED_BUS = "0f0f0f" * 6
NEARLY_DARK_ROOF = "000fff" * 3 + "fff0ff" * 3
LOOKS = (DARK_ROOF, WHITE_VAN, STRIPED_BUS)
DWELL = 40.0
RULES = plan(encroachment_rule(dwell=DWELL))


def standing(start: float, end: float, shades: str, label: str = "car") -> list[Observation]:
    return [shown(look(t, seen=[(label, CAR)]), shades) for t in seconds(start, end)]


def shown(observation: Observation, shades: str) -> Observation:
    seen = tuple(replace(found, shades=Shades(shades)) for found in observation.detections)
    return replace(observation, detections=seen)


def test_a_queue_that_moves_up_is_no_parked_vehicle() -> None:
    queue = [
        event
        for number in range(12)
        for event in standing(8 + 15 * number, 23 + 15 * number, LOOKS[number % 3])
    ]
    _, outcomes = watched(RULES, QUIET + queue)
    assert suspicions(outcomes) == []


def test_a_queue_of_which_nobody_knows_the_looks_is_taken_for_one_vehicle() -> None:
    _, outcomes = watched(RULES, QUIET + standing(8, 188, ""))
    assert len(suspicions(outcomes)) == 1


def test_the_last_of_a_queue_stands_since_it_came_itself() -> None:
    events = QUIET + standing(8, 30, DARK_ROOF) + standing(30, 120, WHITE_VAN, label="truck")
    _, outcomes = watched(RULES, events)
    (told,) = suspicions(outcomes)
    assert (told.label, told.start) == ("truck", 30.0)


@pytest.mark.parametrize("every", [3, 5])
def test_a_vehicle_that_others_hide_in_part_now_and_then_stands_all_the_while(every: int) -> None:
    parked = standing(8, 120, DARK_ROOF)
    passed = [
        shown(each, WHITE_VAN) if i % every == every - 1 else each for i, each in enumerate(parked)
    ]
    _, outcomes = watched(RULES, QUIET + passed)
    (told,) = suspicions(outcomes)
    assert told.start == 8.0


def test_what_was_told_is_not_told_again_because_a_lamp_makes_it_look_otherwise() -> None:
    events = QUIET + standing(8, 100, DARK_ROOF) + standing(100, 300, WHITE_VAN)
    _, outcomes = watched(RULES, events)
    assert len(suspicions(outcomes)) == 1


def test_what_stood_there_from_the_start_is_not_new_because_a_lamp_is_switched() -> None:
    events = standing(0, 60, DARK_ROOF) + standing(60, 300, WHITE_VAN)
    _, outcomes = watched(RULES, events)
    assert suspicions(outcomes) == []


def test_one_that_looks_two_ways_by_turns_is_one() -> None:
    events = [
        shown(each, DARK_ROOF if int(each.t / 4) % 2 else WHITE_VAN)
        for each in standing(8, 200, DARK_ROOF)
    ]
    _, outcomes = watched(RULES, QUIET + events)
    (told,) = suspicions(outcomes)
    assert told.start == 8.0


def test_whoever_comes_to_a_place_that_was_seen_clear_is_told_anew() -> None:
    left_again = [look(t) for t in seconds(100, 140)]
    events = QUIET + standing(8, 100, DARK_ROOF) + left_again + standing(140, 240, WHITE_VAN)
    _, outcomes = watched(RULES, events)
    assert [told.start for told in suspicions(outcomes)] == [8.0, 140.0]


@pytest.mark.parametrize(("then", "start"), [(DARK_ROOF, 8.0), (NEARLY_DARK_ROOF, 13.0)])
def test_one_that_drove_through_has_not_begun_the_stay_of_the_next(then: str, start: float) -> None:
    missed = [look(t) for t in seconds(9, 13)]
    events = QUIET + standing(8, 9, DARK_ROOF) + missed + standing(13, 80, then)
    _, outcomes = watched(RULES, events)
    (told,) = suspicions(outcomes)
    assert told.start == start
