"""A recipe: everything of a training that is chosen, as one TOML file.

The same recipe, pictures, base and seed train the same network on the same machine. Unknown keys
are refused by name, so that a slip of the pen never trains something else in silence.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from viahe_models.errors import RecipeError


@dataclass(frozen=True, slots=True)
class Data:
    """Folders below the pictures' root, each with `images/` and `labels/`.

    `repeat` multiplies folders of `train` in one epoch. `distilled` names folders whose labels
    come from the teacher; where they have labels of their own, those are not used.
    """

    train: tuple[str, ...]
    validate: tuple[str, ...]
    distilled: tuple[str, ...] = ()
    repeat: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Pictures made of the training ones before a training, each seen once an epoch.

    `crops` of each picture, a square or less about one thing, `crop_times` its longer side, which
    measures `crop_px` and is dark, grainy, smeared or coarsely coded by chance. In `pasted`
    pictures a thing of the class slot `pasted_slot` is put down, `pasted_px` high, the share
    `elsewhere` of them pictures of the folders `empty`, in which none of our things is labelled;
    `empty_crops` of each of those, about things of their own classes `empty_about`, teach what is
    none. Of lengths, from one to twice it is as likely for every one.
    """

    crops: int = 0
    crop_times: tuple[float, float] = (2.0, 4.0)
    crop_px: tuple[int, int] = (48, 256)
    pasted: int = 0
    pasted_slot: int = 0
    pasted_px: tuple[int, int] = (24, 160)
    elsewhere: float = 0.0
    empty: tuple[str, ...] = ()
    empty_about: tuple[int, ...] = ()
    empty_crops: int = 0


@dataclass(frozen=True, slots=True)
class Training:
    """How long, how large and how fast; the meaning of each is Ultralytics' own.

    `size_px` is the side of the square the network learns at. `freeze` is how many layers from
    the input keep their weights. `frozen_statistics` keeps the BatchNorm means and variances of
    the base. `feature_loss` weighs how far the layers before the head may move from the base's.
    `blend` is the share of the trained weights in the result, the rest being the base's.
    `bfloat16` computes the layers in half the bits, for CPUs that can.
    """

    epochs: int
    size_px: int
    batch: int = 16
    optimizer: str = "SGD"
    learning_rate: float = 0.01
    final_fraction: float = 0.01
    warmup_epochs: float = 1.0
    weight_decay: float = 0.0005
    mosaic: float = 1.0
    plain_epochs: int = 0
    scale: float = 0.5
    translate: float = 0.1
    fliplr: float = 0.5
    freeze: int = 0
    frozen_statistics: bool = False
    feature_loss: float = 0.0
    blend: float = 1.0
    bfloat16: bool = False
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Teacher:
    """The base, asked at large sizes and mirrored, so that its answers are better than its own.

    A box is kept whose mean score over all views is at least `keep`, when `agree` or more views
    have it with an overlap (IoU) of `overlap`; `ask` is the score a view must give to count.
    """

    sizes_px: tuple[int, ...] = (960, 1280)
    mirrored: bool = True
    ask: float = 0.1
    keep: float = 0.35
    agree: int = 2
    overlap: float = 0.6


@dataclass(frozen=True, slots=True)
class Export:
    """Which pictures measure the ranges of the eight-bit graph, how many, and at which sizes.

    `sizes_px` are (height, width), the first the default; `threshold` goes into the card.
    """

    calibrate: tuple[str, ...]
    pictures: int = 200
    sizes_px: tuple[tuple[int, int], ...] = ((640, 640),)
    threshold: float = 0.25


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A folder of held-out pictures and what its classes mean.

    `truth` gives the folder's own class numbers our labels, where they are not the slots.
    `counts_as` lets several labels count as one (any vehicle). `crop` above zero asks each thing
    alone, in a square so many times its longer side. `sizes_px` default to the export's.
    """

    folder: str
    truth: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    counts_as: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    crop: float = 0.0
    sizes_px: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the trained network must not forget: at most `points` of AP50 a label on a folder."""

    folder: str
    labels: tuple[str, ...]
    points: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """A network to be: its labels, in order, and the class slots of its head they stand in.

    `keep_head` says that the base's own 80 slots stay as they are; otherwise the head is built
    anew for the labels.
    """

    name: str
    summary: str
    labels: tuple[str, ...]
    slots: tuple[int, ...]
    keep_head: bool
    data: Data
    training: Training
    export: Export
    licences: Mapping[str, str]
    evaluation: tuple[Evaluation, ...] = ()
    augmentation: Augmentation | None = None
    teacher: Teacher | None = None
    acceptance: Acceptance | None = None


