"""Stories of what comes with a vehicle: on it, or put down beside it."""

from dataclasses import replace

import pytest

from tests.rules.stories import dumping_rule, look, plan, seconds, suspicions, watched
from viahe_rules.domain import Box, Observation

RULES = plan(dumping_rule())
QUIET = [look(t) for t in seconds(0, 20)]
MOTORCYCLE = Box(0.40, 0.50, 0.46, 0.62)
RIDER = Box(0.41, 0.42, 0.45, 0.49)
PART_OF_IT = Box(0.41, 0.54, 0.45, 0.61)
FAINT, SURE = 0.15, 0.8
BESIDE = Box(0.47, 0.57, 0.50, 0.61)
BEHIND = Box(0.36, 0.50, 0.39, 0.55)


def parked(
    thing: Box, came_at: float, *, until: float = 60.0, score: float = SURE
) -> list[Observation]:
    """A motorcycle that stands there from 20 s on, and a thing that came at `came_at`."""
    return [
        replace(
            each,
            detections=tuple(replace(found, since=20.0, score=score) for found in each.detections),
        )
        for each in (
            look(
                t,
                seen=[("motorcycle", MOTORCYCLE)],
                things=[(thing, came_at)] if t >= came_at + 2 else [],
            )
            for t in seconds(20, until)
        )
    ]


def told(events: list[Observation]) -> int:
    return len(suspicions(watched(RULES, QUIET + events)[1]))


@pytest.mark.parametrize("score", [FAINT, SURE])
def test_who_sits_on_a_motorcycle_that_stops_is_nothing_left(score: float) -> None:
    assert told(parked(RIDER, 20.0, score=score)) == 0


def test_what_is_laid_on_it_later_is_told() -> None:
    assert told(parked(RIDER, 30.0)) == 1


@pytest.mark.parametrize("place", [BESIDE, BEHIND])
def test_what_lies_beside_it_is_told_however_soon_it_came(place: Box) -> None:
    assert told(parked(place, 20.0)) == 1


def test_what_it_leaves_where_it_stood_is_told_once_it_has_gone() -> None:
    left = [look(t, things=[(RIDER, 20.0)]) for t in seconds(40, 60)]
    assert told(parked(RIDER, 20.0, until=40.0) + left) == 1


@pytest.mark.parametrize("score", [FAINT, SURE])
def test_a_vehicle_is_no_thing_however_faintly_it_is_known(score: float) -> None:
    """Its place looks lastingly different too, and in parts."""
    assert told(parked(PART_OF_IT, 20.0, score=score)) == 0


def test_what_is_laid_where_something_looks_faintly_like_a_vehicle_is_told() -> None:
    assert told(parked(PART_OF_IT, 30.0, score=FAINT)) == 1


def test_what_changes_before_a_vehicle_the_rule_is_sure_of_is_not_told() -> None:
    assert told(parked(PART_OF_IT, 30.0, score=SURE)) == 0
