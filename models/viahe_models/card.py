"""The card beside each network: what it is made of, what it can do, and the hash of every file."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from viahe_models.recipe import Recipe
from viahe_models.registry import file_hash

LICENCE = "AGPL-3.0-or-later, as Ultralytics, whose network it is"
DOOR = {
    "input": "[1, height, width, 3], unsigned bytes, BGR, padded with grey 114",
    "output": "[1, 300, 6]: left, top, right, bottom in input pixels, score 0..1, label index",
}


def card_of(recipe: Recipe, run: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """A card without figures for the files an export wrote below `folder`."""
    return {
        "card": 1,
        "name": recipe.name,
        "status": "trained" if recipe.training.epochs else "the base as it stands",
        "summary": recipe.summary,
        "licence": LICENCE,
        "labels": list(recipe.labels),
        "slots": list(recipe.slots),
        "sizes_px": [list(size) for size in recipe.export.sizes_px],
        "threshold": recipe.export.threshold,
        "door": DOOR,
        "base": run["base"],
        "data": _data(recipe, run),
        "augmentation": asdict(recipe.augmentation) if recipe.augmentation else None,
        "training": run["training"],
        "made_with": run["made_with"],
        "precisions": {
            place.name: {file.name: file_hash(file) for file in sorted(place.iterdir())}
            for place in sorted(folder.iterdir())
            if place.is_dir()
        },
    }


def write_card(card: Path, document: Mapping[str, Any]) -> None:
    """The card as JSON, one line for each key, and one for each row of figures."""
    parts = [f"{_json(key)}: {_value(value)}" for key, value in document.items()]
    card.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def _data(recipe: Recipe, run: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "trained_on": [
            {
                "folder": folder,
                "licence": recipe.licences.get(folder, "none stated"),
                "labels": "teacher" if folder in recipe.data.distilled else "own",
                "repeat": recipe.data.repeat.get(folder, 1),
            }
            for folder in recipe.data.train
        ]
        + [
            {
                "folder": folder,
                "licence": recipe.licences.get(folder, "none stated"),
                "labels": "no",
                "repeat": 0,
            }
            for folder in (recipe.augmentation.empty if recipe.augmentation else ())
        ],
        "held_out": [one.folder for one in recipe.evaluation],
        "pictures_an_epoch": run["pictures"],
        "sha256": run["data_sha256"],
    }


def _value(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n " + ",\n ".join(_json(row) for row in value) + "\n]"
    if isinstance(value, dict) and any(isinstance(part, list | dict) for part in value.values()):
        inner = [f" {_json(key)}: {_json(part)}" for key, part in value.items()]
        return "{\n" + ",\n".join(inner) + "\n}"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
