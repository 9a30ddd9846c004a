"""How alike two vehicles look."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from viahe_rules.likeness import Shades, are_unlike, likeness, shades_told

SHADES = st.lists(st.integers(0, 15).map(float), min_size=36, max_size=36).map(tuple)


@given(SHADES, SHADES)
def test_likeness_is_mutual_and_within_bounds(a: Shades, b: Shades) -> None:
    assert likeness(a, b) == pytest.approx(likeness(b, a))
    assert -1.000001 <= likeness(a, b) <= 1.000001


@given(SHADES, st.floats(0.2, 3.0), st.floats(-5.0, 5.0))
def test_light_changes_nothing(shades: Shades, gain: float, more: float) -> None:
    assume(len(set(shades)) > 1)
    assert likeness(shades, tuple(gain * each + more for each in shades)) == pytest.approx(1.0)


def test_what_has_no_shades_is_unlike_nothing() -> None:
    known = shades_told("0f" * 18)
    assert not are_unlike((), known)
    assert not are_unlike(known, ())
    assert are_unlike(known, shades_told("f0" * 18))


def test_shades_of_another_number_are_not_compared() -> None:
    assert not are_unlike(shades_told("0f" * 18), shades_told("f0" * 32))


def test_what_is_no_shade_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        shades_told("0g")
