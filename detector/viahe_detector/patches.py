"""Connected lasting changes of a camera's picture, of a size that can be a thing."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from viahe_detector.background import Background
from viahe_detector.before_after import RING_PX
from viahe_detector.planes import Where
from viahe_rules.domain import Box

LEAST_PX, LEAST_SIDE_PX = 36, 4
MOST_SHARE = 0.25
"""A change of more of the picture than this is weather, light or a lorry, not a thing left."""
SAME_MOMENT_S = 5.0
"""Parts of one patch first seen further apart than this are two things."""
FRINGE_PX = 6
"""What is nowhere so thick is the fringe of the thing beside it: its outline has moved by the error
of a camera's swing, or its shadow has."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A connected lasting change: `mask` marks it in the crop `rows`, `columns`."""

    rows: slice
    columns: slice
    mask: Where
    since: float
    box: Box


def patches(background: Background) -> Iterator[Patch]:
    """Connected lasting changes of a size that can be a thing, parts of one moment together."""
    lasting = background.candidates.lasting
    if not lasting.any():
        return
    height, width = background.shape
    closed = cv2.morphologyEx(lasting.view(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    for label in range(1, count):
        left, top, across, down, area = (int(figure) for figure in stats[label])
        if area < LEAST_PX or area > MOST_SHARE * height * width:
            continue
        rows = slice(max(0, top - RING_PX), min(height, top + down + RING_PX))
        columns = slice(max(0, left - RING_PX), min(width, left + across + RING_PX))
        whole = (labels[rows, columns] == label) & lasting[rows, columns]
        since = background.candidates.since[rows, columns]
        for mask in _moments(whole, since):
            if (box := _box(mask, rows, columns, height, width)) is not None:
                first = float(np.quantile(since[mask], 0.2, method="lower"))
                yield Patch(rows, columns, mask, first, box)


def _moments(whole: Where, since: np.ndarray) -> Iterator[Where]:
    """The parts of a patch that came at different moments; small parts and fringes do not count."""
    times = np.unique(since[whole])
    cuts = times[1:][np.diff(times) > SAME_MOMENT_S]
    if cuts.size == 0:
        yield whole
        return
    which = np.searchsorted(cuts, since, side="right")
    parts = [whole & (which == part) for part in range(cuts.size + 1)]
    large = [part for part in parts if _is_a_thing_of_its_own(part)]
    yield from large or (whole,)


def _is_a_thing_of_its_own(part: Where) -> bool:
    """Whether a part that came later than its neighbour is more than that one's fringe."""
    if np.count_nonzero(part) < 2 * LEAST_PX:
        return False
    thick = np.ones((FRINGE_PX, FRINGE_PX), np.uint8)
    return bool(cv2.erode(part.view(np.uint8), thick, borderValue=0).any())


def _box(mask: Where, rows: slice, columns: slice, height: int, width: int) -> Box | None:
    down, across = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if down.size < LEAST_SIDE_PX or across.size < LEAST_SIDE_PX:
        return None
    return Box(
        float(columns.start + across[0]) / width,
        float(rows.start + down[0]) / height,
        float(columns.start + across[-1] + 1) / width,
        float(rows.start + down[-1] + 1) / height,
    )
