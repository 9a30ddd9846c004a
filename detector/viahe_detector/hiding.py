"""Where persons and vehicles hide the ground."""

from collections.abc import Iterable

import numpy as np

from viahe_detector.planes import Where
from viahe_rules.domain import PERSON, VEHICLES, Box, Detection
from viahe_rules.geometry import clipped

LEAST_MASK_SCORE = 0.2
"""Detections from here on cover the ground: a doubtful person is still no thing left."""
CORE = 0.5
"""The share of a mover's box, in its middle, that the mover fills."""


def covered_ground(detections: Iterable[Detection], height: int, width: int) -> Where:
    """Pixels persons and vehicles cover, with a margin for limbs, wheels and cast shadow."""
    covered = np.zeros((height, width), np.bool_)
    for found in detections:
        if not may_hide(found):
            continue
        box = found.box
        aside = 0.1 * box.width + 2 / width
        above, below = 0.03 * box.height + 2 / height, 0.06 * box.height + 2 / height
        wide = Box(box.left - aside, box.top - above, box.right + aside, box.bottom + below)
        covered |= inside(wide, height, width)
    return covered


def may_hide(found: Detection) -> bool:
    is_mover = found.label == PERSON or found.label in VEHICLES
    return is_mover and found.score >= LEAST_MASK_SCORE


def core(box: Box) -> Box:
    aside, above = (1 - CORE) / 2 * box.width, (1 - CORE) / 2 * box.height
    return Box(box.left + aside, box.top + above, box.right - aside, box.bottom - above)


def inside(box: Box, height: int, width: int) -> Where:
    marked = np.zeros((height, width), np.bool_)
    box = clipped(box)
    rows = slice(int(box.top * height), round(box.bottom * height))
    marked[rows, int(box.left * width) : round(box.right * width)] = True
    return marked
