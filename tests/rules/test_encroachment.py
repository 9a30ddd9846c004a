"""Stories of vehicles and groups that stay, and of those that move on."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.stories import (
    CAR,
    EVERY_DAY,
    EVERYWHERE,
    MONDAY_NOON,
    dumping_rule,
    encroachment_rule,
    look,
    plan,
    seconds,
    suspicions,
    watched,
)
from viahe_rules.domain import Act, Box, Observation, Suppressed
from viahe_rules.plan import Permit, Window

QUIET = [look(t) for t in seconds(0, 8)]
THREE = [Box(0.50 + 0.07 * i, 0.40, 0.55 + 0.07 * i, 0.70) for i in range(3)]


def parked(start: float, end: float, label: str = "car") -> list[Observation]:
    return [look(t, seen=[(label, CAR)]) for t in seconds(start, end)]


def test_a_vehicle_beyond_its_dwell_is_one_suspicion_however_long_it_stays() -> None:
    _, outcomes = watched(plan(encroachment_rule()), QUIET + parked(8, 600))
    (told,) = suspicions(outcomes)
    assert told.act is Act.ENCROACHMENT
    assert told.label == "car"
    assert told.start == 8.0
    assert 8.0 <= told.end - told.start <= 9.0


def test_a_vehicle_that_stops_briefly_raises_nothing() -> None:
    gone = [look(t) for t in seconds(14, 60)]
    memory, outcomes = watched(plan(encroachment_rule()), QUIET + parked(8, 14) + gone)
    assert suspicions(outcomes) == []
    assert memory.rules[0].stays == ()


def test_a_car_the_network_now_and_then_calls_a_truck_is_one_car() -> None:
    flicker = [look(t, seen=[("truck" if int(t) % 3 == 0 else "car", CAR)]) for t in seconds(8, 60)]
    _, outcomes = watched(plan(encroachment_rule()), QUIET + flicker)
    assert len(suspicions(outcomes)) == 1


def test_missed_detections_do_not_end_a_stay() -> None:
    missed = [e if int(e.t) % 3 else look(e.t) for e in parked(8, 120)]
    _, outcomes = watched(plan(encroachment_rule(dwell=60.0)), QUIET + missed)
    assert len(suspicions(outcomes)) == 1


def test_a_passing_bus_does_not_make_a_second_case_of_a_parked_car() -> None:
    bus = Box(0.1, 0.4, 0.7, 0.9)
    passing = [look(t, seen=[("bus", bus)]) for t in seconds(60, 63)]
    events = QUIET + parked(8, 60) + passing + parked(63, 200)
    _, outcomes = watched(plan(encroachment_rule()), events)
    assert [told.label for told in suspicions(outcomes)] == ["car"]


def test_a_car_parked_since_before_watching_is_no_event() -> None:
    _, outcomes = watched(plan(encroachment_rule()), parked(0, 120))
    assert suspicions(outcomes) == []


def braking(t: float) -> Box:
    """From the left, at rest from 12 s on, and with three quarters in its place from 10.5 s on."""
    back = 0.02 * max(0.0, 12.0 - t) ** 1.5
    return Box(CAR.left - back, CAR.top, CAR.right - back, CAR.bottom)


def test_a_vehicle_that_rolls_to_a_halt_has_stopped_where_it_came_to_rest() -> None:
    events = [look(t, seen=[("bus", braking(t))]) for t in seconds(8, 60)]
    _, outcomes = watched(plan(encroachment_rule()), QUIET + events)
    (told,) = suspicions(outcomes)
    assert abs(told.start - 12.0) <= 1.0


@pytest.mark.parametrize("step", [0.04, 0.2, 0.5, 2.0])
def test_a_vehicle_stops_where_it_comes_to_rest_however_often_it_is_looked_at(step: float) -> None:
    quiet = [look(t) for t in seconds(0, 8, step)]
    events = [look(t, seen=[("bus", braking(t))]) for t in seconds(8, 60, step)]
    _, outcomes = watched(plan(encroachment_rule()), quiet + events)
    (told,) = suspicions(outcomes)
    assert 10.5 <= told.start <= 12.0 + step


@pytest.mark.parametrize("step", [0.04, 0.2, 0.5, 1.0, 2.0])
def test_a_vehicle_that_stops_for_less_than_its_dwell_and_drives_on_raises_nothing(
    step: float,
) -> None:
    def stopping(t: float) -> Box:
        box, on = braking(t), 0.02 * max(0.0, t - 15.0) ** 1.5
        return Box(box.left + on, box.top, box.right + on, box.bottom)

    quiet = [look(t) for t in seconds(0, 8, step)]
    events = [look(t, seen=[("bus", stopping(t))]) for t in seconds(8, 21, step)]
    gone = [look(t) for t in seconds(21, 60, step)]
    _, outcomes = watched(plan(encroachment_rule()), quiet + events + gone)
    assert suspicions(outcomes) == []


def test_a_group_that_stays_is_one_suspicion() -> None:
    together = [look(t, persons=THREE) for t in seconds(8, 60)]
    _, outcomes = watched(plan(encroachment_rule()), QUIET + together)
    (told,) = suspicions(outcomes)
    assert told.label == "group"
    assert told.start == 8.0


def test_a_group_that_grows_and_shrinks_is_still_one() -> None:
    members = [THREE[: 2 + int(t / 10) % 2] for t in seconds(8, 100)]
    events = [look(t, persons=m) for t, m in zip(seconds(8, 100), members, strict=True)]
    _, outcomes = watched(plan(encroachment_rule()), QUIET + events)
    assert len(suspicions(outcomes)) == 1


def test_people_who_walk_through_are_no_group() -> None:
    def walkers(t: float) -> list[Box]:
        return [Box(x, 0.4, x + 0.05, 0.7) for x in ((0.09 * t) % 1.0, (0.09 * t + 0.08) % 1.0)]

    events = [look(t, persons=walkers(t)) for t in seconds(8, 120)]
    _, outcomes = watched(plan(encroachment_rule()), QUIET + events)
    assert suspicions(outcomes) == []


def test_one_person_alone_is_no_group() -> None:
    events = [look(t, persons=THREE[:1]) for t in seconds(8, 120)]
    _, outcomes = watched(plan(encroachment_rule()), QUIET + events)
    assert suspicions(outcomes) == []


def test_people_who_stand_far_apart_are_no_group() -> None:
    apart = [Box(0.1, 0.4, 0.15, 0.7), Box(0.8, 0.4, 0.85, 0.7)]
    events = [look(t, persons=apart) for t in seconds(8, 120)]
    _, outcomes = watched(plan(encroachment_rule()), QUIET + events)
    assert suspicions(outcomes) == []


def permit(acts: frozenset[Act], until: float) -> Permit:
    return Permit("42", "wedding", EVERYWHERE, MONDAY_NOON - 60, until, acts)


def test_a_permit_covers_what_it_names_until_it_ends() -> None:
    granted = permit(frozenset({Act.ENCROACHMENT}), MONDAY_NOON + 100)
    ground = plan(encroachment_rule(), permits=[granted])
    events = [
        look(t, seen=[("car", CAR)] if t >= 8 else [], at=MONDAY_NOON + t) for t in seconds(0, 90)
    ]
    memory, outcomes = watched(ground, events)
    told = [outcome for outcome in outcomes if isinstance(outcome, Suppressed)]
    assert [each.because for each in told] == ["permit:42"]
    assert suspicions(outcomes) == []
    after = [look(t, seen=[("car", CAR)], at=MONDAY_NOON + t) for t in seconds(90, 120)]
    _, outcomes = watched(ground, after, memory)
    (raised,) = suspicions(outcomes)
    assert raised.end == 100.0


def test_a_permit_for_another_act_covers_nothing() -> None:
    ground = plan(
        encroachment_rule(), permits=[permit(frozenset({Act.DUMPING}), MONDAY_NOON + 999)]
    )
    events = [
        look(t, seen=[("car", CAR)] if t >= 8 else [], at=MONDAY_NOON + t) for t in seconds(0, 60)
    ]
    _, outcomes = watched(ground, events)
    assert len(suspicions(outcomes)) == 1


def test_a_rule_holds_in_its_hours_only() -> None:
    evening = Window(EVERY_DAY, 18 * 60, 22 * 60)
    events = [
        look(t, seen=[("car", CAR)] if t >= 8 else [], at=MONDAY_NOON + t) for t in seconds(0, 60)
    ]
    _, outcomes = watched(plan(encroachment_rule(hours=(evening,))), events)
    assert suspicions(outcomes) == []


def test_two_rules_in_one_zone_hold_side_by_side() -> None:
    _, outcomes = watched(plan(dumping_rule(), encroachment_rule()), QUIET + parked(8, 60))
    assert [told.rule for told in suspicions(outcomes)] == ["stays"]


@given(st.integers(0, 2**32), st.floats(0.0, 0.7))
def test_dropped_looks_coarsen_the_dwell_by_one_look_and_never_stretch_it(
    seed: int, share: float
) -> None:
    chance = random.Random(seed)
    events = [e for e in QUIET + parked(8, 120) if e.t == 0 or chance.random() >= share]
    _, outcomes = watched(plan(encroachment_rule(dwell=30.0)), events)
    (told,) = suspicions(outcomes)
    seen = [e.t for e in events if e.t >= 8]
    assert told.start == seen[0]
    assert told.end == next(t for t in seen if t - seen[0] >= 30.0)


def test_one_person_with_what_they_hold_is_no_group() -> None:
    standing = THREE[0]
    bag = Box(standing.left + 0.005, 0.55, standing.left + 0.03, 0.65)
    umbrella = Box(standing.left - 0.04, 0.34, standing.right + 0.04, 0.44)
    held = [("handbag", bag), ("umbrella", umbrella)]
    events = [look(t, persons=[standing], seen=held) for t in seconds(8, 120)]
    _, outcomes = watched(plan(encroachment_rule()), QUIET + events)
    assert suspicions(outcomes) == []


def test_one_person_whom_the_camera_shows_here_and_there_is_no_group() -> None:
    def swaying(t: float) -> Box:
        aside = 0.04 * (int(t) % 2)
        return Box(0.5 + aside, 0.4, 0.55 + aside, 0.7)

    events = [look(t, persons=[swaying(t)]) for t in seconds(8, 120)]
    _, outcomes = watched(plan(encroachment_rule()), QUIET + events)
    assert suspicions(outcomes) == []


def test_one_person_seen_twice_in_a_look_is_no_group() -> None:
    half = Box(0.5, 0.4, 0.55, 0.56)
    events = [look(t, persons=[THREE[0], half]) for t in seconds(8, 120)]
    _, outcomes = watched(plan(encroachment_rule()), QUIET + events)
    assert suspicions(outcomes) == []


def test_people_whose_feet_are_far_apart_up_the_street_are_no_group() -> None:
    behind = Box(0.5, 0.20, 0.54, 0.45)
    events = [look(t, persons=[THREE[0], behind]) for t in seconds(8, 120)]
    _, outcomes = watched(plan(encroachment_rule()), QUIET + events)
    assert suspicions(outcomes) == []


def test_a_vehicle_that_had_begun_two_stays_is_one_suspicion() -> None:
    halfway = Box(CAR.left - 0.08, CAR.top, CAR.right - 0.08, CAR.bottom)
    here = [halfway if t in (8.0, 9.0, 10.0) else CAR for t in seconds(8, 90)]
    events = [look(t, seen=[("car", box)]) for t, box in zip(seconds(8, 90), here, strict=True)]
    _, outcomes = watched(plan(encroachment_rule()), QUIET + events)
    assert len(suspicions(outcomes)) == 1
