"""Boxes and polygons on the picture, in its fractions; nothing here knows what they hold."""

from collections.abc import Iterable
from itertools import combinations
from math import isfinite

from viahe_rules.domain import Box, Point, Polygon

FEWER_THAN_THREE_POINTS = "fewer than three points"
OUTSIDE_THE_PICTURE = "a point outside the picture"
EDGES_CROSS = "edges cross or touch"
NO_AREA = "no area"

SHOWN = 0.95
"""The share of a place from which a picture shows it."""


def overlap(a: Box, b: Box) -> float:
    """The area both boxes cover."""
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return max(0.0, width) * max(0.0, height)


def iou(a: Box, b: Box) -> float:
    """Intersection over union in 0..1; 0 where neither box has an area."""
    both = overlap(a, b)
    either = a.area + b.area - both
    return both / either if either > 0 else 0.0


def covered(a: Box, by: Box) -> float:
    """The fraction of `a` that `by` covers; 0 if `a` has no area."""
    return min(1.0, overlap(a, by) / a.area) if a.area > 0 else 0.0


def between(a: Box, b: Box, weight: float) -> Box:
    """`a` moved towards `b` by `weight` in 0..1."""
    return Box(
        a.left + weight * (b.left - a.left),
        a.top + weight * (b.top - a.top),
        a.right + weight * (b.right - a.right),
        a.bottom + weight * (b.bottom - a.bottom),
    )


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of them. Raises ValueError if there is none."""
    all_boxes = tuple(boxes)
    if not all_boxes:
        raise ValueError("no box to draw a box around")
    return Box(
        min(box.left for box in all_boxes),
        min(box.top for box in all_boxes),
        max(box.right for box in all_boxes),
        max(box.bottom for box in all_boxes),
    )


def grown(box: Box, factor: float) -> Box:
    """`box` with `factor` times its width and height about the same centre.

    It may reach beyond the picture: a clipped box would no longer have its own footprint.
    """
    (x, y), half_width, half_height = box.centre, box.width * factor / 2, box.height * factor / 2
    return Box(x - half_width, y - half_height, x + half_width, y + half_height)


def moved(box: Box, across: float, down: float) -> Box:
    """The box so far to the right and down."""
    return Box(box.left + across, box.top + down, box.right + across, box.bottom + down)


def is_shown(place: Box, across: float, down: float) -> bool:
    """Whether a picture in which a place lies so far to the right and down shows, all but a little,
    as much of it as the one it is given in."""
    there = clipped(moved(clipped(place), across, down))
    return there.area >= SHOWN * clipped(place).area


def clipped(box: Box) -> Box:
    """The part of `box` inside the picture; without area where it lies wholly outside."""
    left, top = min(max(box.left, 0.0), 1.0), min(max(box.top, 0.0), 1.0)
    return Box(left, top, max(left, min(box.right, 1.0)), max(top, min(box.bottom, 1.0)))


def footprint(box: Box) -> Box:
    """The ground a thing is taken to stand on: the lowest band of its whole box.

    The outer sixths are left out, since arms, mirrors and handlebars overhang the ground; the
    band is as deep as a quarter of the box's shorter side, in fractions of the picture.
    """
    depth = min(box.width, box.height) / 4
    return Box(box.left + box.width / 6, box.bottom - depth, box.right - box.width / 6, box.bottom)


def stands_in(box: Box, polygon: Polygon) -> bool:
    """Whether at least half of the thing's footprint lies in the polygon."""
    ground = footprint(box)
    if ground.area <= 0:
        return inside(box.foot, polygon)
    return polygon_area(part_within(polygon, ground)) >= ground.area / 2


def inside(point: Point, polygon: Polygon) -> bool:
    """Whether the point lies in the polygon; its edges belong to it."""
    x, y = point
    within = False
    for (x1, y1), (x2, y2) in edges(polygon):
        if _on_edge(point, (x1, y1), (x2, y2)):
            return True
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            within = not within
    return within


def edges(polygon: Polygon) -> tuple[tuple[Point, Point], ...]:
    """The polygon's sides, the one from the last point to the first included."""
    return tuple(zip(polygon, polygon[1:] + polygon[:1], strict=True))


def polygon_area(polygon: Polygon) -> float:
    """The area of a polygon whose edges do not cross, whichever way round it is drawn."""
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in edges(polygon))) / 2


def part_within(polygon: Polygon, box: Box) -> Polygon:
    """The part of the polygon inside the box, cut side by side (Sutherland and Hodgman, 1974).

    Where the cut falls into pieces they are joined by edges of no width: the area is right,
    the outline is not for drawing.
    """
    part = polygon
    for axis, limit, keep_above in (
        (0, box.left, True),
        (0, box.right, False),
        (1, box.top, True),
        (1, box.bottom, False),
    ):
        part = _cut(part, axis, limit, keep_above)
    return part


def polygon_faults(polygon: Polygon) -> tuple[str, ...]:
    """What keeps `polygon` from being a zone; empty if nothing does.

    The phrases are the constants of this module, fixed so that a page can translate them.
    """
    if len(polygon) < 3:
        return (FEWER_THAN_THREE_POINTS,)
    faults = []
    if not all(isfinite(x) and 0 <= x <= 1 for point in polygon for x in point):
        faults.append(OUTSIDE_THE_PICTURE)
    if _edges_cross(polygon):
        faults.append(EDGES_CROSS)
    elif polygon_area(polygon) < 1e-6:
        faults.append(NO_AREA)
    return tuple(faults)


def _cut(polygon: Polygon, axis: int, limit: float, keep_above: bool) -> Polygon:
    kept: list[Point] = []
    for start, end in edges(polygon):
        start_kept = (start[axis] >= limit) if keep_above else (start[axis] <= limit)
        end_kept = (end[axis] >= limit) if keep_above else (end[axis] <= limit)
        if start_kept:
            kept.append(start)
        if start_kept != end_kept:
            part = (limit - start[axis]) / (end[axis] - start[axis])
            kept.append(
                (start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1]))
            )
    return tuple(kept)


def _edges_cross(polygon: Polygon) -> bool:
    """Whether two edges meet anywhere but in the corner they share."""
    sides = edges(polygon)
    last = len(sides) - 1
    for (i, first), (j, second) in combinations(enumerate(sides), 2):
        if j == i + 1 or (i == 0 and j == last):
            shared, before, after = (
                (first[1], first[0], second[1]) if j == i + 1 else (first[0], first[1], second[0])
            )
            if _fold_back(shared, before, after):
                return True
        elif _meet(first, second):
            return True
    return False


def _fold_back(corner: Point, before: Point, after: Point) -> bool:
    """Whether the edge after a corner runs back over the one before it, or either is a point."""
    if corner in (before, after):
        return True
    along = (before[0] - corner[0]) * (after[0] - corner[0]) + (before[1] - corner[1]) * (
        after[1] - corner[1]
    )
    return _turn(before, corner, after) == 0 and along > 0


def _meet(first: tuple[Point, Point], second: tuple[Point, Point]) -> bool:
    (a, b), (c, d) = first, second
    if _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0:
        return True
    return _on_edge(c, a, b) or _on_edge(d, a, b) or _on_edge(a, c, d) or _on_edge(b, c, d)


def _turn(a: Point, b: Point, c: Point) -> float:
    """Positive where a, b, c turn one way, negative the other, 0 on one line."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _on_edge(point: Point, start: Point, end: Point) -> bool:
    return (
        _turn(start, end, point) == 0
        and min(start[0], end[0]) <= point[0] <= max(start[0], end[0])
        and min(start[1], end[1]) <= point[1] <= max(start[1], end[1])
    )
