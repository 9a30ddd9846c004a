"""What a vehicle looks like, in a few digits: enough to tell it from the next one in its place.

Cars, buses and trucks only: of a motorcycle too much is street and rider.
"""

from collections.abc import Iterable
from dataclasses import replace

import cv2
import numpy as np

from viahe_detector.pixels import Pixels
from viahe_rules.domain import CLOSED, Box, Detection, Shades

SIDE, STEPS = 6, 16
"""Fields along each side of a vehicle's box, and shades told apart in each."""
LEAST_PX = 12
"""A vehicle that is narrower or lower in the picture looks like any other."""
LEAST_CONTRAST = 8.0
"""Of 255: what differs by less within the box shows no vehicle."""


def shaded(picture: Pixels, detections: Iterable[Detection]) -> tuple[Detection, ...]:
    """The detections, those of cars, buses and trucks with their shades as the picture (blue,
    green, red) shows them."""
    return tuple(
        replace(found, shades=shades_of(picture, found.box)) if found.label in CLOSED else found
        for found in detections
    )


def shades_of(picture: Pixels, box: Box) -> Shades:
    """The shades within a box; empty for one that is too small or
    all of one shade."""
    height, width = picture.shape[:2]
    left, right = round(box.left * width), round(box.right * width)
    top, bottom = round(box.top * height), round(box.bottom * height)
    if min(right - left, bottom - top) < LEAST_PX:
        return Shades("")
    fields = cv2.resize(picture[top:bottom, left:right], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    shades = cv2.cvtColor(fields, cv2.COLOR_BGR2GRAY).astype(np.float32)
    darkest, contrast = float(shades.min()), float(np.ptp(shades))
    if contrast < LEAST_CONTRAST:
        return Shades("")
    steps = np.minimum((shades - darkest) * (STEPS / contrast), STEPS - 1).astype(np.uint8)
    return Shades("".join(f"{step:x}" for step in steps.ravel()))
