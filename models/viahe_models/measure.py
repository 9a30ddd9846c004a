"""How good the answers are: average precision, and what is found and false at a threshold.

As COCO counts: answers of one label in order of score each take the free truth they overlap most;
precision is read at 101 steps of recall. Truths no label stands for, and labels that have no
truth, are left out. Of things of one size alone, neither those of others nor the answers to them
count, nor answers of another size to nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from viahe_models.distil import overlap
from viahe_models.graph import Rows

LEAST_SCORE = 0.001
"""Answers below it are not looked at, as is usual: a graph always gives 300."""
OVERLAPS = tuple(0.5 + 0.05 * step for step in range(10))
SIZES = ("small", "medium", "large")
SIDES_PX = (0.0, 32.0, 96.0, math.inf)
"""Between which sides a square as large as the box lies, from the first on: COCO's."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture: answers as `graph.Rows`, truths as rows of left, top, right, bottom, label. Both
    are in pixels of what the network is given, which sizes are of."""

    answers: Rows
    truths: np.ndarray


@dataclass(frozen=True, slots=True)
class Figure:
    """One label's figures; `recall` and `precision` are at the threshold and an IoU of 0.5.

    `things` truths in all, `false` answers above the threshold that no truth stands for; `small`
    and the like are how many truths are of a size, `ap50_small` is None where there is none.
    """

    label: str
    things: int
    ap50: float
    ap50_95: float
    recall: float
    precision: float
    false: int
    small: int
    medium: int
    large: int
    ap50_small: float | None
    ap50_medium: float | None
    ap50_large: float | None


def figures(seen: Sequence[Seen], labels: Sequence[str], threshold: float) -> list[Figure]:
    """A figure for each label that has at least one truth, in the labels' order."""
    present = {int(label) for one in seen for label in one.truths[:, 4]}
    return [
        _figure(seen, index, label, threshold)
        for index, label in enumerate(labels)
        if index in present
    ]


def average_precision(scores: np.ndarray, right: np.ndarray, things: int) -> float:
    """Mean precision at 101 steps of recall; `right` says of each score whether it was true."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    recall = hits / things
    precision = hits / np.arange(1, len(hits) + 1)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(recall, np.linspace(0, 1, 101) - 1e-9)
    padded = np.append(best_from_here, 0.0)
    return float(padded[np.minimum(places, len(hits))].mean())


def _figure(seen: Sequence[Seen], index: int, label: str, threshold: float) -> Figure:
    things = sum(int((one.truths[:, 4] == index).sum()) for one in seen)
    scores = np.concatenate([_of(one.answers, index)[:, 4] for one in seen])
    shared = [_overlaps(one, index) for one in seen]
    right = {at: np.concatenate([_matched(table, at) for table in shared]) for at in OVERLAPS}
    precisions = [average_precision(scores, right[at], things) for at in OVERLAPS]
    sure = scores >= threshold
    hits = int(right[0.5][sure].sum())
    small, medium, large = (_of_size(seen, shared, index, size) for size in range(len(SIZES)))
    return Figure(
        label=label,
        things=things,
        ap50=precisions[0],
        ap50_95=float(np.mean(precisions)),
        recall=hits / things,
        precision=hits / int(sure.sum()) if sure.any() else 0.0,
        false=int(sure.sum()) - hits,
        small=small[0],
        medium=medium[0],
        large=large[0],
        ap50_small=small[1],
        ap50_medium=medium[1],
        ap50_large=large[1],
    )


def _of_size(
    seen: Sequence[Seen], shared: Sequence[np.ndarray], index: int, size: int
) -> tuple[int, float | None]:
    """How many truths of the label are of a size, and the average precision of those."""
    things, scores, right = 0, [], []
    for one, overlaps in zip(seen, shared, strict=True):
        own = _of(one.answers, index)
        inside = _is_of_size(one.truths[one.truths[:, 4] == index], size)
        met = _matched(overlaps[:, inside], OVERLAPS[0])
        met_another = (overlaps[:, ~inside] >= OVERLAPS[0]).any(axis=1)
        counted = met | (_is_of_size(own, size) & ~met_another)
        things += int(inside.sum())
        scores.append(own[counted, 4])
        right.append(met[counted])
    if not things:
        return 0, None
    return things, average_precision(np.concatenate(scores), np.concatenate(right), things)


def _is_of_size(boxes: np.ndarray, size: int) -> np.ndarray:
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return np.asarray((areas >= SIDES_PX[size] ** 2) & (areas < SIDES_PX[size + 1] ** 2))


def _of(answers: Rows, index: int) -> np.ndarray:
    own = answers[(answers[:, 5] == index) & (answers[:, 4] >= LEAST_SCORE)]
    return np.asarray(own[np.argsort(-own[:, 4], kind="stable")])


def _matched(overlaps: np.ndarray, least: float) -> np.ndarray:
    right = np.zeros(len(overlaps), dtype=bool)
    taken = np.zeros(overlaps.shape[1], dtype=bool)
    for number in np.flatnonzero((overlaps >= least).any(axis=1)):
        free = np.where(taken, 0.0, overlaps[number])
        if free.max() >= least:
            right[number] = True
            taken[free.argmax()] = True
    return right


def _overlaps(one: Seen, index: int) -> np.ndarray:
    """A row for each answer of this label, best first, a column for each truth."""
    truths = one.truths[one.truths[:, 4] == index][:, :4]
    rows = [overlap(answer, truths) for answer in _of(one.answers, index)] if len(truths) else []
    return np.array(rows).reshape(len(_of(one.answers, index)), len(truths))
