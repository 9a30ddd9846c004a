"""Looking back at a place: real network, a photographed person, a drawn bag."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.detector.photograph import street_photograph
from viahe_detector.inference import Network
from viahe_detector.lookback import LookingBack, look_back
from viahe_detector.media import Picture, StreamFacts
from viahe_detector.pixels import Pixels
from viahe_rules.domain import Answer, Ask, Box, Detection, LeftByKind
from viahe_rules.leaver import find_leaver

WIDTH, HEIGHT = 640, 360
PLACE = Box(0.48, 0.72, 0.53, 0.82)
ASK = Ask("stay", "run-1", 0.0, 6.0, PLACE, (0.0, 6.0))
FACTS = StreamFacts("h264", WIDTH, HEIGHT, 0, Fraction(1, 90000), b"", 8.0, None, b"")
PUT_DOWN_T = 2.5

Walk = Callable[[float], float | None]


@pytest.fixture(scope="module")
def network() -> Network:
    return Network.open("street", size=(192, 320))


@pytest.fixture(scope="module")
def walker(network: Network) -> Pixels:
    """A person cut out of the photograph, 200 pixels high, background and all."""
    photograph = street_photograph()
    people = (found for found in network.detect(photograph, 0.5) if found.label == "person")
    box = min(people, key=lambda found: abs(found.box.width - 0.18)).box
    height, width = photograph.shape[:2]
    cut = photograph[
        int(box.top * height) : int(box.bottom * height),
        int(box.left * width) : int(box.right * width),
    ]
    return np.asarray(cv2.resize(cut, (85, 200), interpolation=cv2.INTER_AREA), np.uint8)


@cache
def ground(number: int) -> NDArray[np.float32]:
    """Paving in two greys, in the noise a sensor has in one of eight pictures."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    paving = 110.0 + 10.0 * ((rows // 24 + columns // 40) % 2)
    noise = np.random.default_rng(number).normal(0, 2, (HEIGHT, WIDTH, 3))
    return np.asarray(paving[..., None] + noise, np.float32)


def street(number: int, light: float = 1.0) -> Pixels:
    return np.asarray(np.clip(ground(number % 8) * light, 0, 255), np.uint8)


def scene(
    walker: Pixels, walk: Walk, *, bag_from: float = PUT_DOWN_T, fps: int = 8, dimmed: float = 1.0
) -> Iterator[Picture]:
    """Six seconds; `walk` gives the walker's left edge in pixels, None while out of sight.

    `dimmed` is the light from the fourth second on.
    """
    for number in range(6 * fps):
        t = number / fps
        picture = street(number, dimmed if t >= 4 else 1.0)
        if t >= bag_from:
            colour = tuple(round(part * (dimmed if t >= 4 else 1.0)) for part in (60, 40, 40))
            picture[259:296, 307:340] = colour
        left = walk(t)
        if left is not None and -60 < left < WIDTH - 60:
            first, last = max(0, int(left)), min(WIDTH, int(left) + 85)
            picture[98:298, first:last] = walker[:, first - int(left) : last - int(left)]
        yield Picture("run-1", t, 1000.0 + t, picture, FACTS)


def puts_it_down(t: float) -> float:
    """Beside the place from 2 to 3.5 s, and away to the left afterwards."""
    return 218.0 - 160 * max(0.0, 2 - t) - 160 * max(0.0, t - 3.5)


def nobody(_: float) -> None:
    return None


def presence(answer: Answer) -> list[float]:
    return [change.score for look in answer.looks for change in look.changes]


def test_a_look_back_finds_the_moment_and_the_person(network: Network, walker: Pixels) -> None:
    answer = look_back(ASK, "gate", scene(walker, puts_it_down), network)
    assert (answer.key, answer.camera, answer.run) == ("stay", "gate", "run-1")
    assert [look.t for look in answer.looks] == [n / 8 for n in range(48)]
    assert answer.looks[8].at == 1001.0
    leaving = find_leaver(PLACE, answer)
    assert leaving.appeared_at == pytest.approx(PUT_DOWN_T, abs=0.13)
    assert leaving.left_by.kind is LeftByKind.PERSON
    assert leaving.left_by.gone_at is not None
    assert 4.0 < leaving.left_by.gone_at <= 6.0


