"""Vehicles parked in real traffic: `python -m tests.detector.parked_clips --pictures DIR --into D`.

`DIR` holds `images` of one fixed camera, in order of their names, and `labels` beside them (a
class, and a box as centre and size in fractions). A vehicle is cut out where it was, together with
the street around it, and stands there in other pictures of that street: a picture a second, the
traffic that is nearer to the camera before it. Writes the clips and their truth, for
`viahe-detector score --truth D/truth.yaml`. The vehicles and the traffic are real, their standing
is not. A vehicle comes in the first second in which traffic leaves most of it in sight, and the
picture it was cut from, in which it drives through its own place, is not in its clip.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
import yaml

from tests.detector.disturbed_clips import coded
from viahe_detector.hiding import inside
from viahe_detector.pixels import Pixels
from viahe_rules.domain import Box
from viahe_rules.geometry import clipped, grown, overlap

CLASSES = ("motorcycle", "car", "bus", "truck")
SECONDS, DWELL_S, CRF = 150, 30, 23
COMES_S, STANDS_S = (15, 50), (45, 80)
LEAST_PX = 40
"""Vehicles that are narrower or lower are not put there: nobody would draw a zone around them."""
FREE, CUT, APART = 1.3, 1.24, 1.6
"""How much more than its box a vehicle must have to itself, is cut out, and stands from others."""
SOFT_PX, NEARER = 3.0, 0.003
IN_SIGHT = 0.5
"""The share of a vehicle that must show in the second in which it is said to come."""
FAR = 0.2
"""The upper part of the picture, in which nothing is put: the far end of the street."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture and the vehicles that are known in it."""

    picture: Pixels
    vehicles: tuple[tuple[str, Box], ...]


@dataclass(frozen=True, slots=True)
class Parked:
    """A vehicle that stands in a clip from one second to another, as `shot` shows it."""

    label: str
    box: Box
    shot: Shot
    comes_s: int
    goes_s: int


def shots_in(folder: Path) -> tuple[Shot, ...]:
    """Every picture with its labels. Raises OSError, and ValueError where one is none."""
    shots = []
    for file in sorted((folder / "images").iterdir()):
        picture = cv2.imread(str(file))
        if picture is None:
            raise ValueError(f"{file} is no picture")
        lines = (folder / "labels" / f"{file.stem}.txt").read_text(encoding="utf-8").splitlines()
        vehicles = tuple(_vehicle(line, f"{file.stem}.txt:{i}") for i, line in enumerate(lines, 1))
        shots.append(Shot(np.asarray(picture, np.uint8), vehicles))
    return tuple(shots)


def clips(shots: Sequence[Shot], into: Path, count: int) -> Iterator[dict[str, Any]]:
    """Writes so many clips; yields each as the truth file has it. The last shows nobody parked."""
    alone = [(shot, label, box) for shot in shots for label, box in _alone(shot)]
    if not alone:
        raise ValueError("no vehicle stands clear of the others in any picture")
    for seed in range(count):
        chance = Random(seed)
        parked = () if seed == count - 1 else _chosen(alone, chance)
        begin = chance.randrange(len(shots))
        others = [
            s for s in (*shots[begin:], *shots[:begin]) if all(s is not p.shot for p in parked)
        ]
        shown = [others[t % len(others)] for t in range(SECONDS)]
        parked = tuple(_from_in_sight(each, shown) for each in parked)
        name = f"parked-{seed}.mp4"
        pictures = (_with_parked(shot, t, parked) for t, shot in enumerate(shown))
        coded(into / name, pictures, 1.0, CRF)
        yield _told(name, shots[0].picture.shape, parked)


def _vehicle(line: str, where: str) -> tuple[str, Box]:
    try:
        number, *figures = line.split()
        x, y, width, height = map(float, figures)
        label = CLASSES[int(number)]
    except (ValueError, IndexError) as wrong:
        raise ValueError(f"{where}: {line!r} is no class with a box ({wrong})") from wrong
    return label, clipped(Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))


def _alone(shot: Shot) -> Iterator[tuple[str, Box]]:
    """The vehicles of a picture that are large enough, whole, and have the street to themselves."""
    height, width = shot.picture.shape[:2]
    for label, box in shot.vehicles:
        is_large = min(box.width * width, box.height * height) >= LEAST_PX
        is_whole = box.left > 0 and box.right < 1 and box.top > FAR and box.bottom < 1
        others = (other for _, other in shot.vehicles if other != box)
        if is_large and is_whole and not any(overlap(grown(box, FREE), each) for each in others):
            yield label, box


