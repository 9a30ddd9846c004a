"""Stories of collection crews with their carts, and of those who only seem to be one."""

from dataclasses import replace

from tests.rules.stories import (
    CAR,
    dumping_rule,
    look,
    plan,
    seconds,
    suspicions,
    watched,
)
from viahe_rules.domain import Act, Box, Change, ChangeKind, Observation, Suspicion
from viahe_rules.plan import Rule

QUIET = [look(t) for t in seconds(0, 8)]
CART = Box(0.50, 0.62, 0.58, 0.76)
HEAP = Box(0.42, 0.68, 0.48, 0.76)
BAG_LEFT = Change(CART, 10.0, ChangeKind.LEFT, 0.9)
COLLECTOR = Box(0.46, 0.45, 0.54, 0.77)
RULES = (
    dumping_rule(dwell=30.0),
    Rule("stall", Act.ENCROACHMENT, (("group", 30.0), ("thing", 30.0))),
)


def cart(t: float, *, persons: bool, heap_gone_at: float | None) -> Observation:
    """The cart has stood there since 10 s; the heap beside it is gone from a second on."""
    changes = [Change(CART, 10.0, ChangeKind.LEFT, 0.9)]
    if heap_gone_at is not None and t >= heap_gone_at + 2:
        changes.append(Change(HEAP, heap_gone_at, ChangeKind.REMOVED, 0.9))
    return replace(look(t, persons=[COLLECTOR] if persons else []), changes=tuple(changes))


def told_of(events: list[Observation]) -> list[Suspicion]:
    return suspicions(watched(plan(*RULES), QUIET + events)[1])


def test_a_crew_that_loads_a_heap_and_fetches_more_raises_nothing_by_its_cart() -> None:
    loads = [cart(t, persons=True, heap_gone_at=20.0) for t in seconds(10, 35)]
    away = [cart(t, persons=False, heap_gone_at=20.0) for t in seconds(35, 240)]
    moves_on = [look(t) for t in seconds(240, 300)]
    assert told_of(loads + away + moves_on) == []


def test_a_crew_that_works_on_beside_its_cart_for_minutes_is_no_stall() -> None:
    loads = [cart(t, persons=True, heap_gone_at=20.0) for t in seconds(10, 200)]
    moves_on = [look(t) for t in seconds(200, 240)]
    assert told_of(loads + moves_on) == []


def test_a_cart_that_is_left_standing_long_after_the_collection_is_told() -> None:
    loads = [cart(t, persons=True, heap_gone_at=20.0) for t in seconds(10, 35)]
    left = [cart(t, persons=False, heap_gone_at=20.0) for t in seconds(35, 800)]
    (told,) = told_of(loads + left)
    assert told.end >= 20.0 + 600.0


def test_a_cart_from_which_something_is_left_and_nothing_taken_is_told() -> None:
    comes = [cart(t, persons=True, heap_gone_at=None) for t in seconds(10, 35)]
    left = [cart(t, persons=False, heap_gone_at=None) for t in seconds(35, 120)]
    assert len(told_of(comes + left)) == 1


def test_a_heap_that_went_before_the_cart_came_makes_no_crew_of_it() -> None:
    comes = [cart(t, persons=True, heap_gone_at=2.0) for t in seconds(10, 35)]
    left = [cart(t, persons=False, heap_gone_at=2.0) for t in seconds(35, 120)]
    assert len(told_of(comes + left)) == 1


def test_a_heap_that_goes_while_nobody_is_by_makes_no_crew_of_a_cart() -> None:
    comes = [cart(t, persons=True, heap_gone_at=70.0) for t in seconds(10, 20)]
    left = [cart(t, persons=False, heap_gone_at=70.0) for t in seconds(20, 120)]
    assert len(told_of(comes + left)) == 1


def test_a_car_that_drives_off_beside_a_bag_makes_no_crew_of_who_left_it() -> None:
    bag = Box(0.47, 0.70, 0.51, 0.76)
    gone = Change(CAR, 20.0, ChangeKind.REMOVED, 0.9)
    left = Change(bag, 10.0, ChangeKind.LEFT, 0.9)
    events = [
        replace(
            look(t, persons=[COLLECTOR] if t < 25 else []),
            changes=(left, gone) if t >= 22 else (left,),
        )
        for t in seconds(10, 120)
    ]
    assert len(told_of(events)) == 1


def test_a_bag_of_the_evening_that_the_crew_takes_is_what_it_came_for() -> None:
    def seen(t: float) -> tuple[Change, ...]:
        bag = [Change(HEAP, 10.0, ChangeKind.LEFT, 0.9)] if t < 105 else []
        there = [Change(CART, 100.0, ChangeKind.LEFT, 0.9)] if t >= 100 else []
        return (*bag, *there)

    events = [
        replace(look(t, persons=[COLLECTOR] if 98 <= t < 120 else []), changes=seen(t))
        for t in seconds(10, 260)
    ]
    told = told_of(events)
    assert [each.start for each in told] == [10.0], "the bag that somebody left, not the cart"


def test_the_gap_where_somebody_stood_who_left_something_makes_no_crew_of_them() -> None:
    stands = [cart(t, persons=True, heap_gone_at=None) for t in seconds(10, 25)]
    gap = Change(HEAP, 24.5, ChangeKind.REMOVED, 0.9)
    left = [
        replace(cart(t, persons=False, heap_gone_at=None), changes=(BAG_LEFT, gap))
        for t in seconds(25, 120)
    ]
    assert len(told_of(stands + left)) == 1


def test_shade_at_the_feet_of_who_left_something_makes_no_crew_of_them() -> None:
    shade = Change(HEAP, 11.0, ChangeKind.LEFT, 0.5)
    stands = [
        replace(look(t, persons=[COLLECTOR]), changes=(BAG_LEFT, shade) if t < 13 else (BAG_LEFT,))
        for t in seconds(10, 30)
    ]
    left = [cart(t, persons=False, heap_gone_at=None) for t in seconds(30, 120)]
    assert len(told_of(stands + left)) == 1


def test_a_gap_far_up_the_street_makes_no_crew_of_who_left_something() -> None:
    far = Change(Box(0.48, 0.52, 0.54, 0.58), 20.0, ChangeKind.REMOVED, 0.9)
    events = [
        replace(
            look(t, persons=[COLLECTOR] if t < 25 else []),
            changes=(BAG_LEFT, far) if t >= 22 else (BAG_LEFT,),
        )
        for t in seconds(10, 120)
    ]
    assert len(told_of(events)) == 1
