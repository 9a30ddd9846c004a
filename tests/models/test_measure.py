"""Figures mean what COCO's mean."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_models.measure import Seen, average_precision, figures


def seen(answers: list[tuple[float, ...]], truths: list[tuple[float, ...]]) -> Seen:
    return Seen(np.array(answers).reshape(-1, 6), np.array(truths, dtype=float).reshape(-1, 5))


def test_a_perfect_answer_is_one() -> None:
    (figure,) = figures([seen([(0, 0, 10, 10, 0.9, 0)], [(0, 0, 10, 10, 0)])], ["bag"], 0.25)
    assert (figure.ap50, figure.ap50_95) == pytest.approx((1, 1))
    assert (figure.recall, figure.precision, figure.false) == (1, 1, 0)


def test_a_second_answer_to_the_same_thing_is_false() -> None:
    twice = [(0, 0, 10, 10, 0.9, 0), (0, 0, 10, 10, 0.8, 0)]
    (figure,) = figures([seen(twice, [(0, 0, 10, 10, 0)])], ["bag"], 0.25)
    assert (figure.things, figure.false) == (1, 1)


def test_a_false_answer_that_is_surer_halves_the_precision() -> None:
    both = [(0, 0, 10, 10, 0.5, 0), (50, 50, 60, 60, 0.9, 0)]
    (figure,) = figures([seen(both, [(0, 0, 10, 10, 0)])], ["bag"], 0.25)
    assert figure.ap50 == pytest.approx(0.5)


def test_a_box_half_off_counts_at_low_overlaps_only() -> None:
    shifted = [(0, 2, 10, 12, 0.9, 0)]  # overlap 8 / 12
    (figure,) = figures([seen(shifted, [(0, 0, 10, 10, 0)])], ["bag"], 0.25)
    assert figure.ap50 == pytest.approx(1)
    assert figure.ap50_95 == pytest.approx(0.4)  # 0.50, 0.55, 0.60, 0.65 of ten


def test_answers_below_the_threshold_count_for_precision_averaged_but_not_at_it() -> None:
    (figure,) = figures([seen([(0, 0, 10, 10, 0.1, 0)], [(0, 0, 10, 10, 0)])], ["bag"], 0.25)
    assert figure.ap50 == pytest.approx(1)
    assert figure.recall == 0


def test_another_label_is_no_answer() -> None:
    named = seen([(0, 0, 10, 10, 0.9, 1)], [(0, 0, 10, 10, 0)])
    (figure,) = figures([named], ["bag", "bin"], 0.25)
    assert (figure.label, figure.ap50, figure.false) == ("bag", 0, 0)


def test_things_of_one_size_are_measured_without_those_of_another() -> None:
    small, large = (0, 0, 10, 10), (50, 50, 150, 150)
    answers = [(*small, 0.5, 0), (*large, 0.9, 0), (200, 200, 300, 300, 0.8, 0)]
    (figure,) = figures([seen(answers, [(*small, 0), (*large, 0)])], ["bag"], 0.25)
    assert (figure.small, figure.medium, figure.large) == (1, 0, 1)
    assert figure.ap50_small == pytest.approx(1)
    assert figure.ap50_medium is None
    assert figure.ap50_large == pytest.approx(1)  # the false answer is less sure than it
    assert figure.ap50 == pytest.approx((1 + 2 / 3) / 2, abs=0.01)


def test_a_false_answer_counts_among_things_of_its_own_size() -> None:
    small = (0, 0, 10, 10)
    for other, ap50 in (((20, 20, 28, 28), 0.5), ((20, 20, 150, 150), 1.0)):
        answers = [(*small, 0.5, 0), (*other, 0.9, 0)]
        (figure,) = figures([seen(answers, [(*small, 0)])], ["bag"], 0.25)
        assert figure.ap50_small == pytest.approx(ap50)


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(0, 5))
def test_more_false_answers_at_the_end_change_nothing(right: list[bool], more: int) -> None:
    things = max(1, sum(right))
    scores = np.linspace(1, 0.5, len(right))
    longer = np.concatenate([scores, np.linspace(0.4, 0.1, more)])
    padded = np.array([*right, *[False] * more])
    before = average_precision(scores, np.array(right), things)
    assert average_precision(longer, padded, things) == pytest.approx(before)
    assert 0 <= before <= 1 + 1e-9