_T = TypeVar("_T")


def read_recipe(path: Path) -> Recipe:
    """The recipe in this file. Raises RecipeError naming file, table and key."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecipeError(f"no recipe at {path}; recipes lie in configs/models") from None
    except (OSError, ValueError) as wrong:
        raise RecipeError(f"{path} is no TOML: {wrong}") from wrong
    tables: dict[str, type[Any]] = {
        "data": Data,
        "augmentation": Augmentation,
        "training": Training,
        "export": Export,
        "teacher": Teacher,
        "acceptance": Acceptance,
    }
    for table, kind in tables.items():
        if table in document:
            document[table] = _record(kind, document[table], f"{path}: [{table}]")
    document["evaluation"] = [
        _record(Evaluation, entry, f"{path}: [[evaluation]] {number}")
        for number, entry in enumerate(document.get("evaluation", ()), start=1)
    ]
    recipe = _record(Recipe, document, str(path))
    if len(recipe.labels) != len(recipe.slots):
        raise RecipeError(
            f"{path}: {len(recipe.labels)} labels and {len(recipe.slots)} slots; "
            "give each label the slot it has in the head"
        )
    if recipe.augmentation is not None:
        for key in ("crop_times", "crop_px", "pasted_px"):
            least, most = getattr(recipe.augmentation, key)
            if not 0 < least <= most:
                raise RecipeError(
                    f"{path}: [augmentation]: {key} = [{least}, {most}] must be two numbers above "
                    "0, the smaller one first"
                )
    if recipe.training.blend < 1 and not recipe.keep_head:
        raise RecipeError(f"{path}: blend needs keep_head = true: a new head has no older weights")
    return recipe


def _record(kind: type[_T], table: Any, where: str) -> _T:
    if not isinstance(table, Mapping):
        raise RecipeError(f"{where} must be a table")
    known = {entry.name for entry in fields(kind)}  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known))}"
            raise RecipeError(f"{where}: unknown key {key!r}; {hint}")
    given = {key: _frozen(value) for key, value in table.items()}
    for key, hint in get_type_hints(kind).items():
        if key in given and not _fits(given[key], hint):
            raise RecipeError(f"{where}: {key} = {table[key]!r} must be {_plain(hint)}")
    try:
        return kind(**given)
    except TypeError as missing:
        raise RecipeError(f"{where}: {missing}; add what is missing") from missing


def _fits(value: Any, hint: Any) -> bool:
    """Whether a TOML value is of the kind a field is declared with."""
    kind, inner = get_origin(hint) or hint, get_args(hint)
    if kind is UnionType:
        return any(_fits(value, one) for one in inner)
    if kind is tuple:
        each = inner[:1] * len(value) if isinstance(value, tuple) and ... in inner else inner
        return isinstance(value, tuple) and len(value) == len(each) and all(map(_fits, value, each))
    if kind in {int, float}:
        return isinstance(value, (int, kind)) and not isinstance(value, bool)
    return isinstance(value, kind)


def _plain(hint: Any) -> str:
    words = {"int": "a whole number", "float": "a number", "str": "text", "bool": "true or false"}
    return words.get(getattr(hint, "__name__", ""), "a list or table like those in configs/models")


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(entry) for entry in value)
    return MappingProxyType(value) if isinstance(value, dict) else value
