"""One camera's ground drawn in small pictures, with what is put on it and who stands there."""

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from viahe_detector.change import LastingChange
from viahe_detector.pixels import Pixels
from viahe_rules.domain import Box, Change, ChangeKind, Detection

WIDTH, HEIGHT = 480, 270
BAG = Box(0.4, 0.5, 0.48, 0.62)
PERSON_AT_BAG = Box(0.38, 0.2, 0.5, 0.65)

Drawing = Callable[[Pixels], None]


@cache
def ground(number: int) -> NDArray[np.float32]:
    """Paving in two greys with a kerb, in the noise a sensor has in one of eight looks."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    paving = 95.0 + 12.0 * ((rows // 20 + columns // 30) % 2) + 25.0 * (rows < 60)
    noise = np.random.default_rng(number).normal(0, 3, (HEIGHT, WIDTH, 3))
    return np.asarray(paving[..., None] + noise, np.float32)


def street(number: int, light: float = 1.0) -> Pixels:
    return np.asarray(np.clip(ground(number % 8) * light, 0, 255), np.uint8)


def marked_street(number: int) -> Pixels:
    """The street with the kerb stones, drains and cracks a real one has."""
    picture = street(number)
    chance = np.random.default_rng(1)
    for x, y, w, h in chance.integers((0, 0, 3, 3), (WIDTH, HEIGHT, 18, 12), (60, 4)):
        picture[y : y + h, x : x + w] = (picture[y : y + h, x : x + w] * 0.7).astype(np.uint8)
    return picture


def draw(picture: Pixels, box: Box, colour: tuple[int, int, int]) -> None:
    picture[
        round(box.top * HEIGHT) : round(box.bottom * HEIGHT),
        round(box.left * WIDTH) : round(box.right * WIDTH),
    ] = colour


def put_bag(picture: Pixels, box: Box = BAG) -> None:
    draw(picture, box, (40, 30, 30))


def put_person(picture: Pixels, box: Box = PERSON_AT_BAG) -> None:
    draw(picture, box, (60, 80, 160))


def person(box: Box = PERSON_AT_BAG, score: float = 0.8) -> Detection:
    return Detection("person", score, box)


class Watch:
    """One camera looked at once a second."""

    def __init__(self) -> None:
        self.change = LastingChange()
        self.t = 0.0

    def look(
        self, *drawn: Drawing, seen: Iterable[Detection] = (), light: float = 1.0
    ) -> tuple[Change, ...]:
        picture = street(int(self.t), light)
        for drawing in drawn:
            drawing(picture)
        told = self.change.step(self.t, picture, seen)
        self.t += 1.0
        return told

    def looks(
        self, count: int, *drawn: Drawing, seen: Iterable[Detection] = (), light: float = 1.0
    ) -> list[tuple[Change, ...]]:
        seen = tuple(seen)
        return [self.look(*drawn, seen=seen, light=light) for _ in range(count)]


def left(told: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(change for change in told if change.kind is ChangeKind.LEFT)
