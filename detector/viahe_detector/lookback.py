"""Looking back densely at the moment a thing appeared, for the rule that asked."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from viahe_detector.media import Picture
from viahe_detector.pixels import Pixels
from viahe_detector.place_view import (
    MOST_SWUNG,
    Patch,
    View,
    around,
    found_again,
    presence,
    view_of,
)
from viahe_detector.stillness import Stillness
from viahe_detector.swing import Swing
from viahe_rules.domain import (
    PERSON,
    VEHICLES,
    Answer,
    Ask,
    Box,
    Change,
    ChangeKind,
    Detection,
    Observation,
    Point,
)
from viahe_rules.geometry import covered, iou, moved

LOOKS_A_SECOND, FOLLOWING_A_SECOND = 8.0, 3.0
"""Enough for a running person's boxes to overlap from look to look; and to know where a mover has
come from and gone to, when the thing has not come yet or lies there already."""
CARRIED_S = 1.0
"""The most seconds for which an unchanged picture is not asked about again."""
LEAST_SCORE = 0.15
"""Lower than at the watch: a track bridges what one look is unsure of."""
SHOWN_PX, LEAST_PLACE_PX = 960, 16
"""The width pictures are looked at in; a place that is narrower there is shown as it was sent."""
REMEMBERED = 16
"""Asks whose glimpses are kept: a rule tells beforehand what it is going to ask, and one that found
somebody still near asks again within seconds."""
SAME_PLACE = 0.6
"""The overlap (IoU) at which a place that was asked about is still looked at where it was."""
SAME_PICTURE_S = 0.02
"""How far apart one picture may be dated in two passes: clocks of two streams are estimates."""
LATELY_S = 3.0
"""The last seconds of what is looked back at, in which the place lies where the rules know it."""
HIDDEN = 0.15
"""The covered share of a place from which its picture is no reference."""


class Sight(Protocol):
    """Whatever names people and vehicles in a picture."""

    def detect(self, picture: Pixels, min_score: float | None = None) -> tuple[Detection, ...]:
        """What it is at least so sure of."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One look without its picture; `around` is the place and as much ground on all sides."""

    t: float
    at: float
    detections: tuple[Detection, ...]
    around: Patch
    is_open: bool


@dataclass(frozen=True, slots=True)
class _Glimpse:
    """One look before it is known how far the camera had swung from where it mostly points.

    `swung` is how far the place lay from where it lay in the first look.
    """

    t: float
    at: float
    detections: tuple[Detection, ...]
    view: View
    swung: Point


@dataclass(slots=True)
class _Seen:
    """What was glimpsed for one ask so far."""

    ask: Ask
    swing: Swing
    stillness: Stillness = field(default_factory=lambda: Stillness(CARRIED_S, answers=1))
    glimpses: list[_Glimpse] = field(default_factory=list)
    followed: bool = False
    """Whether it has been seen to that each look shows the place, however far it had swung."""

    @property
    def until(self) -> float:
        """The media second up to which was looked."""
        return self.glimpses[-1].t if self.glimpses else self.ask.start


class LookingBack:
    """Looks back for many cameras' rules, at whatever `network` names.

    A rule that asks about the same stay again, or had said that it would, is answered from where
    the looking ended; the last few are remembered, at some fifty kilobytes a look. Not safe for
    several threads at once.
    """

    def __init__(self, network: Sight) -> None:
        self._network = network
        self._seen: OrderedDict[tuple[str, str], _Seen] = OrderedDict()

    def answer(
        self, ask: Ask, camera: str, pictures: Callable[[float, float], Iterable[Picture]]
    ) -> Answer:
        """`pictures` gives those between two media seconds of the asked run, as they are needed."""
        self.prepare(ask, camera, pictures)
        seen = self._seen[camera, ask.key]
        if not seen.followed and _has_swung_far(seen.glimpses):
            _follow(seen, pictures(ask.start, ask.end))
        seen.followed = True
        return _answered(seen.ask, camera, seen.glimpses)

    def prepare(
        self, ask: Ask, camera: str, pictures: Callable[[float, float], Iterable[Picture]]
    ) -> None:
        """Look at what is going to be asked; where `pictures` end early, the rest is left."""
        seen = self._seen.pop((camera, ask.key), None)
        if seen is None or not _goes_on(seen.ask, ask):
            seen = _Seen(ask, Swing(ask.place.centre))
        seen.ask = ask = replace(ask, place=seen.ask.place)
        self._seen[camera, ask.key] = seen
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        if ask.end > seen.until:
            seen.followed = False
            _glimpse(seen, pictures(seen.until, ask.end), self._network)


def look_back(ask: Ask, camera: str, pictures: Iterable[Picture], network: Sight) -> Answer:
    """What the pictures of `ask.start..ask.end` show: about eight looks a second in the seconds
    the ask names, three before and after.

    `pictures` are in order of time; those that come faster are skipped. Each look has every
    person and vehicle the network is a little sure of, and one change at the asked place whose
    score tells how much of the place looks as in the last pictures nothing covers it in, rather
    than as in the first. Where nothing tells these apart (the thing was there all along, or the
    place was always covered) looks have no change. No picture is kept.
    """
    return LookingBack(network).answer(ask, camera, lambda *_: pictures)


