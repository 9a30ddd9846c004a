"""How alike two vehicles look."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from viahe_rules.domain import Box, Detection, Observation, Shades
from viahe_rules.likeness import ShadeValues, are_unlike, likeness, values_of
from viahe_rules.recorded import Malformed, from_line, to_line

SHADES = st.lists(st.integers(0, 15).map(float), min_size=36, max_size=36).map(tuple)


@given(SHADES, SHADES)
def test_likeness_is_mutual_and_within_bounds(a: ShadeValues, b: ShadeValues) -> None:
    assert likeness(a, b) == pytest.approx(likeness(b, a))
    assert -1.000001 <= likeness(a, b) <= 1.000001


@given(SHADES, st.floats(0.2, 3.0), st.floats(-5.0, 5.0))
def test_light_changes_nothing(shades: ShadeValues, gain: float, more: float) -> None:
    assume(len(set(shades)) > 1)
    assert likeness(shades, tuple(gain * each + more for each in shades)) == pytest.approx(1.0)


def test_what_has_no_shades_is_unlike_nothing() -> None:
    known = told("0f" * 18)
    assert not are_unlike((), known)
    assert not are_unlike(known, ())
    assert are_unlike(known, told("f0" * 18))


def test_shades_of_another_number_are_not_compared() -> None:
    assert not are_unlike(told("0f" * 18), told("f0" * 32))


def test_a_recorded_look_with_shades_that_are_none_is_refused_where_they_are() -> None:
    car = Detection("car", 0.8, Box(0.1, 0.1, 0.2, 0.2), Shades("0f" * 18))
    line = to_line(Observation("cam-1", "r1", 0.0, detections=(car,)))
    assert from_line(line) == Observation("cam-1", "r1", 0.0, detections=(car,))
    with pytest.raises(Malformed, match=r"detections\[0\]\.shades: expected hexadecimal digits"):
        from_line(line.replace("0f0f", "0g0f", 1))


def told(digits: str) -> ShadeValues:
    return values_of(Shades(digits))
