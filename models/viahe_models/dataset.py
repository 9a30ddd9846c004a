"""Folders of pictures with YOLO labels, and the working copy a training reads.

A folder has `images/` and `labels/`; a label file has one line a thing: class, then centre, width
and height in fractions of the picture. The pictures themselves are only ever linked to: nothing
is written beside them.
"""

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from viahe_models.errors import DatasetError

PICTURES = frozenset({".jpg", ".jpeg", ".png"})


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture and where its labels are, should it have any."""

    picture: Path
    labels: Path


@dataclass(frozen=True, slots=True)
class Truth:
    """One thing that is there: its class slot, and its box in fractions of the picture."""

    slot: int
    left: float
    top: float
    right: float
    bottom: float


def samples(root: Path, folder: str) -> tuple[Sample, ...]:
    """The pictures of `root/folder`, by name. Raises DatasetError where there are none."""
    place = root / folder
    found = sorted(path for path in (place / "images").glob("*") if path.suffix.lower() in PICTURES)
    if not found:
        raise DatasetError(f"no pictures in {place / 'images'}; {_present(root)}")
    return tuple(
        Sample(path.absolute(), (place / "labels" / f"{path.stem}.txt").absolute())
        for path in found
    )


def truths(labels: Path) -> tuple[Truth, ...]:
    """What the label file says is there; nothing where there is no file. Raises DatasetError."""
    if not labels.is_file():
        return ()
    lines = labels.read_text(encoding="utf-8").splitlines()
    return tuple(
        _truth(line, f"{labels}, line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    )


def fingerprint(parts: Sequence[Sample]) -> str:
    """SHA-256 over names, pictures and labels: two trainings that agree in it saw the same."""
    digest = hashlib.sha256()
    for sample in parts:
        digest.update(sample.picture.name.encode())
        digest.update(sample.picture.read_bytes())
        if sample.labels.is_file():
            digest.update(sample.labels.read_bytes())
    return digest.hexdigest()


def lay_out(
    place: Path, train: Sequence[Sample], validate: Sequence[Sample], names: Mapping[int, str]
) -> Path:
    """A data file for Ultralytics, over links to the pictures and copies of the labels.

    A sample given more than once is linked to as often. What was at `place` goes.
    """
    shutil.rmtree(place, ignore_errors=True)
    for split, parts in (("train", train), ("val", validate)):
        (place / split / "images").mkdir(parents=True)
        (place / split / "labels").mkdir()
        for number, sample in enumerate(parts):
            stem = f"{number:05d}_{sample.picture.stem}"
            (place / split / "images" / f"{stem}{sample.picture.suffix}").symlink_to(sample.picture)
            if sample.labels.is_file():
                shutil.copyfile(sample.labels, place / split / "labels" / f"{stem}.txt")
    named = "".join(f'  {slot}: "{name}"\n' for slot, name in sorted(names.items()))
    data = place / "data.yaml"
    where = place.absolute()
    data.write_text(f'path: "{where}"\ntrain: train/images\nval: val/images\nnames:\n{named}')
    return data


def _truth(line: str, where: str) -> Truth:
    try:
        slot, across, down, width, height = line.split()
        x, y, w, h = float(across), float(down), float(width), float(height)
        return Truth(int(slot), x - w / 2, y - h / 2, x + w / 2, y + h / 2)
    except ValueError as wrong:
        raise DatasetError(
            f"{where}: {line!r} is not `class centre-x centre-y width height`; mend the line"
        ) from wrong


def _present(root: Path) -> str:
    if not root.is_dir():
        return f"there is no {root}; name the pictures' root with --pictures"
    return f"{root} has {', '.join(_folders(root)) or 'no folders with images'}"


def _folders(root: Path) -> Iterator[str]:
    for images in sorted(root.glob("**/images")):
        yield str(images.parent.relative_to(root))
