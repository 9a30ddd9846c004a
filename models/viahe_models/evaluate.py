"""Every variant of a network on every set of pictures its recipe names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from viahe_models.card import write_card
from viahe_models.dataset import Sample, samples, truths
from viahe_models.graph import Picture, read_picture, trimmed
from viahe_models.look import Look, openvino_look, torch_look
from viahe_models.measure import SIZES, Seen, figures
from viahe_models.offline import bound_threads
from viahe_models.recipe import Evaluation, Recipe
from viahe_models.registry import Network, read, read_card
from viahe_models.speed import HINTS, machine, speeds, variant_name


@dataclass(frozen=True, slots=True)
class Variant:
    """One form of the network: the base, the trained checkpoint, or an export and its sums."""

    name: str
    look: Callable[[tuple[int, int]], Look]


def evaluate_into_card(
    recipe: Recipe,
    pictures: Path,
    base: Path,
    run: Path,
    card: Path,
    said: Callable[[str], None],
) -> bool:
    """Measures everything, writes it on the card, and says whether the recipe's promise is kept."""
    bound_threads(1)
    document = read_card(card)
    rows = evaluate(recipe, pictures, variants(recipe, base, run, card), said)
    kept, accepted = acceptance(recipe, rows)
    measured = f"{machine()}, {date.today().isoformat()}, `{_command(recipe)}`"  # noqa: DTZ011
    said_of = {"summary": recipe.summary, "accepted": accepted, "measured": measured}
    write_card(card, document | said_of | {"metrics": rows, "speed": speeds(card)})
    said(accepted or "this recipe guards no labels")
    return kept


def acceptance(recipe: Recipe, rows: Sequence[Mapping[str, Any]]) -> tuple[bool, str]:
    """Whether no guarded label lost more points of AP50 than allowed, trained against base.

    At every size measured, on the folder the recipe names. The sentence says by how much, for the
    exports too; it is empty where nothing is guarded.
    """
    promise = recipe.acceptance
    if promise is None:
        return True, ""
    guarded = [
        row
        for row in rows
        if row["folder"] == promise.folder and not row["crop"] and row["label"] in promise.labels
    ]
    before = {(*row["size_px"], row["label"]): row["ap50"] for row in guarded if _is(row, "base")}
    told: list[str] = []
    worst: dict[str, float] = {}
    for variant in dict.fromkeys(row["variant"] for row in guarded if not _is(row, "base")):
        changes = [
            (100 * (row["ap50"] - before[*row["size_px"], row["label"]]), row)
            for row in guarded
            if _is(row, variant)
        ]
        least, row = min(changes, key=lambda change: change[0])
        worst[variant] = least
        height, width = row["size_px"]
        mean = sum(change for change, _ in changes) / len(changes)
        told.append(
            f"{variant} {mean:+.1f} in the mean, {least:+.1f} at worst "
            f"({row['label']}, of {row['things']}, at {width}×{height})"
        )
    return worst["trained"] >= -promise.points, (
        f"{', '.join(promise.labels)} on `{promise.folder}`, points of AP50 against the base: "
        f"{'; '.join(told)}; allowed are {-promise.points:+.1f} for the trained"
    )


def _is(row: Mapping[str, Any], variant: str) -> bool:
    return bool(row["variant"] == variant)


def evaluate(
    recipe: Recipe, pictures: Path, variants: Sequence[Variant], said: Callable[[str], None]
) -> list[dict[str, Any]]:
    """One row for each evaluation, size, variant and label, ready for a card."""
    rows: list[dict[str, Any]] = []
    for wanted in recipe.evaluation:
        shown = list(_pictures(wanted, recipe, samples(pictures, wanted.folder)))
        for size in wanted.sizes_px or recipe.export.sizes_px:
            for variant in variants:
                found = _figures(wanted, recipe, shown, variant.look(size), size)
                said(f"{wanted.folder} {size} {variant.name}: {_brief(found)}")
                where = {"folder": wanted.folder, "crop": wanted.crop, "size_px": list(size)}
                rows += [where | {"variant": variant.name} | _rounded(row) for row in found]
    return rows


def variants(recipe: Recipe, base: Path | None, run: Path, card: Path) -> list[Variant]:
    """The base (where its head has our slots), the trained checkpoint, and each export."""
    found = []
    if base is not None and recipe.keep_head:
        found.append(_of_checkpoint("base", base, recipe.slots))
    if (run / "weights.pt").is_file():
        found.append(_of_checkpoint("trained", run / "weights.pt", recipe.slots))
    for precision, hints in HINTS.items():
        network = read(card, precision)
        found += [_of_export(network, hint) for hint in hints]
    return found


