"""One patch before and after: things end sharply, light fades; few pixels agree by chance."""

import cv2
import numpy as np

from viahe_detector.before_after import Verdict, compare
from viahe_detector.planes import Planes, Where

SIDE = 60


def ground(grain: float) -> Planes:
    luma = 100 + np.random.default_rng(3).normal(0, grain, (SIDE, SIDE))
    return np.stack([luma, np.full((SIDE, SIDE), 128.0), np.full((SIDE, SIDE), 128.0)]).astype(
        np.float32
    )


def lit(before: Planes, by: np.ndarray) -> Planes:
    now = before.copy()
    now[0] += by
    return now


def judged(before: Planes, now: Planes) -> tuple[Verdict, Where]:
    patch = np.abs(now[0] - before[0]) > 14
    return compare(before, now, patch, ~patch).verdict, patch


def test_a_beam_that_fades_out_on_even_ground_is_light() -> None:
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    beam = 40 * np.exp(-(((rows - 30) / 14) ** 2) - ((columns - 30) / 14) ** 2)
    even = ground(0.5)
    assert judged(even, lit(even, beam))[0] is Verdict.LIGHT


def test_as_bright_a_thing_with_an_edge_has_been_left() -> None:
    even = ground(0.5)
    thing = np.zeros((SIDE, SIDE))
    thing[20:40, 20:40] = 40
    blurred = cv2.GaussianBlur(thing, (3, 3), 0)
    assert judged(even, lit(even, blurred))[0] is Verdict.LEFT


def test_a_small_thing_beside_an_edge_that_goes_on_is_no_shadow() -> None:
    before = ground(4.0)
    before[0][:, 30:] -= 40
    now = before.copy()
    folds = np.random.default_rng(5).normal(0, 3, (10, 9))
    now[0][25:35, 22:31] = 35 + folds
    assert judged(before, now)[0] is Verdict.LEFT


def test_a_shadow_on_rough_ground_is_light() -> None:
    rough = ground(8.0)
    now = rough.copy()
    now[0][15:45, 15:45] *= 0.6
    assert judged(rough, now)[0] is Verdict.LIGHT


def test_what_either_picture_shows_as_much_of_is_unclear() -> None:
    before = ground(0.5)
    before[0][20:40, 18:40] += 40
    now = ground(0.5)
    now[0][20:40, 20:42] -= 40
    assert judged(before, now)[0] is Verdict.UNCLEAR


def test_ground_between_edges_that_were_there_is_light_however_far_it_stands_off() -> None:
    before = ground(0.5)
    before[0][15:45, 20:40] += 40
    now = before.copy()
    now[0][15:45, 20:40] += 45
    assert judged(before, now)[0] is Verdict.LIGHT


def test_a_thing_left_across_a_strong_edge_has_an_outline_of_its_own() -> None:
    before = ground(0.5)
    before[0][:, 30:] += 60
    now = before.copy()
    now[0][20:40, 20:40] = 40
    assert judged(before, now)[0] is Verdict.LEFT
