"""A run's weights become the graphs a detector runs, with their card."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from viahe_models.card import card_of, write_card
from viahe_models.dataset import samples
from viahe_models.errors import NetworkMissing
from viahe_models.graph import quantised, save, to_openvino, trimmed, with_door
from viahe_models.recipe import Recipe


def export(
    recipe: Recipe, pictures: Path, run: Path, weights: Path, said: Callable[[str], None]
) -> Path:
    """Writes `weights/<name>/{fp16,int8}` and `card.json`, whose path it returns.

    What was there goes. Raises NetworkMissing where the run has no weights, or DatasetError.
    """
    record = run / "run.json"
    if not record.is_file():
        raise NetworkMissing(f"no {record}; train first: viahe-models train --run {run}")
    chosen = _calibration(recipe, pictures)
    network = trimmed(run / "weights.pt", recipe.slots)
    folder = weights / recipe.name
    shutil.rmtree(folder, ignore_errors=True)
    save(with_door(to_openvino(network)), folder / "fp16")
    said(f"{folder / 'fp16'}: written")
    graph = quantised(to_openvino(network), chosen, recipe.export.sizes_px)
    save(with_door(graph), folder / "int8")
    said(f"{folder / 'int8'}: written, its ranges measured on {len(chosen)} pictures")
    card = folder / "card.json"
    write_card(card, card_of(recipe, json.loads(record.read_text()), folder))
    return card


def _calibration(recipe: Recipe, pictures: Path) -> list[Path]:
    """The same pictures each time, drawn evenly from the folders the recipe names."""
    chosen: list[Path] = []
    share = max(1, recipe.export.pictures // len(recipe.export.calibrate))
    for folder in recipe.export.calibrate:
        found = [sample.picture for sample in samples(pictures, folder)]
        chosen += random.Random(0).sample(found, min(share, len(found)))  # noqa: S311
    return chosen
