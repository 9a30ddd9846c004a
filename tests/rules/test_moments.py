"""When an act is to be seen, and what the stills of it show."""

import pytest

from viahe_rules.domain import Box, LeftBy, LeftByKind
from viahe_rules.moments import BEFORE_S, begins, moments

PLACE = Box(0.50, 0.60, 0.54, 0.66)
AT_PLACE = Box(0.49, 0.30, 0.56, 0.67)
AWAY = Box(0.10, 0.30, 0.17, 0.67)
SEEN_AT = 20.0


def left_by(*path: tuple[float, Box]) -> LeftBy:
    return LeftBy(LeftByKind.PERSON, 0.8, path=path)


@pytest.mark.parametrize(
    ("leaver", "begun"),
    [
        (None, SEEN_AT),
        (left_by(), SEEN_AT),
        (left_by((18.0, AWAY), (21.0, AT_PLACE)), SEEN_AT),
        (left_by((14.0, AWAY), (16.0, AT_PLACE), (18.0, AT_PLACE), (22.0, AWAY)), 16.0),
        (left_by((16.0, AT_PLACE), (18.0, AT_PLACE), (19.0, AWAY)), 16.0),
        (left_by((10.0, AT_PLACE), (12.0, AWAY), (18.0, AT_PLACE), (19.0, AT_PLACE)), 18.0),
        (left_by((10.0, AT_PLACE), (12.0, AT_PLACE), (14.0, AWAY), (22.0, AWAY)), SEEN_AT),
    ],
    ids=[
        "nobody seen",
        "nothing known of their way",
        "seen before they came to its place",
        "hidden by them until they went",
        "seen once they were aside",
        "they had been there once before",
        "they were gone long before it came",
    ],
)
def test_an_act_begins_when_its_leaver_came_before_the_place(
    leaver: LeftBy | None, begun: float
) -> None:
    assert begins(SEEN_AT, PLACE, leaver) == begun


def test_the_still_of_before_is_from_before_anybody_could_hide_the_thing() -> None:
    leaver = left_by((14.0, AWAY), (16.0, AT_PLACE), (18.0, AT_PLACE), (22.0, AWAY))
    shown = moments(SEEN_AT, 40.0, PLACE, leaver)
    assert shown["still_before"] == 16.0 - BEFORE_S
    assert shown["still_onset"] == SEEN_AT
    assert shown["still_after"] == 40.0


def test_who_comes_back_to_the_thing_later_is_not_taken_to_leave_it_then() -> None:
    beside = Box(0.42, 0.30, 0.49, 0.64)
    leaver = left_by((19.0, AWAY), (20.5, beside), (25.0, AWAY), (35.0, AT_PLACE))
    assert moments(SEEN_AT, 40.0, PLACE, leaver)["still_act"] == 20.5


def test_who_was_not_seen_about_that_time_is_shown_where_they_came_nearest() -> None:
    leaver = left_by((4.0, AWAY), (8.0, AT_PLACE), (10.0, AWAY))
    assert moments(SEEN_AT, 40.0, PLACE, leaver)["still_act"] == 8.0


def test_an_act_whose_leaver_nobody_saw_is_shown_at_its_middle() -> None:
    assert moments(SEEN_AT, 40.0, PLACE, None)["still_act"] == 30.0