def test_a_place_shows_the_thing_from_the_look_it_came(network: Network, walker: Pixels) -> None:
    scores = presence(look_back(ASK, "gate", scene(walker, nobody), network))
    assert max(scores[:20]) < 0.1
    assert min(scores[20:]) > 0.9


def test_light_that_fades_later_does_not_take_the_thing_away(
    network: Network, walker: Pixels
) -> None:
    scores = presence(look_back(ASK, "gate", scene(walker, nobody, dimmed=0.7), network))
    assert max(scores[:20]) < 0.2
    assert min(scores[20:]) > 0.8


def test_a_place_where_nothing_changed_says_nothing(network: Network, walker: Pixels) -> None:
    for bag_from in (-1.0, 99.0):
        answer = look_back(ASK, "gate", scene(walker, nobody, bag_from=bag_from), network)
        assert len(answer.looks) == 48
        assert presence(answer) == []


def test_pictures_that_come_faster_are_skipped(network: Network, walker: Pixels) -> None:
    answer = look_back(replace(ASK, end=2.0), "gate", scene(walker, nobody, fps=24), network)
    assert [look.t for look in answer.looks] == [n / 8 for n in range(17)]


def test_only_the_seconds_asked_for_are_looked_at(network: Network, walker: Pixels) -> None:
    asked = replace(ASK, start=1.0, end=3.0)
    answer = look_back(asked, "gate", scene(walker, nobody), network)
    assert (answer.looks[0].t, answer.looks[-1].t) == (1.0, 3.0)


def test_before_and_after_it_may_have_come_movers_are_followed_at_fewer_looks(
    network: Network, walker: Pixels
) -> None:
    answer = look_back(
        replace(ASK, closely=(2.0, 4.0)), "gate", scene(walker, puts_it_down), network
    )
    gaps = [(look.t, after.t - look.t) for look, after in pairwise(answer.looks)]
    assert {gap for t, gap in gaps if 2.0 <= t < 3.9} == {1 / 8}
    assert {gap for t, gap in gaps if t >= 4.0} == {3 / 8}
    leaving = find_leaver(PLACE, answer)
    assert leaving.appeared_at == pytest.approx(PUT_DOWN_T, abs=0.13)
    assert leaving.left_by.kind is LeftByKind.PERSON
    assert leaving.left_by.gone_at is not None


def test_a_place_is_followed_through_the_pictures_of_a_camera_that_is_turned(
    network: Network, walker: Pixels
) -> None:
    """It turns by a sixth of its picture in four seconds, and then shows the place where asked."""
    chance = np.random.default_rng(4)
    wide = cv2.GaussianBlur(chance.normal(0, 150, (HEIGHT, 2 * WIDTH, 3)), (0, 0), 3) + 110

    def turned() -> Iterator[Picture]:
        for number in range(48):
            t = number / 8
            picture = np.clip(wide + chance.normal(0, 2, wide.shape), 0, 255).astype(np.uint8)
            off = round(104 - 26 * min(t, 4.0))
            if t >= PUT_DOWN_T:
                picture[259:296, 307:340] = (60, 40, 40)
            seen = np.ascontiguousarray(picture[:, off : off + WIDTH])
            yield Picture("run-1", t, 1000.0 + t, seen, FACTS)

    looking_back = LookingBack(network)
    scores = presence(looking_back.answer(ASK, "gate", lambda *_: turned()))
    assert max(scores[:20]) < 0.3
    assert min(scores[20:]) > 0.7


