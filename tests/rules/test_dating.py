"""Stories of vehicles that turn out to have stood in their place before they were surely seen."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.stories import CAR, encroachment_rule, look, plan, seconds, suspicions, watched
from viahe_rules.dating import not_before_others
from viahe_rules.domain import Box, Observation, Shades
from viahe_rules.stays import Sighting, begin

DWELL = 40.0
RULES = plan(encroachment_rule(dwell=DWELL))
QUIET = [look(t) for t in seconds(0, 20)]
DARK_ROOF = "000fff" * 3 + "fff000" * 3
WHITE_VAN = "ffffff" * 3 + "000000" * 3
PASSING = Box(CAR.left - 0.05, CAR.top - 0.02, CAR.right + 0.05, CAR.bottom + 0.05)
PART_OF_IT = Box(CAR.left, CAR.top, CAR.left + 0.62 * CAR.width, CAR.bottom)


def standing(
    start: float, end: float, since: float | None, shades: str = "", box: Box = CAR
) -> list[Observation]:
    shown = [look(t, seen=[("car", box)]) for t in seconds(start, end)]
    return [
        replace(
            each,
            detections=tuple(
                replace(found, since=since, shades=Shades(shades)) for found in each.detections
            ),
        )
        for each in shown
    ]


def test_a_vehicle_that_is_seen_late_has_stayed_since_it_came() -> None:
    _, outcomes = watched(RULES, QUIET + standing(20, 60, since=12.0))
    (told,) = suspicions(outcomes)
    assert (told.start, told.end) == (12.0, 52.0)


def test_it_may_turn_out_a_few_looks_later_since_when() -> None:
    events = standing(20, 22, since=20.0) + standing(22, 60, since=12.0)
    _, outcomes = watched(RULES, QUIET + events)
    (told,) = suspicions(outcomes)
    assert told.start == 12.0


def test_but_not_when_it_has_long_been_seen_there() -> None:
    events = standing(20, 40, since=20.0) + standing(40, 80, since=12.0)
    _, outcomes = watched(RULES, QUIET + events)
    (told,) = suspicions(outcomes)
    assert told.start == 20.0


def test_one_that_was_there_before_watching_began_is_no_event_however_late_it_is_seen() -> None:
    _, outcomes = watched(RULES, QUIET + standing(20, 120, since=2.0))
    assert suspicions(outcomes) == []
    late = standing(20, 22, since=20.0) + standing(22, 120, since=2.0)
    _, outcomes = watched(RULES, QUIET + late)
    assert suspicions(outcomes) == []


def test_one_that_takes_anothers_place_was_not_there_while_the_other_was() -> None:
    before = standing(20, 40, 20.0, DARK_ROOF)
    after = standing(40, 90, 15.0, WHITE_VAN)
    _, outcomes = watched(RULES, QUIET + before + after)
    (told,) = suspicions(outcomes)
    assert told.start >= 39.0


def test_one_that_drives_past_before_it_takes_none_of_its_time() -> None:
    faint = [look(t) for t in seconds(20, 32)]
    passing = [look(32, seen=[("bus", PASSING)])]
    _, outcomes = watched(RULES, QUIET + faint + passing + standing(33, 80, since=20.0))
    (told,) = suspicions(outcomes)
    assert told.start == 20.0


def test_one_that_has_long_stood_there_is_told_once_seen_surely_in_a_few_looks() -> None:
    """Not in the first: it is missed again, and seen again, and one vehicle is one suspicion."""
    _, outcomes = watched(
        RULES,
        [
            *QUIET,
            *[look(t) for t in seconds(20, 62)],
            *standing(62, 63, since=20.0),
            *[look(t) for t in seconds(63, 80)],
            *standing(80, 90, since=20.0),
        ],
    )
    (told,) = suspicions(outcomes)
    assert (told.start, told.end) == (20.0, 82.0)


def unnamed(looks: list[Observation]) -> list[Observation]:
    """The same looks in which the vehicles are known by how their places look alone."""
    return [
        replace(each, detections=tuple(replace(d, named=False) for d in each.detections))
        for each in looks
    ]


def test_one_that_was_named_in_one_look_alone_is_not_told_before_it_is_named_again() -> None:
    once = [*standing(20, 21, None), *unnamed(standing(21, 80, None))]
    _, outcomes = watched(RULES, QUIET + once)
    assert suspicions(outcomes) == []
    _, outcomes = watched(RULES, [*QUIET, *once, *standing(80, 82, None)])
    (told,) = suspicions(outcomes)
    assert (told.start, told.end) == (20.0, 80.0)


def test_a_suspicion_tells_how_often_it_was_known_by_its_place_alone() -> None:
    stay = standing(20, 64, None)
    looks = stay[::2] + unnamed(stay[1::2])
    _, outcomes = watched(RULES, QUIET + sorted(looks, key=lambda each: each.t))
    (told,) = suspicions(outcomes)
    assert [r.value for r in told.reasons if r.code == "known_by_place"] == [
        pytest.approx(0.5, abs=0.02)
    ]
    _, outcomes = watched(RULES, QUIET + stay)
    (told,) = suspicions(outcomes)
    assert "known_by_place" not in {r.code for r in told.reasons}


def test_a_part_of_what_was_told_is_not_told_again() -> None:
    whole = standing(20, 70, 20.0, DARK_ROOF)
    part = standing(70, 100, 20.0, WHITE_VAN, PART_OF_IT)
    _, outcomes = watched(RULES, QUIET + whole + part)
    assert len(suspicions(outcomes)) == 1


def test_of_two_stays_that_turn_out_to_be_one_vehicle_the_longer_goes_on() -> None:
    loose = Box(CAR.left, CAR.top, CAR.right, CAR.top + 0.70 * CAR.height)
    rolling = standing(20, 21, None) + standing(21, 22, None, box=loose)
    parked = standing(22, 35, None) + standing(35, 36, None, box=loose) + standing(36, 80, None)
    _, outcomes = watched(RULES, QUIET + rolling + parked)
    (told,) = suspicions(outcomes)
    assert told.start == 20.0


@given(
    since=st.floats(0, 100),
    seen=st.lists(st.floats(0, 100), max_size=4),
    across=st.floats(0, 0.2),
)
def test_no_vehicle_is_dated_earlier_than_it_was_or_later_than_it_is_seen(
    since: float, seen: list[float], across: float
) -> None:
    box = Box(CAR.left + across, CAR.top, CAR.right + across, CAR.bottom)
    stays = [
        replace(begin(f"s{i}", Sighting("car", 0.8, box, 0.0), t, False), seen=t, looks=2)
        for i, t in enumerate(seen)
    ]
    dated = not_before_others(Sighting("car", 0.8, CAR, since), stays)
    assert since <= dated.since <= max([since, *seen])
    assert replace(dated, since=since) == Sighting("car", 0.8, CAR, since)
