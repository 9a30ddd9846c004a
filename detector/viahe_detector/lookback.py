"""Looking back densely at the moment a thing appeared, for the rule that asked."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from viahe_detector.glimpses import (
    Glimpse,
    Look,
    Pictures,
    Seen,
    follow,
    has_swung_far,
    looked,
    moves,
    swung_where_asked,
)
from viahe_detector.media import Picture
from viahe_detector.pixels import Pixels
from viahe_detector.place_view import presence, view_of
from viahe_detector.stillness import Stillness
from viahe_detector.swing import Swing
from viahe_rules.domain import Answer, Ask, Box, Change, ChangeKind, Detection, Observation
from viahe_rules.geometry import iou

LOOKS_A_SECOND, FOLLOWING_A_SECOND = 8.0, 3.0
"""Enough for a running person's boxes to overlap from look to look; and to know where a mover has
come from and gone to, when the thing has not come yet or lies there already."""
LEAST_SCORE = 0.15
"""Lower than at the watch: a track bridges what one look is unsure of."""
SHOWN_PX, LEAST_PLACE_PX = 960, 16
"""The width pictures are looked at in; a place that is narrower there is shown as it was sent."""
REMEMBERED = 16
"""Asks whose glimpses are kept: a rule tells beforehand what it is going to ask, and one that found
somebody still near asks again within seconds."""
SAME_PLACE = 0.6
"""The overlap (IoU) at which a place that was asked about is still looked at where it was."""


class Sight(Protocol):
    """Whatever names people and vehicles in a picture."""

    def detect(self, picture: Pixels, min_score: float | None = None) -> tuple[Detection, ...]:
        """What it is at least so sure of."""


class LookingBack:
    """Looks back for many cameras' rules, at whatever `network` names.

    A rule that asks about the same stay again, or had said that it would, is answered from where
    the looking ended; the last few are remembered, at some fifty kilobytes a look. Not safe for
    several threads at once.
    """

    def __init__(self, network: Sight) -> None:
        self._network = network
        self._seen: OrderedDict[tuple[str, str], Seen] = OrderedDict()

    def answer(self, ask: Ask, camera: str, pictures: Pictures) -> Answer:
        """What `pictures` show, which are called for as they are needed."""
        self.prepare(ask, camera, pictures)
        seen = self._seen[camera, ask.key]
        if seen.asked_at is None:
            seen.asked_at = swung_where_asked(seen, pictures)
        if not seen.followed and has_swung_far(seen):
            follow(seen, pictures(ask.start, ask.end))
        seen.followed = True
        return _answered(seen, camera)

    def prepare(self, ask: Ask, camera: str, pictures: Pictures) -> None:
        """Look at what is going to be asked; where `pictures` end early, the rest is left."""
        seen = self._seen.pop((camera, ask.key), None)
        if seen is None or not _goes_on(seen.ask, ask):
            seen = Seen(ask, Swing(ask.place.centre))
        seen.ask = ask = replace(ask, place=seen.ask.place, placed_at=seen.ask.placed_at)
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
    place was always covered) looks have no change, and neither has one of a camera that was turned
    away from the place. No picture is kept.
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


def _glimpse(seen: Seen, pictures: Iterable[Picture], network: Sight) -> None:
    ask, glimpses = seen.ask, seen.glimpses
    for picture in pictures:
        too_soon = glimpses and picture.t - glimpses[-1].t < 0.9 / _looks_a_second(ask, picture.t)
        if ask.start <= picture.t <= ask.end and not too_soon:
            detections = _named(picture, network, seen.stillness)
            glimpses.append(_glimpsed(ask.place, picture, detections, seen.swing))


def _looks_a_second(ask: Ask, t: float) -> float:
    first, last = ask.closely
    return LOOKS_A_SECOND if first <= t <= last else FOLLOWING_A_SECOND


def _answered(seen: Seen, camera: str) -> Answer:
    ask = seen.ask
    looks = [look for look in looked(seen) if look.t >= ask.start]
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
                changes=() if shares is None else _changes(ask.place, look, shares[i]),
                at=look.at,
                swung=look.swung,
            )
            for i, look in enumerate(looks)
        ),
    )


def _changes(place: Box, look: Look, share: float) -> tuple[Change, ...]:
    return (Change(place, look.t, ChangeKind.LEFT, share),) if look.is_shown else ()


def _named(picture: Picture, network: Sight, stillness: Stillness) -> tuple[Detection, ...]:
    carried = stillness.carried(picture.t, picture.bgr)
    if carried is not None:
        return carried
    detections = network.detect(picture.bgr, LEAST_SCORE)
    stillness.answered(picture.t, picture.bgr, detections)
    return detections


def _glimpsed(
    place: Box, picture: Picture, detections: tuple[Detection, ...], swing: Swing
) -> Glimpse:
    movers = [found.box for found in detections if moves(found)]
    swung = swing.to(picture.bgr, movers)
    view = view_of(place, picture.bgr, (0.0, 0.0))
    return Glimpse(picture.t, picture.at, detections, view, swung)
