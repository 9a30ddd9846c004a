"""More pictures to learn from, made of those there are: rubbish put down elsewhere, and things as
the detector asks about them, in a crop of few pixels from a poor camera."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from viahe_models.cutouts import Cutout, cut_out, put_down
from viahe_models.dataset import Sample, Truth, samples, truths
from viahe_models.degrading import degraded
from viahe_models.graph import Picture, read_picture
from viahe_models.recipe import Augmentation

MOST_COVERED = 0.1
"""The share of a thing that another may be put down upon."""
LEAST_INSIDE = 0.4
"""The share of a thing that must be in a crop for its label to stay."""
QUALITY = 92
"""Of the JPEG of a picture that nothing else befalls."""
TRIES = 8
"""Draws at most for each picture asked for: many things cannot be cut out, or have no room."""


@dataclass(frozen=True, slots=True)
class _Made:
    picture: Picture
    things: tuple[Truth, ...]
    quality: int = QUALITY


def augmented(
    wanted: Augmentation, root: Path, parts: Sequence[Sample], place: Path, seed: int
) -> list[Sample]:
    """Writes the pictures below `place`, where what was before goes, and returns them.

    From the same pictures and seed they are the same to the byte. Raises DatasetError."""
    shutil.rmtree(place, ignore_errors=True)
    for kind in ("images", "labels"):
        (place / kind).mkdir(parents=True)
    chance = np.random.default_rng(seed)
    own = [sample for sample in parts if truths(sample.labels)]
    others = [sample for folder in wanted.empty for sample in samples(root, folder)]
    put = list(_written(place, "pasted", _pasted(wanted, own, others, chance)))
    crops = list(_written(place, "crop", _crops(wanted, [*own, *put], chance)))
    nothing = list(_written(place, "empty", _empty(wanted, others, chance)))
    return [*put, *crops, *nothing]


def _pasted(
    wanted: Augmentation,
    own: Sequence[Sample],
    others: Sequence[Sample],
    chance: np.random.Generator,
) -> Iterator[_Made]:
    """Things put down where others stand: there is ground in front of what has a foot."""
    made = 0
    for _ in range(wanted.pasted * TRIES):
        if made == wanted.pasted or not own:
            return
        thing = _cutout(own[int(chance.integers(len(own)))], wanted.pasted_slot, chance)
        onto = others if others and chance.random() < wanted.elsewhere else own
        sample = onto[int(chance.integers(len(onto)))]
        if thing is None or not (standing := truths(sample.labels)):
            continue
        known = standing if onto is own else ()
        foot = standing[int(chance.integers(len(standing)))]
        picture = read_picture(sample.picture)
        height_px = int(np.exp(chance.uniform(*np.log(wanted.pasted_px))))
        base = min(0.99, foot.bottom + chance.uniform(-0.02, 0.08))
        middle = chance.uniform(foot.left - 0.15, foot.right + 0.15)
        found = put_down(picture, thing, middle, base, height_px)
        if found is None or any(_covered(one, found[1]) > MOST_COVERED for one in known):
            continue
        made += 1
        yield _Made(found[0], (*known, found[1]))


def _cutout(sample: Sample, slot: int, chance: np.random.Generator) -> Cutout | None:
    """A thing that nothing else is in front of."""
    known = truths(sample.labels)
    thing = known[int(chance.integers(len(known)))]
    alone = all(_covered(thing, one) < MOST_COVERED for one in known if one is not thing)
    return cut_out(read_picture(sample.picture), thing) if alone and thing.slot == slot else None


def _crops(
    wanted: Augmentation, parts: Sequence[Sample], chance: np.random.Generator
) -> Iterator[_Made]:
    """As the detector asks: about one thing, a few times as large."""
    for sample in parts:
        picture, known = read_picture(sample.picture), truths(sample.labels)
        for _ in range(wanted.crops):
            yield _crop(wanted, picture, known, known[int(chance.integers(len(known)))], chance)


def _empty(
    wanted: Augmentation, others: Sequence[Sample], chance: np.random.Generator
) -> Iterator[_Made]:
    """About things that are none of ours."""
    for sample in others:
        if about := [one for one in truths(sample.labels) if one.slot in wanted.empty_about]:
            picture = read_picture(sample.picture)
            for _ in range(wanted.empty_crops):
                thing = about[int(chance.integers(len(about)))]
                yield _crop(wanted, picture, (), thing, chance)


def _crop(
    wanted: Augmentation,
    picture: Picture,
    known: Sequence[Truth],
    about: Truth,
    chance: np.random.Generator,
) -> _Made:
    height, width = picture.shape[:2]
    across, down = (about.right - about.left) * width, (about.bottom - about.top) * height
    longer, times = max(across, down), chance.uniform(*wanted.crop_times)
    # Between a square and the thing's own shape, and not quite about its middle.
    sides = [times * (longer + (side - longer) * chance.random()) for side in (across, down)]
    size = [
        max(8, min(round(side), most)) for side, most in zip(sides, (width, height), strict=True)
    ]
    middle = (about.left + about.right) / 2 * width, (about.top + about.bottom) / 2 * height
    corner = [
        round(float(np.clip(at - side / 2 + side * chance.uniform(-0.1, 0.1), 0, most - side)))
        for at, side, most in zip(middle, size, (width, height), strict=True)
    ]
    (x, y), (w, h) = corner, size
    inside = tuple(_within(one, x / width, y / height, w / width, h / height) for one in known)
    side_px = int(np.exp(chance.uniform(*np.log(wanted.crop_px))))
    shown = degraded(picture[y : y + h, x : x + w], min(side_px, max(w, h)), chance)
    return _Made(shown.picture, tuple(one for one in inside if one), shown.quality)


def _within(thing: Truth, x: float, y: float, w: float, h: float) -> Truth | None:
    """The thing in fractions of a part of its picture; None if it lies mostly outside."""
    part = Truth(0, x, y, x + w, y + h)
    if _covered(thing, part) < LEAST_INSIDE:
        return None
    left, right = ((max(0.0, min(1.0, (at - x) / w))) for at in (thing.left, thing.right))
    top, bottom = ((max(0.0, min(1.0, (at - y) / h))) for at in (thing.top, thing.bottom))
    return Truth(thing.slot, left, top, right, bottom)


def _covered(thing: Truth, by: Truth) -> float:
    across = min(thing.right, by.right) - max(thing.left, by.left)
    down = min(thing.bottom, by.bottom) - max(thing.top, by.top)
    area = (thing.right - thing.left) * (thing.bottom - thing.top)
    return max(0.0, across) * max(0.0, down) / area if area > 0 else 0.0


def _written(place: Path, kind: str, made: Iterator[_Made]) -> Iterator[Sample]:
    for number, one in enumerate(made):
        picture = place / "images" / f"{kind}_{number:05d}.jpg"
        labels = place / "labels" / f"{kind}_{number:05d}.txt"
        cv2.imwrite(str(picture), one.picture, [cv2.IMWRITE_JPEG_QUALITY, one.quality])
        labels.write_text("".join(_line(thing) for thing in one.things), encoding="utf-8")
        yield Sample(picture.absolute(), labels.absolute())


def _line(thing: Truth) -> str:
    x, y = (thing.left + thing.right) / 2, (thing.top + thing.bottom) / 2
    width, height = thing.right - thing.left, thing.bottom - thing.top
    return f"{thing.slot} {x:.6f} {y:.6f} {width:.6f} {height:.6f}\n"
