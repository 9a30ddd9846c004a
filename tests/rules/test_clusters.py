"""Stories of stalls and of rows: one stay, whatever comes and goes in it."""

from dataclasses import replace

import pytest

from tests.rules.stories import (
    dumping_rule,
    encroachment_rule,
    look,
    plan,
    seconds,
    suspicions,
    watched,
)
from viahe_rules.domain import Act, Box, Change, ChangeKind, Observation, Reason, Suspicion
from viahe_rules.plan import Plan, Rule

QUIET = [look(t) for t in seconds(0, 8)]
VENDOR = Box(0.50, 0.40, 0.55, 0.70)
GOODS = Box(0.57, 0.62, 0.65, 0.71)
TABLE = Box(0.56, 0.60, 0.66, 0.71)
CHAIR = Box(0.67, 0.61, 0.71, 0.71)
STALL = Rule(
    "stall",
    Act.ENCROACHMENT,
    (("chair", 30.0), ("dining table", 30.0), ("group", 30.0), ("thing", 30.0)),
)
PARKING = Rule("parking", Act.ENCROACHMENT, (("bicycle", 30.0), ("motorcycle", 30.0)))


def bike(number: int) -> Box:
    return Box(0.20 + 0.06 * number, 0.55, 0.25 + 0.06 * number, 0.70)


def told_of(ground: Plan, *events: Observation) -> list[Suspicion]:
    return suspicions(watched(ground, QUIET + list(events))[1])


def test_a_vendor_with_goods_that_no_network_names_is_one_suspicion() -> None:
    stall = [look(t, persons=[VENDOR], things=[(GOODS, 9.0)]) for t in seconds(10, 90)]
    (told,) = told_of(plan(STALL), *stall)
    assert told.label == "group"
    assert told.place.left <= VENDOR.left
    assert told.place.right >= GOODS.right
    parts = {(r.name, r.value) for r in told.reasons if r.code == "part"}
    assert parts == {("person", 1.0), ("thing", 1.0)}


def test_unnamed_goods_count_only_where_the_rule_speaks_of_things() -> None:
    stall = [look(t, persons=[VENDOR], things=[(GOODS, 9.0)]) for t in seconds(10, 90)]
    assert told_of(plan(encroachment_rule(dwell=30.0)), *stall) == []


def test_goods_that_lie_there_by_themselves_are_one_suspicion() -> None:
    alone = [look(t, things=[(GOODS, 9.0)]) for t in seconds(10, 90)]
    (told,) = told_of(plan(STALL), *alone)
    assert (told.label, told.start) == ("thing", 9.0)
    assert 30.0 <= told.end - told.start <= 31.0


def test_a_thing_by_itself_is_told_by_the_dumping_rule_of_the_same_ground_alone() -> None:
    alone = [look(t, things=[(GOODS, 9.0)]) for t in seconds(10, 90)]
    (told,) = told_of(plan(dumping_rule(dwell=30.0), STALL), *alone)
    assert told.act is Act.DUMPING


def test_what_was_removed_is_no_goods() -> None:
    gone = Change(GOODS, 9.0, ChangeKind.REMOVED, 0.9)
    events = [replace(look(t, persons=[VENDOR]), changes=(gone,)) for t in seconds(10, 90)]
    assert told_of(plan(STALL), *events) == []


def test_a_stall_that_grows_piece_by_piece_is_one_suspicion_from_its_first_piece() -> None:
    def seen(t: float) -> list[tuple[str, Box]]:
        pieces = [("dining table", TABLE, 10.0), ("chair", CHAIR, 20.0)]
        return [(label, box) for label, box, since in pieces if t >= since]

    events = [look(t, persons=[VENDOR] if t >= 30 else [], seen=seen(t)) for t in seconds(10, 200)]
    (told,) = told_of(plan(STALL), *events)
    assert told.start == 10.0
    assert 30.0 <= told.end - told.start <= 31.0


def test_a_piece_of_a_stall_that_outlasts_it_is_no_second_suspicion() -> None:
    whole = [
        look(t, persons=[VENDOR], seen=[("dining table", TABLE), ("chair", CHAIR)])
        for t in seconds(10, 60)
    ]
    rest = [look(t, seen=[("chair", CHAIR)]) for t in seconds(60, 300)]
    assert len(told_of(plan(STALL), *whole, *rest)) == 1


def test_a_chair_that_was_told_and_the_stall_around_it_later_are_one_suspicion() -> None:
    chair = [look(t, seen=[("chair", CHAIR)]) for t in seconds(10, 60)]
    stall = [
        look(t, persons=[VENDOR], seen=[("dining table", TABLE), ("chair", CHAIR)])
        for t in seconds(60, 200)
    ]
    (told,) = told_of(plan(STALL), *chair, *stall)
    assert told.label == "chair"


def test_a_row_of_motorcycles_is_one_suspicion() -> None:
    row = [look(t, seen=[("motorcycle", bike(n)) for n in range(5)]) for t in seconds(10, 200)]
    (told,) = told_of(plan(PARKING), *row)
    assert told.label == "row"
    assert Reason("part", name="motorcycle", value=5.0) in told.reasons


def test_a_row_is_occupied_though_no_motorcycle_stays_for_long() -> None:
    def standing(t: float) -> list[tuple[str, Box]]:
        """Each of five places is free for seven seconds of every twenty-five."""
        return [("motorcycle", bike(n)) for n in range(5) if (t + 5 * n) % 25 >= 7]

    shop = [look(t, seen=standing(t)) for t in seconds(10, 200)]
    (told,) = told_of(plan(replace(PARKING, grace=5.0)), *shop)
    assert told.label == "row"


def test_two_motorcycles_beside_each_other_are_two() -> None:
    two = [look(t, seen=[("motorcycle", bike(n)) for n in range(2)]) for t in seconds(10, 90)]
    assert [told.label for told in told_of(plan(PARKING), *two)] == ["motorcycle", "motorcycle"]


def test_motorcycles_with_room_for_others_between_them_are_no_row() -> None:
    apart = [look(t, seen=[("motorcycle", bike(3 * n)) for n in range(3)]) for t in seconds(10, 90)]
    assert {told.label for told in told_of(plan(PARKING), *apart)} == {"motorcycle"}


def test_a_row_that_stood_there_when_watching_began_is_no_event() -> None:
    row = [look(t, seen=[("motorcycle", bike(n)) for n in range(5)]) for t in seconds(0, 200)]
    assert suspicions(watched(plan(PARKING), row)[1]) == []


@pytest.mark.parametrize("rule", [STALL, PARKING])
def test_nothing_is_remembered_of_a_cluster_that_has_left(rule: Rule) -> None:
    there = [
        look(
            t,
            persons=[VENDOR],
            seen=[("chair", CHAIR), *(("motorcycle", bike(n)) for n in range(4))],
            things=[(GOODS, 9.0)],
        )
        for t in seconds(10, 90)
    ]
    gone = [look(t) for t in seconds(90, 130)]
    memory, _ = watched(plan(rule), QUIET + there + gone)
    assert memory.rules[0].stays == ()
