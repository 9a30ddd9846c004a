"""What is masked is black before anything looks, in whatever size it is decoded."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_detector.masking import masked, masks_of
from viahe_rules.plan import Surface, Zone

LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
CORNER = ((0.9, 0.9), (1.0, 0.9), (1.0, 1.0), (0.9, 1.0))


@pytest.mark.parametrize("size", [(36, 64), (1080, 1920)])
def test_a_mask_is_black_and_the_rest_as_it_was(size: tuple[int, int]) -> None:
    picture = np.full((*size, 3), 200, np.uint8)
    seen = masked(picture, (LEFT_HALF,))
    half = size[1] // 2
    assert not seen[:, :half].any()
    assert (seen[:, half + 1 :] == 200).all()
    assert (picture == 200).all(), "the picture given is not changed"


def test_without_a_mask_the_picture_itself_is_looked_at() -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    assert masked(picture, ()) is picture


def test_a_camera_is_masked_by_the_masks_of_all_its_zones() -> None:
    def zone(name: str, *masks: tuple[tuple[float, float], ...]) -> Zone:
        return Zone(name, 1, name, LEFT_HALF, Surface.PAVEMENT, (), masks)

    assert masks_of((zone("a", LEFT_HALF), zone("b"), zone("c", CORNER))) == (
        LEFT_HALF,
        CORNER,
    )


corners = st.tuples(st.floats(0, 1), st.floats(0, 1))


@given(st.lists(st.lists(corners, min_size=3, max_size=6).map(tuple), max_size=3).map(tuple))
def test_masking_twice_masks_no_more(masks: tuple[tuple[tuple[float, float], ...], ...]) -> None:
    picture = np.full((18, 32, 3), 9, np.uint8)
    once = masked(picture, masks)
    assert (masked(once, masks) == once).all()
