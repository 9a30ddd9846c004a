"""How far a picture has moved: shifts in fractions of it, from where its pixels lie on another."""

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_rules.domain import Shift

Matrix = NDArray[np.float64]
"""An affine map of pixels, 2 × 3."""

EDGE = 0.35
"""How far from the middle ground is still watched, in widths and heights of the picture."""

LEAST_SAID, LEAST_TURN_DEG, LEAST_ZOOM = 0.003, 0.5, 0.01
"""Less of a shift than this is left out where it is put in words."""


def reach(shift: Shift, aspect: float) -> float:
    """How far a shift carries points near the picture's corners, at most, in widths of it.

    `aspect` is width over height.
    """
    turn = np.radians(shift.turn_deg)
    matrix = shift.zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    points = np.array([(x, y / aspect) for x in (-EDGE, EDGE) for y in (-EDGE, EDGE)])
    there = points @ matrix.T + (shift.right, shift.down / aspect)
    return float(np.linalg.norm(there - points, axis=1).max())


def shift_of(lies: Matrix, shape: tuple[int, ...]) -> Shift:
    """How the first view's pixels moved, from where a look's pixels lie on it."""
    height, width = shape[:2]
    moved = inverse(lies)
    middle = np.array([width / 2, height / 2])
    right, down = moved[:, :2] @ middle + moved[:, 2] - middle
    turn = float(np.degrees(np.arctan2(moved[1, 0], moved[0, 0])))
    zoom = float(np.hypot(moved[0, 0], moved[1, 0]))
    return Shift(float(right) / width, float(down) / height, turn, zoom)


def seen_from(rest: Shift, there: Shift) -> Shift:
    """A shift as seen from another; both are small, so that their figures add up."""
    return Shift(
        there.right - rest.right,
        there.down - rest.down,
        there.turn_deg - rest.turn_deg,
        there.zoom / rest.zoom,
    )


def median(shifts: list[Shift]) -> Shift:
    right, down, turn, zoom = np.median([numbers(shift) for shift in shifts], axis=0).tolist()
    return Shift(right, down, turn, zoom)


def numbers(shift: Shift | None) -> NDArray[np.float64]:
    if shift is None:
        return np.zeros(0)
    return np.array([shift.right, shift.down, shift.turn_deg, shift.zoom])


def shift_read(numbers: NDArray[np.float64]) -> Shift | None:
    return Shift(*numbers.tolist()) if numbers.size else None


def chained(outer: Matrix, inner: Matrix) -> Matrix:
    """The map that does first `inner`, then `outer`."""
    return np.asarray(
        np.column_stack([outer[:, :2] @ inner[:, :2], outer[:, :2] @ inner[:, 2] + outer[:, 2]]),
        np.float64,
    )


def inverse(matrix: Matrix) -> Matrix:
    return np.asarray(cv2.invertAffineTransform(matrix), np.float64)


def said(shift: Shift) -> str:
    """A shift in words, such as `3.0 % to the left, turned 2.0° clockwise`."""
    parts = []
    if abs(shift.right) >= LEAST_SAID:
        side = "right" if shift.right > 0 else "left"
        parts.append(f"{abs(shift.right):.1%} to the {side}".replace("%", " %"))
    if abs(shift.down) >= LEAST_SAID:
        parts.append(
            f"{abs(shift.down):.1%} {'down' if shift.down > 0 else 'up'}".replace("%", " %")
        )
    if abs(shift.turn_deg) >= LEAST_TURN_DEG:
        way = "clockwise" if shift.turn_deg > 0 else "anticlockwise"
        parts.append(f"turned {abs(shift.turn_deg):.1f}° {way}")
    if abs(shift.zoom - 1) >= LEAST_ZOOM:
        parts.append(f"{shift.zoom:.2f} times as large")
    return ", ".join(parts) or "less than can be told"
