"""The teacher keeps what its views agree on."""

import numpy as np
import pytest

from viahe_models.distil import agreed
from viahe_models.graph import Rows
from viahe_models.recipe import Teacher

TEACHER = Teacher(ask=0.1, keep=0.35, agree=2, overlap=0.6)


def view(*rows: tuple[float, ...]) -> Rows:
    return np.array(rows, dtype=np.float32).reshape(-1, 6)


def test_what_two_of_two_views_see_is_kept_once_with_their_mean() -> None:
    kept = agreed(TEACHER, [view((0, 0, 10, 20, 0.8, 0)), view((0, 0, 12, 20, 0.8, 0))])
    assert kept[0] == pytest.approx([0, 0, 11, 20, 0.8, 0])
    assert len(kept) == 1


def test_what_one_view_alone_sees_is_dropped() -> None:
    assert len(agreed(TEACHER, [view((0, 0, 10, 20, 0.99, 0)), view()])) == 0


def test_a_view_that_misses_it_lowers_the_score() -> None:
    seen = view((0, 0, 10, 20, 0.5, 0))
    assert len(agreed(TEACHER, [seen, seen])) == 1
    assert len(agreed(TEACHER, [seen, seen, view(), view()])) == 0


def test_two_classes_on_one_place_stay_two() -> None:
    both = view((0, 0, 10, 20, 0.9, 0), (0, 0, 10, 20, 0.8, 2))
    assert sorted(agreed(TEACHER, [both, both])[:, 5]) == [0, 2]


def test_neighbours_in_one_view_are_not_taken_for_one_thing() -> None:
    crowd = view((0, 0, 10, 20, 0.9, 0), (2, 0, 12, 20, 0.8, 0))
    assert len(agreed(TEACHER, [crowd, crowd])) == 2


def test_nothing_seen_is_nothing_kept() -> None:
    assert agreed(TEACHER, [view(), view()]).shape == (0, 6)
