"""How good the answers are: average precision, and what is found and false at a threshold.

As COCO counts: answers of one label in order of score each take the free truth they overlap most;
precision is read at 101 steps of recall. Truths no label stands for, and labels that have no
truth, are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from viahe_models.distil import overlap
from viahe_models.graph import Rows

LEAST_SCORE = 0.001
"""Answers below it are not looked at, as is usual: a graph always gives 300."""
OVERLAPS = tuple(0.5 + 0.05 * step for step in range(10))


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture: answers as `graph.Rows`, truths as rows of left, top, right, bottom, label."""

    answers: Rows
    truths: np.ndarray


@dataclass(frozen=True, slots=True)
class Figure:
    """One label's figures; `recall` and `precision` are at the threshold and an IoU of 0.5.

    `things` truths in all, `false` answers above the threshold that no truth stands for.
    """

    label: str
    things: int
    ap50: float
    ap50_95: float
    recall: float
    precision: float
    false: int


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
    return Figure(
        label=label,
        things=things,
        ap50=precisions[0],
        ap50_95=float(np.mean(precisions)),
        recall=hits / things,
        precision=hits / int(sure.sum()) if sure.any() else 0.0,
        false=int(sure.sum()) - hits,
    )


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
