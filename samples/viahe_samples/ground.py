"""The ground of the staged street: where its lines run and how large a metre is on it.

One camera looks down across a street that recedes to the right. Positions are fractions of
the picture, origin top left. A *lane* is a line along the street, named by the height at
which it meets the picture's left edge; all lanes meet in one vanishing point, and lines
straight across the street in another on the same horizon, as a lens of 63 degrees shows them.
"""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from viahe_rules.domain import Point, Polygon

Number = TypeVar("Number", float, NDArray[np.floating[Any]])

HORIZON = 0.074
ALONG_X, ACROSS_X = 3.0, 0.24
"""Where lines along and across the street vanish."""
METRE_PER_DROP = 0.23
"""Height of an upright metre, for each unit its foot lies below the horizon."""
REACH, SPREAD = 5.76, 3.41
"""What makes ten metres from the camera the near kerb, and metres as long there as high."""

FRONTS, FAR_KERB, NEAR_KERB, PAVEMENT = 0.30, 0.36, 0.70, 0.725
"""Lanes on which the house fronts stand, the roadway begins and ends, the near pavement begins."""


def height_at(lane: Number, x: Number) -> Number:
    """The height in the picture of `lane` at `x`."""
    return lane + (HORIZON - lane) * x / ALONG_X


def lane_at(x: Number, y: Number) -> Number:
    """The lane that runs through a point."""
    return HORIZON + (y - HORIZON) / (1 - x / ALONG_X)


def metre_at(y: float) -> float:
    """An upright metre whose foot is at `y`, as a fraction of the picture's height."""
    return METRE_PER_DROP * (y - HORIZON)


def metres_at(x: Number, y: Number) -> tuple[Number, Number]:
    """A point of the ground in metres: along the street, and away from the camera."""
    distance = REACH * SPREAD / (y - HORIZON)
    along = distance * (x - ACROSS_X) / (ALONG_X - ACROSS_X)
    return along, (distance - along) / SPREAD


def x_at(along_m: float, lane: float) -> float:
    """Where on `lane` the point lies that is `along_m` along the street."""
    away = REACH / ((lane - HORIZON) * (1 - ACROSS_X / ALONG_X))
    return ACROSS_X + (ALONG_X - ACROSS_X) * along_m / (along_m + SPREAD * away)


def strip(near: float, far: float, left: float, right: float) -> Polygon:
    """The ground between two lanes and two uprights, kept inside the picture."""
    corners: tuple[Point, ...] = (
        (left, height_at(far, left)),
        (right, height_at(far, right)),
        (right, height_at(near, right)),
        (left, height_at(near, left)),
    )
    return tuple((x, min(1.0, y)) for x, y in corners)
