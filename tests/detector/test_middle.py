"""The middle figure is NumPy's median to the last bit: what is judged by it must not change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from viahe_detector.middle import middle

GREYS = st.floats(0, 255, width=32)


@given(arrays.arrays(np.float32, st.integers(1, 40), elements=GREYS))
def test_it_is_the_median_of_any_number_of_figures(figures: np.ndarray) -> None:
    assert middle(figures) == np.median(figures)
    assert middle(figures).dtype == np.float32


@pytest.mark.parametrize("shape", [(180, 320), (179, 319), (1, 1)])
def test_it_is_that_of_a_whole_picture_which_is_left_as_it_was(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(3).normal(120, 40, shape).astype(np.float32)
    before = picture.copy()
    assert middle(picture) == np.median(picture)
    assert np.array_equal(picture, before)
