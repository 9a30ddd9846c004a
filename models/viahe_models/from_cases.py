"""Reviewed cases as a data set: what people confirmed and rejected, split by camera.

The API hands out a folder (`viahe-api cases pictures`): `cases.jsonl` and the stills it names.
What becomes of a case:

| | |
|---|---|
| confirmed, dumping | the picture of the act, the place boxed as rubbish |
| rejected because nothing was there, or as the detector's mistake | the same picture, no box |
| anything else | left out: the picture does not tell what was wrong |

A camera is wholly in `train` or wholly in `val`: pictures of one street are near copies, and a
network measured on the street it learnt from is measured on its memory. Which it is follows from
the camera's name alone, so that a camera never changes sides as cases are added.

A box is where the detector saw the thing, not drawn by hand: look at `sheet-*.jpg` before training
and strike out the wrong ones by their names in `left-out.txt`, which the next making obeys.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from viahe_models.errors import DatasetError
from viahe_models.graph import Picture, read_picture

RUBBISH = 0
"""The slot of rubbish in the rubbish network's labels."""
NOTHING_THERE = frozenset({"1", "9"})
"""Reasons of a rejection that say there was no rubbish: ordinary passers-by, the detector's own
mistake. Permitted or already handled rubbish is still rubbish."""
VALIDATED_SHARE = 0.2
SHEET_ACROSS, SHEET_DOWN, TILE_PX = 6, 5, 240


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A case people decided: the still of the act, and the place in fractions of it."""

    code: str
    camera: str
    is_rubbish: bool
    left: float
    top: float
    right: float
    bottom: float
    still: Path

    @property
    def validates(self) -> bool:
        """Whether its camera's pictures measure rather than teach."""
        digest = hashlib.sha256(self.camera.encode()).digest()
        return int.from_bytes(digest[:4], "big") / 2**32 < VALIDATED_SHARE


def make(cases: Path, place: Path, said: Callable[[str], None]) -> int:
    """Write `place/{train,val}/{images,labels}` and the contact sheets; how many pictures.

    What was there goes, but for `left-out.txt`. Raises DatasetError where `cases` is no such
    folder, or holds nothing that can be learnt from.
    """
    left_out = _left_out(place)
    kept = [each for each in reviewed(cases) if each.code not in left_out]
    if not kept:
        raise DatasetError(f"{cases} holds no confirmed or mistaken case of dumping with a still")
    for name, validates in (("train", False), ("val", True)):
        shutil.rmtree(place / name, ignore_errors=True)
        part = [each for each in kept if each.validates is validates]
        _write(place / name, part)
        rubbish = sum(each.is_rubbish for each in part)
        cameras = len({each.camera for each in part})
        said(f"{name}: {len(part)} pictures of {cameras} cameras, {rubbish} of them with rubbish")
    for old in place.glob("sheet-*.jpg"):
        old.unlink()
    for number, start in enumerate(range(0, len(kept), SHEET_ACROSS * SHEET_DOWN), start=1):
        sheet = _sheet(kept[start : start + SHEET_ACROSS * SHEET_DOWN])
        cv2.imwrite(str(place / f"sheet-{number:03d}.jpg"), sheet)
    return len(kept)


def reviewed(cases: Path) -> Iterator[Reviewed]:
    """The cases that teach something, in the order of the file. Raises DatasetError."""
    listed = cases / "cases.jsonl"
    if not listed.is_file():
        raise DatasetError(f"there is no {listed}; make it with: viahe-api cases pictures")
    for number, line in enumerate(listed.read_text(encoding="utf-8").splitlines(), start=1):
        where = f"{listed}, line {number}"
        try:
            told = json.loads(line)
            case = _case(told, cases)
        except (ValueError, KeyError, TypeError) as wrong:
            raise DatasetError(f"{where} is no reviewed case: {wrong!r}") from wrong
        if case is not None and case.still.is_file():
            yield case


def _case(told: dict[str, Any], cases: Path) -> Reviewed | None:
    if told["act"] != "dumping" or not told["still"]:
        return None
    is_rubbish = told["verdict"] == "confirm"
    if not is_rubbish and not (told["verdict"] == "reject" and told["reason"] in NOTHING_THERE):
        return None
    still = cases / Path(told["still"]).name  # a name, whatever else the file says
    left, top, right, bottom = (min(1.0, max(0.0, float(each))) for each in told["place"])
    if not (left < right and top < bottom):
        raise ValueError(f"place {told['place']} is no box")
    code, camera = str(told["code"]), str(told["camera"])
    return Reviewed(code, camera, is_rubbish, left, top, right, bottom, still)


def _left_out(place: Path) -> frozenset[str]:
    listed = place / "left-out.txt"
    if not listed.is_file():
        return frozenset()
    lines = listed.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip())


def _write(place: Path, part: Sequence[Reviewed]) -> None:
    (place / "images").mkdir(parents=True)
    (place / "labels").mkdir()
    for each in part:
        shutil.copyfile(each.still, place / "images" / f"{each.code}{each.still.suffix}")
        (place / "labels" / f"{each.code}.txt").write_text(_label(each), encoding="utf-8")


def _label(case: Reviewed) -> str:
    if not case.is_rubbish:
        return ""
    x, y = (case.left + case.right) / 2, (case.top + case.bottom) / 2
    width, height = case.right - case.left, case.bottom - case.top
    return f"{RUBBISH} {x:.6f} {y:.6f} {width:.6f} {height:.6f}\n"


def _sheet(part: Sequence[Reviewed]) -> Picture:
    """Each place with its surroundings and its code, to be judged by eye."""
    tall = TILE_PX + 20
    sheet = np.full((SHEET_DOWN * tall, SHEET_ACROSS * TILE_PX, 3), 255, np.uint8)
    for number, each in enumerate(part):
        row, column = divmod(number, SHEET_ACROSS)
        top, left = row * tall, column * TILE_PX
        sheet[top : top + TILE_PX, left : left + TILE_PX] = _tile(each)
        said = f"{each.code} {'rubbish' if each.is_rubbish else 'nothing'}"
        at = (left + 4, top + TILE_PX + 14)
        cv2.putText(sheet, said, at, cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA)
    return sheet


def _tile(case: Reviewed) -> Picture:
    picture = read_picture(case.still)
    height, width = picture.shape[:2]
    middle = ((case.left + case.right) / 2 * width, (case.top + case.bottom) / 2 * height)
    half = 1.5 * max((case.right - case.left) * width, (case.bottom - case.top) * height, 16.0)
    scale = TILE_PX / (2 * half)
    across, down = (half - middle[0]) * scale, (half - middle[1]) * scale
    there = np.array([[scale, 0, across], [0, scale, down]], np.float64)
    tile = cv2.warpAffine(picture, there, (TILE_PX, TILE_PX), borderValue=(114, 114, 114))
    first = round(case.left * width * scale + across), round(case.top * height * scale + down)
    last = round(case.right * width * scale + across), round(case.bottom * height * scale + down)
    colour = (0, 0, 220) if case.is_rubbish else (120, 120, 120)
    return np.asarray(cv2.rectangle(tile, first, last, colour, 1), np.uint8)
