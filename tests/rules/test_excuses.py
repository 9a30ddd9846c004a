"""Stories of what is excused where it is, and of what only seems to be."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.rules.stories import (
    BAG,
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
from viahe_rules.domain import Act, Box, Observation, Outcome, Reason, Suppressed
from viahe_rules.plan import Holidays, Permit, Plan, Rule, Surface, Window, Zone

HOUR = 3600.0
ELSEWHERE = ((0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.1))
GUESTS = [Box(0.50 + 0.07 * n, 0.40, 0.55 + 0.07 * n, 0.70) for n in range(2)]
GOODS = Box(0.64, 0.62, 0.72, 0.71)
FUNERAL = Permit(
    "TL-7",
    "d",
    EVERYWHERE,
    MONDAY_NOON - HOUR,
    MONDAY_NOON + HOUR,
    frozenset({Act.ENCROACHMENT}),
    things=frozenset({"person", "chair", "dining table", "umbrella", "car", "motorcycle"}),
)
GATHERING = Rule("stays", Act.ENCROACHMENT, (("car", 8.0), ("group", 8.0), ("thing", 8.0)))
SET_OUT = Window(EVERY_DAY, 19 * 60, 22 * 60)
NOT_SET_OUT = Window(EVERY_DAY, 22 * 60, 19 * 60)


def gathering(
    until: float = 60, *, goods: bool = False, at: float = MONDAY_NOON
) -> list[Observation]:
    things = [(GOODS, 9.0)] if goods else []
    return [
        look(t, persons=GUESTS if t >= 8 else [], things=things if t >= 9 else [], at=at + t)
        for t in seconds(0, until)
    ]


def suppressed(outcomes: list[Outcome]) -> list[str]:
    return [outcome.because for outcome in outcomes if isinstance(outcome, Suppressed)]


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.code for reason in reasons]


def test_a_funeral_s_permit_covers_its_guests() -> None:
    _, outcomes = watched(plan(GATHERING, permits=[FUNERAL]), gathering())
    assert suppressed(outcomes) == ["permit:TL-7"]
    assert suspicions(outcomes) == []


def test_a_funeral_s_permit_does_not_cover_goods_on_sale() -> None:
    _, outcomes = watched(plan(GATHERING, permits=[FUNERAL]), gathering(goods=True))
    (told,) = suspicions(outcomes)
    assert Reason("permit_other_things", name="TL-7") in told.reasons
    assert "no_permit" in codes(told.reasons)


@pytest.mark.parametrize(
    ("permit", "link"),
    [
        (replace(FUNERAL, valid_until=MONDAY_NOON - 60), "permit_expired"),
        (replace(FUNERAL, valid_from=MONDAY_NOON + 600), "permit_not_yet"),
        (replace(FUNERAL, hours=(SET_OUT,)), "permit_out_of_hours"),
    ],
)
def test_a_permit_that_does_not_hold_is_named_with_why(permit: Permit, link: str) -> None:
    _, outcomes = watched(plan(GATHERING, permits=[permit]), gathering())
    (told,) = suspicions(outcomes)
    assert Reason(link, name="TL-7") in told.reasons


def test_a_permit_for_other_ground_is_not_named() -> None:
    elsewhere = replace(FUNERAL, polygon=ELSEWHERE)
    _, outcomes = watched(plan(GATHERING, permits=[elsewhere]), gathering())
    (told,) = suspicions(outcomes)
    assert "TL-7" not in [reason.name for reason in told.reasons]


def test_what_a_permit_covers_is_said_with_it_and_not_with_none() -> None:
    _, outcomes = watched(plan(GATHERING, permits=[FUNERAL]), gathering())
    (said,) = [outcome for outcome in outcomes if isinstance(outcome, Suppressed)]
    assert Reason("excused", name="permit:TL-7") in said.suspicion.reasons
    assert "no_permit" not in codes(said.suspicion.reasons)


def test_without_wall_time_no_excuse_is_taken_and_the_chain_says_so() -> None:
    events = [replace(event, at=None) for event in gathering()]
    _, outcomes = watched(plan(GATHERING, permits=[FUNERAL]), events)
    (told,) = suspicions(outcomes)
    assert "time_unknown" in codes(told.reasons)
    assert "no_permit" not in codes(told.reasons)


def test_the_chain_says_how_long_it_had_to_stay_where_and_how_surely_it_was_seen() -> None:
    events = [look(t, seen=[("car", CAR)] if t >= 8 else []) for t in seconds(0, 60)]
    _, outcomes = watched(plan(encroachment_rule()), events)
    (told,) = suspicions(outcomes)
    assert told.reasons[:2] == (Reason("stopped", t=8.0, name="car"), Reason("stayed", value=8.0))
    assert Reason("required", value=8.0) in told.reasons
    assert Reason("seen_share", value=1.0) in told.reasons
    assert Reason("surface", name="pavement") in told.reasons


@pytest.mark.parametrize("surface", [Surface.PAVEMENT, Surface.ROADWAY, Surface.MEDIAN])
def test_the_surface_of_the_zone_stands_in_the_chain(surface: Surface) -> None:
    zone = replace(plan(GATHERING).zones[0], surface=surface)
    _, outcomes = watched(replace(plan(), zones=(zone,)), gathering())
    (told,) = suspicions(outcomes)
    assert Reason("surface", name=surface.value) in told.reasons


def test_the_chain_says_that_nothing_may_be_sold_in_this_street() -> None:
    zone = replace(plan(GATHERING).zones[0], vending_banned=True)
    _, outcomes = watched(replace(plan(), zones=(zone,)), gathering(goods=True))
    (told,) = suspicions(outcomes)
    assert "vending_banned" in codes(told.reasons)
    _, elsewhere = watched(plan(GATHERING), gathering(goods=True))
    assert "vending_banned" not in codes(suspicions(elsewhere)[0].reasons)


def waste_point(*rules: Rule) -> Plan:
    """A dumping zone everywhere, and a waste point where the bag is left."""
    corner = ((0.4, 0.6), (0.7, 0.6), (0.7, 0.9), (0.4, 0.9))
    ground = plan(dumping_rule())
    point = Zone("point", 1, "Point", corner, Surface.WASTE_POINT, rules)
    return replace(ground, zones=(*ground.zones, point))


def bag(began: float, until: float) -> list[Observation]:
    return [
        look(t, things=[(BAG, 10.0)] if t >= 11 else [], at=began + t)
        for t in seconds(0, until, 2.0)
    ]


AT_SEVEN_IN_THE_EVENING = MONDAY_NOON + 7 * HOUR
SET_OUT_RULE = Rule("point", Act.DUMPING, (("thing", 6.0),), hours=(NOT_SET_OUT,))


def test_what_is_set_out_at_a_waste_point_in_its_hours_raises_nothing() -> None:
    _, outcomes = watched(waste_point(SET_OUT_RULE), bag(AT_SEVEN_IN_THE_EVENING, 600))
    assert suspicions(outcomes) == []
    assert suppressed(outcomes) == ["waste_point:point"]


def test_what_was_rightly_set_out_is_not_dumped_when_the_hours_are_over() -> None:
    minutes_before_ten = AT_SEVEN_IN_THE_EVENING + 3 * HOUR - 120
    _, outcomes = watched(waste_point(SET_OUT_RULE), bag(minutes_before_ten, 1200))
    assert [told.zone for told in suspicions(outcomes) if told.zone == "kerb"] == []


def test_what_is_left_at_a_waste_point_outside_its_hours_is_dumped() -> None:
    _, outcomes = watched(waste_point(SET_OUT_RULE), bag(MONDAY_NOON, 600))
    assert "kerb" in [told.zone for told in suspicions(outcomes)]


def test_what_may_never_be_set_out_is_dumped_at_a_waste_point_in_its_hours_too() -> None:
    dwell = (("suitcase", 6.0), ("thing", 6.0))
    never = replace(SET_OUT_RULE, dwell=dwell, own_hours=(("suitcase", ()),))
    events = [
        look(t, seen=[("suitcase", BAG)] if t >= 11 else [], at=AT_SEVEN_IN_THE_EVENING + t)
        for t in seconds(0, 100)
    ]
    _, outcomes = watched(waste_point(never), events)
    assert sorted(told.zone for told in suspicions(outcomes)) == ["kerb", "point"]
    _, as_others = watched(waste_point(replace(never, own_hours=())), events)
    assert suspicions(as_others) == []


def test_what_is_left_beside_a_waste_point_is_dumped_in_its_hours_too() -> None:
    beside = Box(0.10, 0.70, 0.14, 0.76)
    events = [
        look(t, things=[(beside, 10.0)] if t >= 11 else [], at=AT_SEVEN_IN_THE_EVENING + t)
        for t in seconds(0, 100)
    ]
    _, outcomes = watched(waste_point(SET_OUT_RULE), events)
    assert [told.zone for told in suspicions(outcomes)] == ["kerb"]


def new_year(hour: int) -> float:
    """A time on the first day of Tết 2027, a Saturday, in Ha Noi."""
    return datetime(2027, 2, 6, hour - 7, tzinfo=UTC).timestamp()


WORKDAYS = frozenset(range(5))
TET = frozenset({"2027-02-06"})


@pytest.mark.parametrize(
    ("holidays", "days", "raised"),
    [
        (Holidays.AS_WEEKDAY, EVERY_DAY, 1),
        (Holidays.NEVER, EVERY_DAY, 0),
        (Holidays.AS_WEEKDAY, WORKDAYS, 0),
        (Holidays.ALSO, WORKDAYS, 1),
    ],
)
def test_a_rule_s_hours_know_public_holidays(
    holidays: Holidays, days: frozenset[int], raised: int
) -> None:
    daytime = Window(days, 7 * 60, 19 * 60, holidays)
    ground = replace(plan(replace(GATHERING, hours=(daytime,))), holidays=TET)
    _, outcomes = watched(ground, gathering(at=new_year(10)))
    assert len(suspicions(outcomes)) == raised


def test_a_flower_market_of_the_days_before_tet_is_permitted_in_its_hours() -> None:
    market = replace(
        FUNERAL,
        id="CH-1",
        valid_from=new_year(10) - 86400,
        valid_until=new_year(10) + 86400,
        hours=(Window(frozenset(), 7 * 60, 22 * 60, Holidays.ALSO),),
        things=frozenset(),
    )
    ground = replace(plan(GATHERING, permits=[market]), holidays=TET)
    _, outcomes = watched(ground, gathering(goods=True, at=new_year(10)))
    assert suppressed(outcomes) == ["permit:CH-1"]
    _, outcomes = watched(ground, gathering(goods=True, at=new_year(10) - 86400))
    assert Reason("permit_out_of_hours", name="CH-1") in suspicions(outcomes)[0].reasons


def test_a_window_over_midnight_belongs_to_the_holiday_it_begins_on() -> None:
    night = Window(EVERY_DAY, 22 * 60, 5 * 60, Holidays.NEVER)
    ground = replace(plan(replace(GATHERING, hours=(night,))), holidays=TET)
    _, after_midnight = watched(ground, gathering(at=new_year(10) + 15 * HOUR))
    assert suspicions(after_midnight) == []
    _, of_the_eve = watched(ground, gathering(at=new_year(10) - 8 * HOUR))
    assert len(suspicions(of_the_eve)) == 1
