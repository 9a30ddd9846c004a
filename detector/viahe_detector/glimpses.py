"""What looking back at a place glimpsed, before and after it is known where the place lay in it.

The camera may be held or turned by somebody: then the place lies elsewhere in every look, and
outside of some. It was asked about as one picture showed it, and is followed from there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from viahe_detector.media import Picture
from viahe_detector.place_view import MOST_SWUNG, Patch, View, around, found_again, view_of
from viahe_detector.stillness import Stillness
from viahe_detector.swing import Swing
from viahe_rules.domain import PERSON, VEHICLES, Ask, Box, Detection, Point
from viahe_rules.geometry import covered, is_shown, moved

CARRIED_S = 1.0
"""The most seconds for which an unchanged picture is not asked about again."""
SAME_PICTURE_S = 0.02
"""How far apart one picture may be dated in two passes: clocks of two streams are estimates."""
LATELY_S, PLACED_WITHIN_S = 3.0, 0.15
"""The last seconds of what is looked back at, in which the place lies about where it was asked
about; and how far from the second it was asked about in a picture shows that."""
HIDDEN = 0.15
"""The covered share of a place from which its picture is no reference."""

Pictures: TypeAlias = Callable[[float, float], Iterable[Picture]]
"""Those between two media seconds of the asked run."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look without its picture; `around` is the place and as much ground on all sides."""

    t: float
    at: float
    detections: tuple[Detection, ...]
    around: Patch
    is_open: bool
    is_shown: bool
    swung: Point


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One look before it is known how far the camera had swung from where it mostly points.

    `swung` is how far the place lay from where it lay in the first look.
    """

    t: float
    at: float
    detections: tuple[Detection, ...]
    view: View
    swung: Point


@dataclass(slots=True)
class Seen:
    """What was glimpsed for one ask so far."""

    ask: Ask
    swing: Swing
    stillness: Stillness = field(default_factory=lambda: Stillness(CARRIED_S, answers=1))
    glimpses: list[Glimpse] = field(default_factory=list)
    followed: bool = False
    """Whether it has been seen to that each look shows the place, however far it had swung."""
    asked_at: Point | None = None
    """How far the place lay, where it was asked about, from where it lay in the first look; None
    while that is not known."""

    @property
    def until(self) -> float:
        """The media second up to which was looked."""
        return self.glimpses[-1].t if self.glimpses else self.ask.start


def swung_where_asked(seen: Seen, pictures: Pictures) -> Point | None:
    """How far the place lay, in the picture it was asked about in, from where it lay in the first
    look; None where that is not told, or the picture is not to be had."""
    at = seen.ask.placed_at
    if at is None or not seen.glimpses:
        return None
    shown = pictures(at - PLACED_WITHIN_S, at + PLACED_WITHIN_S)
    near = [each for each in shown if abs(each.t - at) <= PLACED_WITHIN_S]
    if not near:
        return None
    return seen.swing.to(min(near, key=lambda each: abs(each.t - at)).bgr, ())


def has_swung_far(seen: Seen) -> bool:
    """Whether the place lay outside of what was kept of some looks."""
    return any(max(map(abs, way)) > MOST_SWUNG for way in _ways(seen))


def follow(seen: Seen, pictures: Iterable[Picture]) -> None:
    """Keeps of each look the area the place lay in, now that it is known how far it had swung."""
    times = np.array([each.t for each in seen.glimpses])
    ways = _ways(seen)
    views: dict[int, View] = {}
    for picture in pictures:
        nearest = int(np.abs(times - picture.t).argmin())
        if abs(times[nearest] - picture.t) <= SAME_PICTURE_S:
            views[nearest] = view_of(seen.ask.place, picture.bgr, ways[nearest])
    seen.glimpses = [
        replace(each, view=views.get(number, each.view))
        for number, each in enumerate(seen.glimpses)
    ]


def _ways(seen: Seen) -> list[Point]:
    """How far the place lay, in each look, from where it was asked about; or else from where it
    lay of late."""
    glimpses = seen.glimpses
    if not glimpses:
        return []
    late = [each.swung for each in glimpses if glimpses[-1].t - each.t <= LATELY_S]
    across, down = (float(np.mean(figures)) for figures in zip(*late, strict=True))
    if seen.asked_at is not None:
        across, down = seen.asked_at
    return [(each.swung[0] - across, each.swung[1] - down) for each in glimpses]


def looked(seen: Seen) -> list[Look]:
    """The looks, each at where the place lay."""
    place, glimpses, ways = seen.ask.place, seen.glimpses, _ways(seen)
    there = [moved(place, *way) for way in ways]
    shown = [is_shown(place, *way) for way in ways]
    opened = [
        inside and _is_open(at, each)
        for inside, at, each in zip(shown, there, glimpses, strict=True)
    ]
    if any(each.swung != (0.0, 0.0) for each in glimpses) and True in opened:
        last = max(i for i, is_open in enumerate(opened) if is_open)
        ground = around(there[last], glimpses[last].view)
        again = [
            found_again(ground, at, each.view) for at, each in zip(there, glimpses, strict=True)
        ]
        there = [at if found is None else found for at, found in zip(there, again, strict=True)]
        # Of a camera that was turned far it may be other ground that is looked at.
        lost = [
            found is None and max(map(abs, way)) > MOST_SWUNG
            for found, way in zip(again, ways, strict=True)
        ]
        shown = [inside and not gone for inside, gone in zip(shown, lost, strict=True)]
        opened = [is_open and not gone for is_open, gone in zip(opened, lost, strict=True)]
    return [
        Look(each.t, each.at, each.detections, around(at, each.view), is_open, inside, way)
        for at, each, is_open, inside, way in zip(there, glimpses, opened, shown, ways, strict=True)
    ]


def _is_open(place: Box, glimpse: Glimpse) -> bool:
    """Whether nothing known to move is before the place in a look."""
    return not any(
        covered(place, found.box) > HIDDEN for found in glimpse.detections if moves(found)
    )


def moves(found: Detection) -> bool:
    """Whether it is of a kind that may move by itself, and stand before a place."""
    return found.label == PERSON or found.label in VEHICLES
