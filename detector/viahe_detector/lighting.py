"""How the light of a whole picture has changed, told from the street's picture and a new one.

Three answers, each asked only where the one before leaves much unexplained: one gain; a tone
curve, as a camera's exposure and contrast make it; and a field of gains, as lamps make it that
are switched on or off. Each is a median of many pixels, so that a thing that has come or gone
moves none of them.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_detector.middle import middle

Luma = NDArray[np.float32]
Where = NDArray[np.bool_]

LEAST_LUMA, MOST_LUMA = 12.0, 245.0
"""Darker and brighter pixels say nothing of a gain."""
LEAST_PIXELS = 100
LEAST_GAIN, MOST_GAIN = 0.2, 5.0
BINS = 12
"""Steps of brightness a tone curve is made of."""
LEAST_IN_BIN = 40
WELL_EXPLAINED = 2.5
"""The median error of a gain, in greys, above which a tone curve is tried."""
BETTER = 0.75
"""The share of the gain's error a curve may leave, to be believed rather than the gain."""
BLOCKS = 6
"""Blocks of a field along the longer side: so large that no thing left fills half of one."""


def gain(street: Luma, now: Luma, usable: Where) -> np.float32 | None:
    """By how much `now` is brighter than `street`; None if too little of them can tell.

    All three are of one shape; a sample of the picture is enough.
    """
    fit = _fit(street, now, usable)
    if np.count_nonzero(fit) < LEAST_PIXELS:
        return None
    return _bounded(middle(now[fit] / street[fit]))


def curve(street: Luma, now: Luma, usable: Where) -> tuple[Luma, Luma] | None:
    """Brightness of the street and gain there, for `np.interp`; None if one gain will do.

    `street` has been brought into the light of `now` by one gain already.
    """
    fit = usable & (street > 1)
    old, new = street[fit], now[fit]
    if old.size < LEAST_PIXELS:
        return None
    error = float(middle(np.abs(new - old)))
    if error < WELL_EXPLAINED:
        return None
    found = _binned(old, new)
    if found is None:
        return None
    left = float(np.median(np.abs(new - old * np.interp(old, *found))))
    return found if left <= BETTER * error else None


def field(street: Luma, now: Luma, usable: Where) -> Luma:
    """The gain at each pixel, which changes from block to block; 1 where nothing tells it."""
    fit = _fit(street, now, usable)
    ratio = now / np.maximum(street, 1.0)
    return _spread(np.clip(ratio, LEAST_GAIN, MOST_GAIN), fit, 1.0)


def drift(street: Luma, now: Luma, usable: Where) -> Luma:
    """By how much a colour plane has moved at each pixel, which changes from block to block."""
    return _spread(now - street, usable, 0.0)


def _spread(figures: Luma, told: Where, otherwise: float) -> Luma:
    """The median figure of each block, gone over smoothly from one to the next."""
    height, width = figures.shape
    side = max(1, -(-max(height, width) // BLOCKS))
    rows, columns = -(-height // side), -(-width // side)
    blocks = np.full((rows, columns), np.nan, np.float32)
    for row in range(rows):
        for column in range(columns):
            crop = slice(row * side, (row + 1) * side), slice(column * side, (column + 1) * side)
            if np.count_nonzero(told[crop]) >= LEAST_PIXELS:
                blocks[row, column] = np.median(figures[crop][told[crop]])
    known = blocks[~np.isnan(blocks)]
    blocks[np.isnan(blocks)] = np.median(known) if known.size else otherwise
    size = columns * side, rows * side
    smooth = cv2.resize(blocks, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(smooth[:height, :width], np.float32)


def _fit(street: Luma, now: Luma, usable: Where) -> Where:
    bright = (street > LEAST_LUMA) & (now > LEAST_LUMA) & (now < MOST_LUMA)
    return np.asarray(usable & bright)


def _binned(old: Luma, new: Luma) -> tuple[Luma, Luma] | None:
    """Gains of equally many pixels each, from the darkest to the brightest."""
    edges = np.unique(np.quantile(old, np.linspace(0, 1, BINS + 1)))
    which = np.clip(np.searchsorted(edges, old, side="right") - 1, 0, max(0, edges.size - 2))
    places, gains = [], []
    for each in range(edges.size - 1):
        inside = which == each
        if np.count_nonzero(inside) >= LEAST_IN_BIN:
            middle = float(np.median(old[inside]))
            places.append(middle)
            gains.append(float(_bounded(np.median(new[inside]) / max(middle, 1.0))))
    if len(places) < 2:
        return None
    return np.array(places, np.float32), np.array(gains, np.float32)


def _bounded(ratio: np.floating) -> np.float32:
    return np.float32(min(max(float(ratio), LEAST_GAIN), MOST_GAIN))
