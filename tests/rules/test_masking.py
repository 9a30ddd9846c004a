"""What is masked is not judged, live and in the answers to what rules asked."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.stories import (
    CAR,
    dumping_rule,
    encroachment_rule,
    look,
    plan,
    seconds,
    suspicions,
    watched,
)
from viahe_rules.domain import Answer, Box, Polygon
from viahe_rules.masking import unmasked
from viahe_rules.plan import Plan

GROUND = plan(encroachment_rule())
AROUND_THE_CAR = ((0.15, 0.45), (0.5, 0.45), (0.5, 0.8), (0.15, 0.8))
A_CORNER_OF_IT = ((0.15, 0.45), (0.28, 0.45), (0.28, 0.6), (0.15, 0.6))
STOPPED = [look(t, seen=[("car", CAR)] if t >= 5 else []) for t in seconds(0, 30)]


def masked(ground: Plan, *masks: Polygon) -> Plan:
    (zone,) = ground.zones
    return replace(ground, zones=(replace(zone, masks=masks),))


def test_a_car_that_stops_in_a_mask_was_not_seen() -> None:
    assert len(suspicions(watched(GROUND, STOPPED)[1])) == 1
    assert suspicions(watched(masked(GROUND, AROUND_THE_CAR), STOPPED)[1]) == []


def test_a_car_of_which_a_mask_covers_a_corner_is_seen() -> None:
    assert len(suspicions(watched(masked(GROUND, A_CORNER_OF_IT), STOPPED)[1])) == 1


def test_a_mask_of_one_zone_holds_for_the_whole_camera() -> None:
    (zone,) = GROUND.zones
    elsewhere = ((0.9, 0.9), (1.0, 0.9), (1.0, 1.0))
    other = replace(zone, id="other", polygon=elsewhere, rules=(), masks=(AROUND_THE_CAR,))
    ground = replace(GROUND, zones=(zone, other))
    assert suspicions(watched(ground, STOPPED)[1]) == []


def test_a_lasting_change_in_a_mask_was_not_seen() -> None:
    bag = Box(0.2, 0.5, 0.25, 0.55)
    left = [look(t, things=[(bag, 5.0)] if t >= 5 else []) for t in seconds(0, 60)]
    ground = plan(dumping_rule())
    assert len(suspicions(watched(ground, left)[1])) == 1
    assert suspicions(watched(masked(ground, AROUND_THE_CAR), left)[1]) == []


def test_what_was_looked_back_at_is_masked_too() -> None:
    answer = Answer("key", GROUND.camera, "r1", (look(1.0, persons=[CAR]),))
    heard = unmasked(masked(GROUND, AROUND_THE_CAR), answer)
    assert isinstance(heard, Answer)
    assert heard.looks[0].detections == ()


@given(st.floats(0.0, 0.5), st.floats(0.0, 0.5), st.floats(0.01, 0.5), st.floats(0.01, 0.5))
def test_a_mask_over_everything_leaves_nothing(
    left: float, top: float, width: float, height: float
) -> None:
    box = Box(left, top, left + width, top + height)
    everywhere = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    seen = look(1.0, seen=[("car", box)], things=[(box, 0.5)])
    assert unmasked(GROUND, seen) is seen
    assert unmasked(masked(GROUND, everywhere), seen) == look(1.0)
