"""When the network need not be asked again."""

import numpy as np
import pytest

from viahe_detector.pixels import Pixels
from viahe_detector.stillness import AGREEING_ANSWERS, Stillness
from viahe_rules.domain import Box, Detection

LONGEST_S = 30.0
CAR = Detection("car", 0.7, Box(0.2, 0.4, 0.5, 0.7))


def street(number: int = 0, grain: float = 2.0) -> Pixels:
    """An even street in the grain of one look."""
    noise = np.random.default_rng(number).normal(0, grain, (360, 640, 3))
    return np.asarray(np.clip(110 + noise, 0, 255), np.uint8)


def with_person(number: int, left: int) -> Pixels:
    """Somebody 24 pixels high, a little darker than the street: about the smallest named."""
    picture = street(number)
    picture[100:124, left : left + 9] -= 30
    return picture


def asked(stillness: Stillness, t: float, picture: Pixels, *says: Detection) -> bool:
    """Whether the network, which would say this, is asked about the picture."""
    carried = stillness.carried(t, picture)
    if carried is None:
        stillness.answered(t, picture, says)
        return True
    return False


def settled(*says: Detection) -> Stillness:
    """A street the network has said the same of, once a second up to second 2."""
    stillness = Stillness(LONGEST_S)
    for t in range(AGREEING_ANSWERS):
        assert asked(stillness, t, street(t), *says)
    return stillness


def test_a_street_that_stays_as_it_is_is_asked_about_no_more_and_goes_on_as_it_was() -> None:
    stillness = settled(CAR)
    assert [stillness.carried(t, street(t)) for t in range(3, 20)] == [(CAR,)] * 17


def test_a_small_person_who_comes_is_asked_about_at_once() -> None:
    stillness = settled()
    assert asked(stillness, 3, with_person(3, 300))


def test_somebody_who_walks_is_asked_about_at_every_look() -> None:
    stillness = settled()
    assert all(asked(stillness, 3 + n, with_person(n, 100 + 20 * n)) for n in range(10))


def test_change_too_slow_to_see_from_look_to_look_adds_up() -> None:
    stillness = settled()
    looks = [asked(stillness, 3 + n, street(n) + np.uint8(n)) for n in range(20)]
    assert not any(looks[:4])
    assert any(looks)


def test_no_answer_grows_older_than_it_may() -> None:
    stillness = settled()
    when = [t for t in range(3, 100) if asked(stillness, t, street(t))]
    assert when == [32, 62, 92]


def test_what_the_network_is_unsure_of_it_goes_on_being_asked_about() -> None:
    stillness = Stillness(LONGEST_S)
    answers = [(CAR,), (), (CAR,), (CAR,), ()] * 4
    assert all(asked(stillness, t, street(t), *says) for t, says in enumerate(answers))


def test_a_score_that_wavers_is_no_agreement() -> None:
    stillness = Stillness(LONGEST_S)
    scores = [0.3, 0.5] * 5
    says = [Detection("car", score, CAR.box) for score in scores]
    assert all(asked(stillness, t, street(t), each) for t, each in enumerate(says))


@pytest.mark.parametrize("longest_s", [0.0])
def test_nothing_is_carried_on_where_that_is_switched_off(longest_s: float) -> None:
    stillness = Stillness(longest_s)
    assert all(asked(stillness, t, street(t), CAR) for t in range(10))


def test_a_picture_of_another_size_is_asked_about() -> None:
    stillness = settled()
    assert asked(stillness, 3, street(3)[:, :480])
