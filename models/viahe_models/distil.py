"""The base teaches: its answers at large sizes and mirrored become the labels of unlabelled things.

What one look at the watch's size misses or doubts, the same network often sees when the picture is
larger; agreement of several views tells a sure answer from a lucky one.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from viahe_models.dataset import samples
from viahe_models.errors import RecipeError
from viahe_models.graph import Picture, Rows, read_picture, to_openvino, trimmed, with_door
from viahe_models.look import Look, openvino_look
from viahe_models.recipe import Recipe, Teacher

Views: TypeAlias = Sequence[Look]


def distil(
    recipe: Recipe, pictures: Path, base: Path, run: Path, said: Callable[[str], None]
) -> int:
    """Writes the teacher's labels of the recipe's distilled folders below `run/teacher`.

    Returns how many boxes were kept. Raises RecipeError, DatasetError or NetworkMissing.
    """
    if recipe.teacher is None:
        raise RecipeError(f"recipe {recipe.name!r} has no [teacher]; add it, or train without")
    hint = "bf16" if recipe.training.bfloat16 else "f32"
    views = teacher_views(recipe.teacher, base, hint)
    kept = 0
    for folder in recipe.data.distilled:
        place = run / "teacher" / folder
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for number, sample in enumerate(samples(pictures, folder), start=1):
            picture = read_picture(sample.picture)
            rows = agreed(recipe.teacher, [view(picture) for view in views])
            (place / f"{sample.picture.stem}.txt").write_text(_lines(rows, picture))
            kept += len(rows)
            if number % 100 == 0:
                said(f"{folder}: {number} pictures, {kept} boxes")
    return kept


def teacher_views(teacher: Teacher, base: Path, hint: str) -> list[Look]:
    """One look for each size, and one more for each mirrored."""
    network = trimmed(base, range(80))
    views: list[Look] = []
    for side in teacher.sizes_px:
        graph = with_door(to_openvino(network))
        look = openvino_look(graph, (side, side), hint, threads=1)
        views.append(look)
        if teacher.mirrored:
            views.append(_mirrored(look))
    return views


def agreed(teacher: Teacher, views: Sequence[Rows]) -> Rows:
    """What the views agree on: mean box and mean score, a view that misses it counting zero.

    A row joins the group of its class whose best row it overlaps most; a view adds one row at
    most to a group.
    """
    found = np.concatenate(
        [
            np.c_[rows, np.full(len(rows), view)][rows[:, 4] >= teacher.ask]
            for view, rows in enumerate(views)
        ]
    )
    groups: list[list[np.ndarray]] = []
    for row in found[np.argsort(-found[:, 4], kind="stable")]:
        group = _group_of(row, groups, teacher.overlap)
        if group is None:
            groups.append([row])
        else:
            group.append(row)
    merged = [_mean(np.array(group), len(views)) for group in groups if len(group) >= teacher.agree]
    kept = [row for row in merged if row[4] >= teacher.keep]
    return np.array(kept, dtype=np.float32).reshape(-1, 6)


def overlap(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Intersection over union of one box with each of several, corners in any one unit."""
    across = np.minimum(box[2], boxes[:, 2]) - np.maximum(box[0], boxes[:, 0])
    down = np.minimum(box[3], boxes[:, 3]) - np.maximum(box[1], boxes[:, 1])
    both = across.clip(0) * down.clip(0)
    area = (box[2] - box[0]) * (box[3] - box[1])
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return np.asarray(both / np.maximum(area + areas - both, 1e-9))


def _group_of(
    row: np.ndarray, groups: Sequence[list[np.ndarray]], least: float
) -> list[np.ndarray] | None:
    fitting = [
        (float(overlap(row, group[0][None])[0]), number)
        for number, group in enumerate(groups)
        if group[0][5] == row[5] and all(member[6] != row[6] for member in group)
    ]
    best = max(fitting, default=(0.0, -1))
    return groups[best[1]] if best[0] >= least else None


def _mean(group: np.ndarray, views: int) -> np.ndarray:
    box = np.average(group[:, :4], axis=0, weights=group[:, 4])
    return np.array([*box, group[:, 4].sum() / views, group[0, 5]])


def _mirrored(look: Look) -> Look:
    def mirrored(picture: Picture) -> Rows:
        rows = look(np.ascontiguousarray(picture[:, ::-1]))
        rows[:, [0, 2]] = picture.shape[1] - rows[:, [2, 0]]
        return rows

    return mirrored


def _lines(rows: Rows, picture: Picture) -> str:
    height, width = picture.shape[:2]
    return "".join(
        f"{int(slot)} {(left + right) / 2 / width:.6f} {(top + bottom) / 2 / height:.6f} "
        f"{(right - left) / width:.6f} {(bottom - top) / height:.6f}\n"
        for left, top, right, bottom, _, slot in rows
    )
