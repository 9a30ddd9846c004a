"""A camera looked at more often than its plan needs is not told more that is false."""

import pytest

from tests.detector.drawn_street import BAG, put_bag, street
from viahe_detector.cadence import EARLIEST
from viahe_detector.change import LastingChange
from viahe_detector.pace import apart_s
from viahe_detector.pixels import Pixels
from viahe_detector.standing_vehicles import StandingVehicles
from viahe_detector.truth import WHOLE_PICTURE
from viahe_rules.domain import THING, Act, Box, Change, Detection
from viahe_rules.plan import Rule, Surface, Zone

OFTEN_S = 0.125


def zones(dwell_s: float) -> tuple[Zone, ...]:
    rule = Rule("dumping", Act.DUMPING, ((THING, dwell_s),))
    return (Zone("1", 1, "gate", WHOLE_PICTURE, Surface.PAVEMENT, (rule,)),)


def street_with(number: int, box: Box | None) -> Pixels:
    picture = street(number)
    if box is not None:
        put_bag(picture, box)
    return picture


def watched(dwell_s: float, every_s: float, there: tuple[float, float]) -> list[Change]:
    """All that is told in 20 seconds of something unnamed that is there from and to a second."""
    change, told = LastingChange(), list[Change]()
    change.apart_s = apart_s(zones(dwell_s))
    for number in range(round(20 / every_s)):
        t = number * every_s
        told += change.step(t, street_with(number, BAG if there[0] <= t < there[1] else None), ())
    return told


@pytest.mark.parametrize("every_s", [OFTEN_S, 1.0, 2.0])
def test_what_lingers_for_a_moment_has_not_lasted(every_s: float) -> None:
    assert watched(60.0, every_s, (8.0, 8.75)) == []


@pytest.mark.parametrize("every_s", [OFTEN_S, 1.0, 2.0])
def test_what_stays_is_told_with_the_second_it_came(every_s: float) -> None:
    told = watched(60.0, every_s, (8.0, 20.0))
    assert {change.since for change in told} == {8.0}


def test_between_two_looks_that_count_a_change_is_remembered() -> None:
    told = watched(60.0, OFTEN_S, (8.0, 20.0))
    seen = [change for change in told if not change.remembered]
    assert 8 < len(seen) < len(told) / 4


def test_looks_a_short_dwell_needs_all_count_and_the_one_more_between_two_as_well() -> None:
    for dwell_s, look_s in ((60.0, 2.0), (8.0, 2.0), (5.0, 1.25), (1.0, 0.25)):
        assert apart_s(zones(dwell_s)) == pytest.approx(EARLIEST * look_s)


@pytest.mark.parametrize("every_s", [0.04, 0.2, 1.0])
def test_a_vehicle_that_drives_off_slowly_does_not_take_its_time_along(every_s: float) -> None:
    """It stands for ten seconds, and is then named wherever it is by now."""
    vehicles, since = StandingVehicles(0.25), dict[float, float | None]()
    for number in range(round(16 / every_s)):
        t = number * every_s
        along = 0.02 * max(0.0, t - 10.0) ** 1.5
        named = Detection("bus", 0.8, Box(0.1 + along, 0.4, 0.4 + along, 0.7))
        picture = street_with(number, named.box)
        (found, *_) = vehicles.look(t, picture, [named])
        since[t] = found.since
    last = max(since)
    assert since[max(t for t in since if t < 10.0)] == 0.0
    assert (since[last] or 0.0) > 11.0
