"""The staged ground is one plane, seen once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_rules.geometry import polygon_faults
from viahe_samples.ground import (
    FRONTS,
    height_at,
    lane_at,
    metre_at,
    metres_at,
    strip,
    x_at,
)

xs = st.floats(-0.3, 1.3)
lanes = st.floats(FRONTS, 1.1)


@given(lanes, xs)
def test_a_point_lies_on_the_lane_it_was_taken_from(lane: float, x: float) -> None:
    assert lane_at(x, height_at(lane, x)) == pytest.approx(lane)


@given(lanes, xs)
def test_metres_lead_back_to_the_point_they_were_measured_at(lane: float, x: float) -> None:
    along, _ = metres_at(x, height_at(lane, x))
    assert x_at(along, lane) == pytest.approx(x, abs=0.01)


@given(lanes, xs, xs)
def test_a_lane_keeps_its_distance_from_the_camera(lane: float, x: float, other: float) -> None:
    here, there = (metres_at(each, height_at(lane, each))[1] for each in (x, other))
    assert here == pytest.approx(there)


def test_a_metre_along_the_street_is_about_as_long_as_an_upright_one_is_high() -> None:
    """Of a picture 16 wide and 9 high, in the middle; the street recedes, so a little shorter."""
    for lane in (0.4, 0.64, 0.9):
        along, _ = metres_at(0.3, height_at(lane, 0.3))
        wide = x_at(along + 1, lane) - 0.3
        high = metre_at(height_at(lane, 0.3))
        assert 0.7 < wide * 16 / (high * 9) < 1.1


@given(st.floats(0.4, 0.7), st.floats(0.75, 1.2), st.floats(0, 0.4), st.floats(0.5, 1))
def test_a_strip_is_a_polygon_a_zone_may_have(
    far: float, near: float, left: float, right: float
) -> None:
    assert polygon_faults(strip(near, far, left, right)) == ()
