"""Where things touched the ground: why a thing counts as inside a zone, and where to draw one."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from viahe_api.observations import Hour, lines_of

ACROSS, DOWN = 96, 54
"""Cells the picture is counted in."""
LOOKS_AN_HOUR = 900
"""Looks of one hour that are counted: its every so many'th, evenly."""

Feet = Counter[tuple[int, int]]


def feet(hours: Sequence[Hour]) -> Feet:
    """How often something stood in each cell (column, row)."""
    counts: Feet = Counter()
    for hour in hours:
        lines = lines_of(hour.path)
        for line in islice(lines, 0, None, max(1, len(lines) // LOOKS_AN_HOUR)):
            counts.update(_cells(line))
    return counts


def drawing(counts: Feet) -> str:
    """An SVG of the counts over a picture of any size: the denser, the more opaque."""
    most = max(counts.values(), default=1)
    dots = "".join(
        f'<circle cx="{column + 0.5}" cy="{row + 0.5}" r="0.45" '
        f'fill-opacity="{0.25 + 0.75 * (count / most) ** 0.5:.2f}"/>'
        for (column, row), count in sorted(counts.items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ACROSS} {DOWN}" '
        f'preserveAspectRatio="none" fill="#00E5FF">{dots}</svg>'
    )


def _cells(line: str) -> Iterable[tuple[int, int]]:
    look = json.loads(line).get("observation") or {}
    for detection in look.get("detections", ()):
        left, _, right, bottom = detection["box"]
        column, row = int((left + right) / 2 * ACROSS), int(bottom * DOWN)
        yield min(max(column, 0), ACROSS - 1), min(max(row, 0), DOWN - 1)
