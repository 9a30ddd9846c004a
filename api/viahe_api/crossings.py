"""Which edges of a polygon cross, by the numbers of their points, so that a page can say so."""

from itertools import combinations

from viahe_rules.domain import Point, Polygon
from viahe_rules.geometry import edges


def crossing_edges(polygon: Polygon) -> tuple[int, ...]:
    """The first two edges that meet where they should not: (2, 3, 5, 6) is 2-3 and 5-6.

    Points count from 1. Empty when no two edges that are not neighbours meet.
    """
    sides = edges(polygon)
    count = len(sides)
    for (i, first), (j, second) in combinations(enumerate(sides), 2):
        neighbours = j - i == 1 or (i == 0 and j == count - 1)
        if not neighbours and _meet(*first, *second):
            return (i + 1, (i + 1) % count + 1, j + 1, (j + 1) % count + 1)
    return ()


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    apart = _side(a, b, c) * _side(a, b, d) > 0 or _side(c, d, a) * _side(c, d, b) > 0
    boxes_apart = any(
        max(a[axis], b[axis]) < min(c[axis], d[axis])
        or max(c[axis], d[axis]) < min(a[axis], b[axis])
        for axis in (0, 1)
    )
    return not apart and not boxes_apart


def _side(a: Point, b: Point, c: Point) -> float:
    """Above zero if `c` lies to one side of the line through `a` and `b`, below on the other."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
