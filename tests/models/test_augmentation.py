"""Pictures are made of pictures: things stay where their labels say, and chance is repeatable."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from viahe_models.augmentation import augmented
from viahe_models.cutouts import cut_out, put_down
from viahe_models.dataset import Sample, Truth, samples, truths
from viahe_models.degrading import degraded
from viahe_models.graph import Picture, read_picture
from viahe_models.recipe import Augmentation

RED, GROUND = (40, 40, 220), 120
THING = Truth(0, 0.4, 0.45, 0.6, 0.65)
WANTED = Augmentation(
    crops=2,
    crop_px=(48, 96),
    pasted=6,
    pasted_px=(24, 40),
    elsewhere=0.5,
    empty=("coco/train",),
    empty_about=(0,),
    empty_crops=2,
)


def street(grain: int = 4) -> Picture:
    """A red ball of 64 pixels on grey ground of 320."""
    chance = np.random.default_rng(1)
    picture = (GROUND + chance.normal(0, grain, (320, 320, 3))).clip(0, 255).astype(np.uint8)
    return np.asarray(cv2.circle(picture, (160, 176), 31, RED, cv2.FILLED), np.uint8)


def kept(root: Path, folder: str, picture: Picture, slot: int) -> None:
    for kind in ("images", "labels"):
        (root / folder / kind).mkdir(parents=True, exist_ok=True)
    for name in ("a", "b"):
        cv2.imwrite(str(root / folder / "images" / f"{name}.png"), picture)
        (root / folder / "labels" / f"{name}.txt").write_text(f"{slot} 0.5 0.55 0.2 0.2\n")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    kept(tmp_path, "street/train", street(), 0)
    kept(tmp_path, "coco/train", street()[:, :, ::-1], 0)
    return tmp_path


def made(root: Path, wanted: Augmentation = WANTED, seed: int = 0) -> list[Sample]:
    return augmented(wanted, root, samples(root, "street/train"), root / "made", seed)


def is_red(picture: Picture) -> np.ndarray:
    blue, green, red = (picture[:, :, channel].astype(int) for channel in range(3))
    return np.asarray((red - blue > 60) & (red - green > 60))


def within(picture: Picture, thing: Truth) -> Picture:
    height, width = picture.shape[:2]
    rows = slice(round(thing.top * height), round(thing.bottom * height))
    return picture[rows, round(thing.left * width) : round(thing.right * width)]


def test_a_thing_is_cut_out_along_its_edge() -> None:
    thing = cut_out(street(), THING)
    assert thing is not None
    own = is_red(thing.picture)
    assert (thing.share[own] > 0.5).mean() > 0.95
    assert (thing.share[~own] < 0.5).mean() > 0.9


def test_what_is_too_small_or_is_not_told_from_its_ground_is_not_cut_out() -> None:
    assert cut_out(cv2.resize(street(), (120, 120)), THING) is None
    ground = np.full((320, 320, 3), GROUND, np.uint8)
    assert cut_out(ground, THING) is None


def test_a_thing_stands_where_it_was_put_and_nothing_else_changes() -> None:
    thing = cut_out(street(), THING)
    assert thing is not None
    ground = np.full((200, 300, 3), GROUND, np.uint8)
    found = put_down(ground, thing, 0.25, 0.8, 40)
    assert found is not None
    picture, put = found
    assert put.bottom == pytest.approx(0.8, abs=0.01)
    assert (put.left + put.right) / 2 == pytest.approx(0.25, abs=0.01)
    red = is_red(picture)
    assert red[140, 75]
    rows, columns = np.nonzero((picture != ground).any(axis=2))
    assert rows.min() >= put.top * 200 - 1
    assert rows.max() <= put.bottom * 200
    assert columns.min() >= put.left * 300 - 1
    assert columns.max() <= put.right * 300


def test_a_thing_that_would_reach_out_of_the_picture_is_not_put_down() -> None:
    thing = cut_out(street(), THING)
    assert thing is not None
    ground = np.full((200, 300, 3), GROUND, np.uint8)
    assert put_down(ground, thing, 0.02, 0.8, 40) is None
    assert put_down(ground, thing, 0.5, 0.1, 40) is None


def test_a_poor_picture_has_so_many_pixels_and_still_shows_what_is_there() -> None:
    shown = [degraded(street(), 64, np.random.default_rng(seed)) for seed in range(40)]
    assert {one.picture.shape for one in shown} == {(64, 64, 3)}
    assert all(25 <= one.quality <= 85 for one in shown)
    light = [one.picture.mean() for one in shown]
    assert min(light) < 0.6 * GROUND < 0.9 * GROUND < max(light)
    grey = [one for one in shown if np.ptp(one.picture.astype(int), axis=2).mean() < 20]
    assert 0 < len(grey) < len(shown)


def test_crops_show_the_thing_where_their_labels_say(root: Path) -> None:
    crops = [one for one in made(root) if one.picture.name.startswith("crop")]
    assert crops
    told = [(read_picture(one.picture), truths(one.labels)) for one in crops]
    assert all(max(picture.shape[:2]) <= 96 and known for picture, known in told)
    clear = [(picture, known) for picture, known in told if is_red(picture).any()]
    assert len(clear) > len(told) / 3  # the others are dark or grey
    for picture, known in clear:
        inside = sum(is_red(within(picture, thing)).sum() for thing in known)
        assert inside > 0.8 * is_red(picture).sum()


def test_rubbish_is_put_down_in_our_pictures_beside_what_is_labelled_and_in_others(
    root: Path,
) -> None:
    pasted = [one for one in made(root) if one.picture.name.startswith("pasted")]
    assert len(pasted) == 6
    things = sorted({len(truths(one.labels)) for one in pasted})
    assert things == [1, 2]  # others' own things are none of ours


def test_crops_of_what_is_none_of_ours_have_no_label(root: Path) -> None:
    empty = [one for one in made(root) if one.picture.name.startswith("empty")]
    assert len(empty) == 4
    assert not any(truths(one.labels) for one in empty)
    others = replace(WANTED, empty_about=(24,))
    assert not [one for one in made(root, others) if one.picture.name.startswith("empty")]


def test_the_same_seed_makes_the_same_pictures_and_another_makes_others(root: Path) -> None:
    def contents(seed: int) -> list[bytes]:
        return [one.picture.read_bytes() for one in made(root, seed=seed)]

    first = contents(0)
    assert contents(0) == first
    assert contents(1) != first
