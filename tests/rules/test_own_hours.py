"""Stories of classes that have hours of their own within a rule."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.rules.stories import (
    BAG,
    CAR,
    EVERY_DAY,
    MONDAY_NOON,
    dumping_rule,
    look,
    plan,
    seconds,
    suspicions,
    watched,
)
from viahe_rules.domain import Act, Box, Observation, Reason, Suspicion
from viahe_rules.plan import Plan, Rule, Window
from viahe_rules.recorded import from_json, to_json

HOUR = 3600.0
SIX_IN_THE_EVENING = MONDAY_NOON + 6 * HOUR
SEVEN_IN_THE_EVENING = MONDAY_NOON + 7 * HOUR
EVENING = (Window(EVERY_DAY, 18 * 60, 22 * 60),)
NOT_IN_THE_EVENING = (Window(EVERY_DAY, 22 * 60, 18 * 60),)
VENDOR = Box(0.50, 0.40, 0.55, 0.70)
TABLE = Box(0.56, 0.60, 0.66, 0.71)
CHAIR = Box(0.67, 0.61, 0.71, 0.71)
CASE_BESIDE = Box(0.55, 0.70, 0.59, 0.76)
KERB = Rule("kerb", Act.ENCROACHMENT, (("car", 20.0), ("motorcycle", 20.0)))
PARKING = Rule("parking", Act.ENCROACHMENT, (("bicycle", 20.0), ("motorcycle", 20.0)))
STALL = Rule("stall", Act.ENCROACHMENT, (("chair", 30.0), ("dining table", 30.0), ("group", 30.0)))


def bike(number: int) -> Box:
    return Box(0.50 + 0.06 * number, 0.55, 0.55 + 0.06 * number, 0.70)


def standing(
    at: float, *seen: tuple[str, Box], persons: Sequence[Box] = (), until: float = 120.0
) -> list[Observation]:
    """What came after ten seconds and stays; the first look is at `at`."""
    return [
        look(t, seen=seen, persons=persons, at=at + t) if t >= 10 else look(t, at=at + t)
        for t in seconds(0, until)
    ]


def told_of(ground: Plan, events: Sequence[Observation]) -> list[Suspicion]:
    return suspicions(watched(ground, events)[1])


@pytest.mark.parametrize(
    ("at", "labels"),
    [(MONDAY_NOON, ["car", "motorcycle"]), (SEVEN_IN_THE_EVENING, ["car"])],
)
def test_a_class_may_stand_in_hours_in_which_others_may_not(at: float, labels: list[str]) -> None:
    rule = replace(KERB, own_hours=(("motorcycle", NOT_IN_THE_EVENING),))
    events = standing(at, ("car", CAR), ("motorcycle", bike(0)))
    assert sorted(told.label for told in told_of(plan(rule), events)) == labels


def test_what_still_stands_when_its_hours_are_over_is_told_then() -> None:
    rule = replace(KERB, own_hours=(("motorcycle", EVENING),))
    (told,) = told_of(plan(rule), standing(SIX_IN_THE_EVENING - 60, ("motorcycle", bike(0))))
    assert (told.start, told.end) == (10.0, 60.0)


def test_a_class_may_have_all_hours_where_its_rule_has_some() -> None:
    rule = replace(KERB, hours=EVENING, own_hours=(("motorcycle", ()),))
    both = ("car", CAR), ("motorcycle", bike(0))
    (at_noon,) = told_of(plan(rule), standing(MONDAY_NOON, *both))
    assert at_noon.label == "motorcycle"
    assert "in_hours" not in {reason.code for reason in at_noon.reasons}
    assert len(told_of(plan(rule), standing(SEVEN_IN_THE_EVENING, *both))) == 2


def test_the_chain_names_the_class_whose_hours_were_looked_at() -> None:
    rule = replace(KERB, hours=EVENING, own_hours=(("motorcycle", EVENING),))
    other = replace(KERB, hours=EVENING, own_hours=(("motorcycle", (*EVENING, *EVENING)),))
    events = standing(SEVEN_IN_THE_EVENING, ("motorcycle", bike(0)))
    (as_the_rule,) = told_of(plan(rule), events)
    (of_its_own,) = told_of(plan(other), events)
    assert Reason("in_hours") in as_the_rule.reasons
    assert Reason("in_hours", name="motorcycle") in of_its_own.reasons


@pytest.mark.parametrize("label", ["chair", "dining table", "group"])
@pytest.mark.parametrize("windows", [EVENING, NOT_IN_THE_EVENING])
@pytest.mark.parametrize(
    "at", [MONDAY_NOON, SIX_IN_THE_EVENING - 60, SIX_IN_THE_EVENING - 20, SEVEN_IN_THE_EVENING]
)
def test_a_stall_is_one_suspicion_whichever_of_it_has_hours_of_its_own(
    label: str, windows: tuple[Window, ...], at: float
) -> None:
    rule = replace(STALL, own_hours=((label, windows),))
    stall = standing(at, ("dining table", TABLE), ("chair", CHAIR), persons=[VENDOR])
    assert len(told_of(plan(rule), stall)) == 1


def test_a_group_is_not_as_old_as_what_stood_there_by_right() -> None:
    rule = replace(STALL, own_hours=(("dining table", EVENING),))
    table = standing(MONDAY_NOON, ("dining table", TABLE), until=60)
    stall = [
        look(t, seen=[("dining table", TABLE)], persons=[VENDOR], at=MONDAY_NOON + t)
        for t in seconds(60, 120)
    ]
    (told,) = told_of(plan(rule), table + stall)
    assert (told.label, told.start) == ("group", 60.0)
    assert 30.0 <= told.end - told.start <= 31.0


def test_a_row_may_stand_when_all_that_stand_in_it_may() -> None:
    rule = replace(PARKING, own_hours=(("motorcycle", NOT_IN_THE_EVENING),))
    row = [("motorcycle", bike(number)) for number in range(3)]
    assert told_of(plan(rule), standing(SEVEN_IN_THE_EVENING, *row)) == []
    (told,) = told_of(plan(rule), standing(MONDAY_NOON, *row))
    assert told.label == "row"
    (mixed,) = told_of(plan(rule), standing(SEVEN_IN_THE_EVENING, *row, ("bicycle", bike(3))))
    assert mixed.label == "row"


@pytest.mark.parametrize(
    ("own", "labels"),
    [("suitcase", ["thing"]), ("thing", ["suitcase"])],
)
def test_what_was_left_in_one_act_is_one_suspicion_of_what_may_not_lie_there(
    own: str, labels: list[str]
) -> None:
    dwell = (("suitcase", 6.0), ("thing", 6.0))
    rule = dumping_rule(dwell=6.0, own_hours=((own, EVENING),))
    heap = [
        look(t, things=[(BAG, 10.0)], seen=[("suitcase", CASE_BESIDE)], at=MONDAY_NOON + t)
        if t >= 10
        else look(t, at=MONDAY_NOON + t)
        for t in seconds(0, 60)
    ]
    told = told_of(plan(replace(rule, dwell=dwell)), heap)
    assert [each.label for each in told] == labels


def test_hours_that_are_given_and_taken_touch_no_stay() -> None:
    """Half of both dwells was seen when cars got hours of their own, which are then taken again."""
    events = standing(MONDAY_NOON, ("car", CAR), ("motorcycle", bike(0)))
    before = plan(KERB)
    meanwhile = plan(replace(KERB, own_hours=(("car", EVENING),)))
    memory, early = watched(before, events[:20])
    memory, late = watched(meanwhile, events[20:60], memory)
    _, after = watched(before, events[60:], memory)
    straight = {told.label: told for told in told_of(before, events)}
    assert suspicions(early) == []
    assert suspicions(late) == [straight["motorcycle"]]
    (car,) = suspicions(after)
    assert (car.key, car.start, car.end) == (straight["car"].key, 10.0, 60.0)


def test_hours_of_a_class_travel_and_old_rules_have_none() -> None:
    rule = replace(KERB, own_hours=(("car", ()), ("motorcycle", EVENING)))
    record = to_json(rule)
    assert from_json(Rule, record) == rule
    del record["own_hours"]
    assert from_json(Rule, record).own_hours == ()