def _pictures(
    wanted: Evaluation, recipe: Recipe, parts: Sequence[Sample]
) -> Iterator[tuple[Picture, np.ndarray]]:
    for sample in parts:
        picture = read_picture(sample.picture)
        known = _truths(wanted, recipe, sample, picture)
        if wanted.crop:
            yield from _crops(picture, known, wanted.crop)
        else:
            yield picture, known


def _truths(wanted: Evaluation, recipe: Recipe, sample: Sample, picture: Picture) -> np.ndarray:
    names = _groups(wanted, recipe)
    meant = wanted.truth or {
        str(slot): label for slot, label in zip(recipe.slots, recipe.labels, strict=True)
    }
    height, width = picture.shape[:2]
    rows = [
        (
            one.left * width,
            one.top * height,
            one.right * width,
            one.bottom * height,
            names.index(meant[str(one.slot)]),
        )
        for one in truths(sample.labels)
        if str(one.slot) in meant
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 5)


def _groups(wanted: Evaluation, recipe: Recipe) -> list[str]:
    """The labels as this evaluation counts them: several of ours may count as one."""
    return list(dict.fromkeys(wanted.counts_as.get(label, label) for label in recipe.labels))


def _figures(
    wanted: Evaluation,
    recipe: Recipe,
    shown: Sequence[tuple[Picture, np.ndarray]],
    look: Look,
    size: tuple[int, int],
) -> list[Any]:
    names = _groups(wanted, recipe)
    turned = np.array([names.index(wanted.counts_as.get(label, label)) for label in recipe.labels])
    seen = []
    for picture, known in shown:
        rows = look(picture)
        rows[:, 5] = turned[rows[:, 5].astype(int)]
        scale = min(size[0] / picture.shape[0], size[1] / picture.shape[1])
        seen.append(Seen(_scaled(rows, scale), _scaled(known, scale)))
    return figures(seen, names, recipe.export.threshold)


def _scaled(rows: np.ndarray, scale: float) -> np.ndarray:
    """In pixels of what the network is given, as `graph.fit` makes it."""
    scaled = rows.copy()
    scaled[:, :4] *= scale
    return scaled


def _crops(
    picture: Picture, known: np.ndarray, times: float
) -> Iterator[tuple[Picture, np.ndarray]]:
    """A square about each truth, `times` its longer side, moved inside the picture."""
    for left, top, right, bottom, _ in known:
        side = int(min(times * max(right - left, bottom - top), *picture.shape[:2]))
        x = int(np.clip((left + right - side) / 2, 0, picture.shape[1] - side))
        y = int(np.clip((top + bottom - side) / 2, 0, picture.shape[0] - side))
        moved = known - np.array([x, y, x, y, 0])
        inside = moved.copy()
        inside[:, :4] = inside[:, :4].clip(0, side)
        yield picture[y : y + side, x : x + side], inside[_areas(inside) > 0.5 * _areas(moved)]


def _areas(boxes: np.ndarray) -> np.ndarray:
    return np.asarray((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))


def _of_checkpoint(name: str, weights: Path, slots: Sequence[int]) -> Variant:
    network = trimmed(weights, slots)
    return Variant(name, lambda size: torch_look(network, size))


def _of_export(network: Network, hint: str) -> Variant:
    return Variant(
        variant_name(network.precision, hint), lambda size: openvino_look(network.model, size, hint)
    )


def _command(recipe: Recipe) -> str:
    recipe_file = f"configs/models/{recipe.name}.toml"
    return f"viahe-models evaluate {recipe_file} --pictures … --base … --run …"


def _rounded(figure: Any) -> dict[str, Any]:
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in asdict(figure).items()
    }


def _brief(found: Sequence[Any]) -> str:
    return ", ".join(
        f"{one.label} {one.ap50:.3f} ({one.things}{_brief_sizes(one)})" for one in found
    )


def _brief_sizes(one: Any) -> str:
    """As ": small 0.412 of 20, large 0.900 of 3"."""
    told = ((size, getattr(one, size), getattr(one, f"ap50_{size}")) for size in SIZES)
    sizes = ", ".join(f"{size} {ap50:.3f} of {number}" for size, number, ap50 in told if number)
    return f": {sizes}" if sizes else ""