def _chosen(alone: Sequence[tuple[Shot, str, Box]], chance: Random) -> tuple[Parked, ...]:
    """Two vehicles that stand apart; one of them may stay to the end."""
    chosen: list[Parked] = []
    for shot, label, box in chance.sample(list(alone), len(alone)):
        if any(overlap(grown(box, APART), grown(other.box, APART)) for other in chosen):
            continue
        comes = chance.randint(*COMES_S)
        goes = chance.choice((comes + chance.randint(*STANDS_S), SECONDS))
        chosen.append(Parked(label, box, shot, comes, goes))
        if len(chosen) == 2:
            break
    return tuple(chosen)


def _from_in_sight(parked: Parked, shown: Sequence[Shot]) -> Parked:
    """The same from the second on in which it can be seen to have come."""
    seconds = range(parked.comes_s, parked.goes_s)
    comes = (t for t in seconds if _hidden_share(parked, shown[t]) <= 1 - IN_SIGHT)
    return replace(parked, comes_s=next(comes, parked.comes_s))


def _hidden_share(parked: Parked, shot: Shot) -> float:
    """How much of its box the traffic of one picture hides."""
    height, width = shot.picture.shape[:2]
    place = inside(parked.box, height, width)
    hidden = np.zeros_like(place)
    for other in _nearer(parked, shot):
        hidden |= inside(other, height, width)
    return float(hidden[place].mean())


def _nearer(parked: Parked, shot: Shot) -> list[Box]:
    """The vehicles of a picture that pass before it."""
    cut = grown(parked.box, CUT)
    return [
        other
        for _, other in shot.vehicles
        if overlap(other, cut) and other.bottom > parked.box.bottom + NEARER
    ]


def _with_parked(shot: Shot, t: int, parked: Sequence[Parked]) -> Pixels:
    picture = shot.picture.astype(np.float32)
    for each in parked:
        if not each.comes_s <= t < each.goes_s:
            continue
        cut = grown(each.box, CUT)
        put = _soft(picture.shape, cut)
        picture = picture * (1 - put) + each.shot.picture * put
        for other in _nearer(each, shot):
            before = _soft(picture.shape, other)
            picture = picture * (1 - before) + shot.picture * before
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def _soft(shape: tuple[int, ...], box: Box) -> Any:
    height, width = shape[:2]
    mask = np.zeros((height, width), np.float32)
    left, top = int(box.left * width), int(box.top * height)
    mask[max(0, top) : int(box.bottom * height), max(0, left) : int(box.right * width)] = 1
    return cv2.GaussianBlur(mask, (0, 0), SOFT_PX)[..., None]


def _told(name: str, shape: tuple[int, ...], parked: Sequence[Parked]) -> dict[str, Any]:
    height, width = shape[:2]
    events: list[dict[str, Any]] = []
    for each in parked:
        box = each.box
        region = [box.left * width, box.top * height, box.right * width, box.bottom * height]
        event: dict[str, Any] = {
            "act": "encroachment",
            "object": each.label,
            "region": [round(e) for e in region],
        }
        event |= {"start_s": float(each.comes_s), "end_s": float(each.goes_s)}
        events.append(event | {"end_open": each.goes_s >= SECONDS})
    return {
        "file": name,
        "size": [width, height],
        "fps": 1.0,
        "duration_s": float(SECONDS),
        "camera": "fixed",
        "dwell_s": {"encroachment": float(DWELL_S)},
        "events": events,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the clips; 0 when they are written."""
    parser = argparse.ArgumentParser(prog="python -m tests.detector.parked_clips")
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--clips", type=int, default=16)
    chosen = parser.parse_args(arguments)
    chosen.into.mkdir(parents=True, exist_ok=True)
    told = list(clips(shots_in(chosen.pictures), chosen.into, chosen.clips))
    truth = yaml.safe_dump({"version": 1, "videos": told}, sort_keys=False, allow_unicode=True)
    (chosen.into / "truth.yaml").write_text(truth, encoding="utf-8")
    sys.stdout.write(f"{len(told)} clips in {chosen.into}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
