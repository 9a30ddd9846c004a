"""Pieces of a picture that nothing may be seen of, blackened before anything looks."""

from collections.abc import Iterable

import cv2
import numpy as np

from viahe_detector.pixels import Pixels
from viahe_rules.domain import Polygon
from viahe_rules.plan import Zone


def masks_of(zones: Iterable[Zone]) -> tuple[Polygon, ...]:
    """All masks of a camera: whatever zone one was drawn with, it holds for the whole camera."""
    return tuple(mask for zone in zones for mask in zone.masks)


def masked(picture: Pixels, masks: tuple[Polygon, ...]) -> Pixels:
    """The picture with its masks black; the picture itself where there are none.

    Masks are fractions of the upright picture, so that one mask fits every size it is decoded
    in. The picture given is not changed.
    """
    if not masks:
        return picture
    blackened = picture.copy()
    height, width = picture.shape[:2]
    for mask in masks:
        corners = np.array([(x * width, y * height) for x, y in mask]).round().astype(np.int32)
        cv2.fillPoly(blackened, [corners], (0, 0, 0))
    return blackened