def test_a_place_is_looked_for_where_it_lay_as_it_was_asked_about(
    network: Network, walker: Pixels
) -> None:
    """The camera is turned all the while, by half its picture; the place is asked about a second
    and a half after what is looked back at, and lay outside of the picture at first."""
    chance = np.random.default_rng(4)
    wide = cv2.GaussianBlur(chance.normal(0, 150, (HEIGHT, 2 * WIDTH, 3)), (0, 0), 3) + 110
    asked_at = 7.5
    bag = slice(259, 296), slice(680, 713)

    def off(t: float) -> int:
        return round(8 + 40 * t)

    def turned(start: float, end: float) -> Iterator[Picture]:
        for number in range(61):
            t = number / 8
            picture = np.clip(wide + chance.normal(0, 2, wide.shape), 0, 255).astype(np.uint8)
            if t >= PUT_DOWN_T:
                picture[bag] = (60, 40, 40)
            seen = np.ascontiguousarray(picture[:, off(t) : off(t) + WIDTH])
            if start <= t <= end:
                yield Picture("run-1", t, 1000.0 + t, seen, FACTS)

    left = 680 - off(asked_at)
    there = Box(left / WIDTH, 259 / HEIGHT, (left + 33) / WIDTH, 296 / HEIGHT)
    asked = replace(ASK, place=there, placed_at=asked_at)
    answer = LookingBack(network).answer(asked, "gate", turned)
    for look in answer.looks:
        assert look.swung[0] == pytest.approx((off(asked_at) - off(look.t)) / WIDTH, abs=0.02)
    told = {look.t: look.changes[0].score for look in answer.looks if look.changes}
    assert 1.4 < min(told) < 1.8, "before, the picture ends before the place"
    assert max(score for t, score in told.items() if t < PUT_DOWN_T) < 0.3
    assert min(score for t, score in told.items() if t >= PUT_DOWN_T) > 0.7


def test_a_look_that_shows_other_ground_where_the_place_should_lie_says_nothing_of_it(
    network: Network, walker: Pixels
) -> None:
    """What is far off and what is near go different ways as the camera is turned: the ground about
    the place is another until the third second."""
    chance = np.random.default_rng(4)
    wide, other = (
        cv2.GaussianBlur(chance.normal(0, 150, (HEIGHT, 2 * WIDTH, 3)), (0, 0), 3) + 110
        for _ in range(2)
    )

    def turned(start: float, end: float) -> Iterator[Picture]:
        for number in range(61):
            t = number / 8
            picture = wide + chance.normal(0, 2, wide.shape)
            if t < 3:
                picture[220:330, 500:700] = other[220:330, 500:700]
            off = round(8 + 40 * t)
            seen = np.clip(picture[:, off : off + WIDTH], 0, 255).astype(np.uint8)
            if start <= t <= end:
                yield Picture("run-1", t, 1000.0 + t, np.ascontiguousarray(seen), FACTS)

    left = 580 - 308
    there = Box(left / WIDTH, 259 / HEIGHT, (left + 33) / WIDTH, 296 / HEIGHT)
    asked = replace(ASK, place=there, placed_at=7.5)
    answer = LookingBack(network).answer(asked, "gate", turned)
    assert presence(answer) == [], "otherwise the ground would be what came"


class Counting:
    """The network, and how often it was asked."""

    def __init__(self, network: Network) -> None:
        self.asked = 0
        self._network = network

    def detect(self, picture: Pixels, min_score: float | None = None) -> tuple[Detection, ...]:
        self.asked += 1
        return self._network.detect(picture, min_score)


def test_what_was_looked_at_beforehand_is_not_looked_at_again(
    walker: Pixels, network: Network
) -> None:
    counting = Counting(network)
    looking_back = LookingBack(counting)
    shown = list(scene(walker, puts_it_down))

    def pictures(start: float, end: float) -> Iterator[Picture]:
        return (picture for picture in shown if start <= picture.t <= end)

    def broken_off(start: float, end: float) -> Iterator[Picture]:
        return (picture for picture in pictures(start, end) if picture.t < 3.0)

    looking_back.prepare(replace(ASK, end=5.0), "gate", broken_off)
    beforehand, counting.asked = counting.asked, 0
    answer = looking_back.answer(ASK, "gate", pictures)
    assert answer == look_back(ASK, "gate", shown, network)
    assert 0 < counting.asked <= len(answer.looks) - beforehand


def test_no_pictures_are_an_empty_answer(network: Network) -> None:
    assert look_back(ASK, "gate", (), network).looks == ()