def width_for(place: Box, width: int) -> int:
    """How wide pictures of this width need to be shown so that a place can be judged."""
    return min(width, SHOWN_PX) if shows(place, SHOWN_PX) else width


def shows(place: Box, width: int) -> bool:
    """Whether a place can be judged in pictures of this width."""
    return place.width * width >= LEAST_PLACE_PX


def _goes_on(before: Ask, ask: Ask) -> bool:
    """Whether what was seen for the ask before is the beginning of what is asked now."""
    is_later = before.start <= ask.start and before.end <= ask.end
    return before.run == ask.run and is_later and iou(before.place, ask.place) >= SAME_PLACE


def _glimpse(seen: _Seen, pictures: Iterable[Picture], network: Sight) -> None:
    ask, glimpses = seen.ask, seen.glimpses
    for picture in pictures:
        too_soon = glimpses and picture.t - glimpses[-1].t < 0.9 / _looks_a_second(ask, picture.t)
        if ask.start <= picture.t <= ask.end and not too_soon:
            detections = _named(picture, network, seen.stillness)
            glimpses.append(_glimpsed(ask.place, picture, detections, seen.swing))


def _looks_a_second(ask: Ask, t: float) -> float:
    first, last = ask.closely
    return LOOKS_A_SECOND if first <= t <= last else FOLLOWING_A_SECOND


def _has_swung_far(glimpses: Sequence[_Glimpse]) -> bool:
    """Whether the place lay outside of what was kept of some looks."""
    return any(max(map(abs, way)) > MOST_SWUNG for way in _ways(glimpses))


def _follow(seen: _Seen, pictures: Iterable[Picture]) -> None:
    """Keeps of each look the area the place lay in, now that it is known how far it had swung."""
    times = np.array([each.t for each in seen.glimpses])
    ways = _ways(seen.glimpses)
    views: dict[int, View] = {}
    for picture in pictures:
        nearest = int(np.abs(times - picture.t).argmin())
        if abs(times[nearest] - picture.t) <= SAME_PICTURE_S:
            views[nearest] = view_of(seen.ask.place, picture.bgr, ways[nearest])
    seen.glimpses = [
        replace(each, view=views.get(number, each.view))
        for number, each in enumerate(seen.glimpses)
    ]


def _ways(glimpses: Sequence[_Glimpse]) -> list[Point]:
    """How far the place lay, in each look, from where rules know it: where it lay of late."""
    if not glimpses:
        return []
    late = [each.swung for each in glimpses if glimpses[-1].t - each.t <= LATELY_S]
    across, down = (float(np.mean(figures)) for figures in zip(*late, strict=True))
    return [(each.swung[0] - across, each.swung[1] - down) for each in glimpses]


def _answered(ask: Ask, camera: str, glimpses: Sequence[_Glimpse]) -> Answer:
    looks = _looked(ask.place, [each for each in glimpses if each.t >= ask.start])
    shares = presence(ask.place, [look.around for look in looks], [look.is_open for look in looks])
    return Answer(
        ask.key,
        camera,
        ask.run,
        tuple(
            Observation(
                camera,
                ask.run,
                look.t,
                detections=look.detections,
                changes=(() if shares is None else (_change(ask.place, look.t, shares[i]),)),
                at=look.at,
            )
            for i, look in enumerate(looks)
        ),
    )


def _change(place: Box, t: float, score: float) -> Change:
    return Change(place, t, ChangeKind.LEFT, score)


def _named(picture: Picture, network: Sight, stillness: Stillness) -> tuple[Detection, ...]:
    carried = stillness.carried(picture.t, picture.bgr)
    if carried is not None:
        return carried
    detections = network.detect(picture.bgr, LEAST_SCORE)
    stillness.answered(picture.t, picture.bgr, detections)
    return detections


def _glimpsed(
    place: Box, picture: Picture, detections: tuple[Detection, ...], swing: Swing
) -> _Glimpse:
    movers = [found.box for found in detections if _may_hide(found)]
    swung = swing.to(picture.bgr, movers)
    view = view_of(place, picture.bgr, (0.0, 0.0))
    return _Glimpse(picture.t, picture.at, detections, view, swung)


def _looked(place: Box, glimpses: Sequence[_Glimpse]) -> list[_Look]:
    """The looks, each at where the place lay."""
    there = [moved(place, *way) for way in _ways(glimpses)]
    opened = [_is_open(at, each) for at, each in zip(there, glimpses, strict=True)]
    if any(each.swung != (0.0, 0.0) for each in glimpses) and True in opened:
        last = max(i for i, is_open in enumerate(opened) if is_open)
        shown = around(there[last], glimpses[last].view)
        there = [
            found_again(shown, at, each.view) for at, each in zip(there, glimpses, strict=True)
        ]
    return [
        _Look(each.t, each.at, each.detections, around(at, each.view), is_open)
        for at, each, is_open in zip(there, glimpses, opened, strict=True)
    ]


def _is_open(place: Box, glimpse: _Glimpse) -> bool:
    """Whether nothing known to move is before the place in a look."""
    return not any(
        covered(place, found.box) > HIDDEN for found in glimpse.detections if _may_hide(found)
    )


def _may_hide(found: Detection) -> bool:
    return found.label == PERSON or found.label in VEHICLES
