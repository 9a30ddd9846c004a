"""The reference page of the networks, made from their cards and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from viahe_models.measure import SIZES
from viahe_models.registry import names, read_card

_HEAD = """\
# The networks

Made by `viahe-models page` from the cards in `models/viahe_models/weights`; do not edit.
AP50 is the average precision at an overlap (IoU) of 0.5, AP50-95 the mean over 0.5 to 0.95, both
in points of 100; recall, precision and false are at the card's threshold and an overlap of 0.5.
Other work on the machine lengthens a look's time; its CPU time is the steadier figure.
A label with few things is a rough figure: with ten of them one more found is worth ten points.
Small things are less than 32 px square of what the network is given, large ones 96 and more.
"""


def page(weights: Path) -> str:
    """The whole page, in Markdown, for every card in this folder."""
    cards = [read_card(weights / name / "card.json") for name in names(weights)]
    return "\n".join([_HEAD, *(_section(card) for card in cards)])


def _section(card: Mapping[str, Any]) -> str:
    parts = [f"## {card['name']}", "", card["summary"], "", *_facts(card)]
    for (folder, crop, size), rows in _grouped(card.get("metrics", ())).items():
        parts += ["", f"### {_titled(folder, crop, size)}", "", *_precision_table(rows)]
    if "speed" in card:
        parts += ["", "### Time of a look", "", *speed_table(card["speed"])]
    return "\n".join(parts) + "\n"


def _facts(card: Mapping[str, Any]) -> list[str]:
    data = card.get("data", {})
    trained = "; ".join(
        f"`{one['folder']}` ({one['labels']} labels, {one['licence']})"
        for one in data.get("trained_on", ())
    )
    facts = {
        "Status": card["status"],
        "Licence": card.get("licence"),
        "Labels": ", ".join(card["labels"]),
        "Input": "; ".join(f"{width}×{height} px" for height, width in card["sizes_px"]),
        "Threshold": card["threshold"],
        "Trained on": trained,
        "Base": _base(card.get("base", {})),
        "Accepted": card.get("accepted"),
        "Measured": card.get("measured"),
    }
    return [f"- {name}: {value}" for name, value in facts.items() if value]


def _base(base: Mapping[str, str]) -> str:
    return f"`{base['file']}`, sha256 `{base['sha256']}`" if base else ""


def _titled(folder: str, crop: float, size: tuple[int, int]) -> str:
    asked = f", each thing alone in a square {crop:g} times its size" if crop else ""
    return f"`{folder}`{asked}, {size[1]}×{size[0]} px"


def _grouped(
    rows: Iterable[Mapping[str, Any]],
) -> dict[tuple[str, float, tuple[int, int]], list[Mapping[str, Any]]]:
    groups: dict[tuple[str, float, tuple[int, int]], list[Mapping[str, Any]]] = {}
    for row in rows:
        height, width = row["size_px"]
        groups.setdefault((row["folder"], row["crop"], (height, width)), []).append(row)
    return groups


def _precision_table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A line for each label, a column for each variant; below it the means over the labels."""
    variants = list(dict.fromkeys(row["variant"] for row in rows))
    labels = list(dict.fromkeys(row["label"] for row in rows))
    found = {(row["label"], row["variant"]): row for row in rows}
    lines = [
        "| label | things | " + " | ".join(f"{name}: AP50 / AP50-95" for name in variants) + " |",
        "|---|---|" + "---|" * len(variants),
    ]
    for label in labels:
        cells = [_cell(found[label, name]) for name in variants]
        lines.append(f"| {label} | {found[label, variants[0]]['things']} | {' | '.join(cells)} |")
    lines.append(f"| mean | | {' | '.join(_mean(rows, name) for name in variants)} |")
    sizes = _size_table(rows, variants)
    return [*lines, "", *_changes(rows), "", *_threshold_table(rows), *sizes]


def _size_table(rows: Sequence[Mapping[str, Any]], variants: Sequence[str]) -> list[str]:
    """A line for each label and size of thing, a column for each variant that was asked for it."""
    asked = [row for row in rows if "small" in row]
    named = [name for name in variants if any(row["variant"] == name for row in asked)]
    found = {(row["label"], row["variant"]): row for row in asked}
    labels = list(dict.fromkeys(row["label"] for row in asked))
    lines = [
        f"| {label} | {size} | {number} | {' | '.join(_of_size(found, label, named, size))} |"
        for label in labels
        for size in SIZES
        if (number := found[label, named[0]][size])
    ]
    if not lines:
        return []
    heads = " | ".join(f"{name}: AP50" for name in named)
    return [
        "",
        f"| label | size | things | {heads} |",
        "|---|---|---|" + "---|" * len(named),
        *lines,
    ]


def _of_size(
    found: Mapping[tuple[str, str], Mapping[str, Any]], label: str, named: Sequence[str], size: str
) -> list[str]:
    return [f"{found[label, name][f'ap50_{size}'] * 100:.1f}" for name in named]


def _changes(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What training changed against the base, and what eight bits cost, in the mean of AP50."""
    mean = {name: _mean_ap50(rows, name) for name in {row["variant"] for row in rows}}
    told = (("Training", "base", "trained"), ("Eight bits", "fp16", "int8"))
    return [
        f"{what} changed the mean AP50 by {(mean[after] - mean[before]) * 100:+.1f} points "
        f"({after} against {before})."
        for what, before, after in told
        if {before, after} <= mean.keys()
    ]


def _mean_ap50(rows: Sequence[Mapping[str, Any]], variant: str) -> float:
    own = [row["ap50"] for row in rows if row["variant"] == variant]
    return float(sum(own) / len(own))


def _threshold_table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = ["| variant | found of things | false | recall | precision |", "|---|---|---|---|---|"]
    for variant in dict.fromkeys(row["variant"] for row in rows):
        own = [row for row in rows if row["variant"] == variant]
        things = sum(row["things"] for row in own)
        found = round(sum(row["recall"] * row["things"] for row in own))
        false = sum(row["false"] for row in own)
        shares = f"{found / things:.2f} | {found / max(found + false, 1):.2f}"
        lines.append(f"| {variant} | {found} of {things} | {false} | {shares} |")
    return lines


def speed_table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Lines of a Markdown table of `speed.speeds`."""
    lines = [
        "| variant | size | threads | ms a look, least of 40 | CPU ms a look, median |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        height, width = row["size_px"]
        where = f"{row['variant']} | {width}×{height} | {row['threads']}"
        lines.append(f"| {where} | {row['ms']} | {row['cpu_ms']} |")
    return lines


def _cell(row: Mapping[str, Any]) -> str:
    return f"{row['ap50'] * 100:.1f} / {row['ap50_95'] * 100:.1f}"


def _mean(rows: Sequence[Mapping[str, Any]], variant: str) -> str:
    own = [row for row in rows if row["variant"] == variant]
    at50 = sum(row["ap50"] for row in own) / len(own)
    return f"{at50 * 100:.1f} / {sum(row['ap50_95'] for row in own) / len(own) * 100:.1f}"
