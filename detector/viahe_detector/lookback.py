"""Looking back densely at the moment a thing appeared, for the rule that asked."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from viahe_detector.media import Picture
from viahe_detector.pixels import Pixels
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
from viahe_rules.geometry import clipped, covered, grown, iou

LOOKS_A_SECOND = 8.0
"""Enough for a running person's boxes to overlap from look to look."""
CARRIED_S = 1.0
"""The most seconds for which an unchanged picture is not asked about again."""
LEAST_SCORE = 0.15
"""Lower than at the watch: a track bridges what one look is unsure of."""
PLACE_PX = 64
"""The side a place and the ground around it are compared at."""
SURROUNDINGS = 2.0
SHOWN_PX, LEAST_PLACE_PX = 960, 16
"""The width pictures are looked at in; a place that is narrower there is shown as it was sent."""
REMEMBERED = 8
"""Asks whose glimpses are kept: a rule that found somebody still near asks again within seconds."""
SAME_PLACE = 0.6
"""The overlap (IoU) at which a place that was asked about is still looked at where it was."""
MOST_SWUNG = 0.06
"""How far a camera's shaking may carry a place within one look back, in picture widths."""
HIDDEN = 0.15
"""The covered share of a place from which its picture is no reference."""
REFERENCES = 3
"""Pictures whose median is how the place looks without or with the thing."""
LEAST_DIFFERENCE = 12.0
"""Brightness or colour by which a pixel tells the two apart, 0..255."""
LEAST_TELLING = 0.08
"""The share of the place that must tell the two apart for anything to be said."""

Patch = NDArray[np.float32]


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

    `wide` shows `area`, `swung` is how far the place lay from where it lay in the first look.
    """

    t: float
    at: float
    detections: tuple[Detection, ...]
    wide: Pixels
    area: Box
    swung: Point


@dataclass(slots=True)
class _Seen:
    """What was glimpsed for one ask so far."""

    ask: Ask
    swing: Swing
    stillness: Stillness = field(default_factory=lambda: Stillness(CARRIED_S, answers=1))
    glimpses: list[_Glimpse] = field(default_factory=list)

    @property
    def until(self) -> float:
        """The media second up to which was looked."""
        return self.glimpses[-1].t if self.glimpses else self.ask.start


class LookingBack:
    """Looks back for many cameras' rules, at whatever `network` names.

    A rule that asks again about the same stay is answered from where its last answer ended; the
    last few are remembered, at some fifty kilobytes a look. Not safe for several threads at once.
    """

    def __init__(self, network: Sight) -> None:
        self._network = network
        self._seen: OrderedDict[tuple[str, str], _Seen] = OrderedDict()

    def answer(
        self, ask: Ask, camera: str, pictures: Callable[[float, float], Iterable[Picture]]
    ) -> Answer:
        """`pictures` gives those between two media seconds of the asked run, as they are needed."""
        seen = self._seen.pop((camera, ask.key), None)
        if seen is None or not _goes_on(seen.ask, ask):
            seen = _Seen(ask, Swing(ask.place.centre))
        seen.ask = ask = replace(ask, place=seen.ask.place)
        if ask.end > seen.until:
            _glimpse(seen, pictures(seen.until, ask.end), self._network)
        self._seen[camera, ask.key] = seen
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return _answered(ask, camera, seen.glimpses)


def look_back(ask: Ask, camera: str, pictures: Iterable[Picture], network: Sight) -> Answer:
    """What the pictures of `ask.start..ask.end` show, about eight looks a second.

    `pictures` are in order of time; those that come faster are skipped. Each look has every
    person and vehicle the network is a little sure of, and one change at the asked place whose
    score tells how much of the place looks as in the last pictures nothing covers it in, rather
    than as in the first. Where nothing tells these apart (the thing was there all along, or the
    place was always covered) looks have no change. No picture is kept.
    """
    return LookingBack(network).answer(ask, camera, lambda *_: pictures)


def width_for(place: Box, width: int) -> int:
    """How wide pictures of this width need to be shown so that a place can be judged."""
    return min(width, SHOWN_PX) if place.width * SHOWN_PX >= LEAST_PLACE_PX else width


def _goes_on(before: Ask, ask: Ask) -> bool:
    """Whether what was seen for the ask before is the beginning of what is asked now."""
    is_later = before.start <= ask.start and before.end <= ask.end
    return before.run == ask.run and is_later and iou(before.place, ask.place) >= SAME_PLACE


def _glimpse(seen: _Seen, pictures: Iterable[Picture], network: Sight) -> None:
    ask, glimpses = seen.ask, seen.glimpses
    for picture in pictures:
        too_soon = glimpses and picture.t - glimpses[-1].t < 0.9 / LOOKS_A_SECOND
        if ask.start <= picture.t <= ask.end and not too_soon:
            detections = _named(picture, network, seen.stillness)
            glimpses.append(_glimpsed(ask.place, picture, detections, seen.swing))


def _answered(ask: Ask, camera: str, glimpses: Sequence[_Glimpse]) -> Answer:
    looks = _looked(ask.place, [each for each in glimpses if each.t >= ask.start])
    presence = _presence(ask.place, looks)
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
                changes=(() if presence is None else (_change(ask.place, look.t, presence[i]),)),
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
    area = clipped(_widened(grown(place, SURROUNDINGS), MOST_SWUNG))
    wide = _as_kept(_cropped(picture.bgr, area), area, place)
    return _Glimpse(picture.t, picture.at, detections, wide, area, swung)


def _looked(place: Box, glimpses: Sequence[_Glimpse]) -> list[_Look]:
    """The looks, each at where the place lay; rules know the place where it mostly lies."""
    if not glimpses:
        return []
    across = float(np.mean([glimpse.swung[0] for glimpse in glimpses]))
    down = float(np.mean([glimpse.swung[1] for glimpse in glimpses]))
    looks = []
    for each in glimpses:
        there = _moved(place, each.swung[0] - across, each.swung[1] - down)
        hidden = any(
            covered(there, found.box) > HIDDEN for found in each.detections if _may_hide(found)
        )
        around = _around(there, each.wide, each.area)
        looks.append(_Look(each.t, each.at, each.detections, around, not hidden))
    return looks


def _may_hide(found: Detection) -> bool:
    return found.label == PERSON or found.label in VEHICLES


def _around(place: Box, wide: Pixels, area: Box) -> Patch:
    """The place and its ground as luma and chroma, in a square of `PLACE_PX`."""
    across, down = max(area.width, 1e-6), max(area.height, 1e-6)
    needed = clipped(grown(place, SURROUNDINGS))
    within = Box(
        (needed.left - area.left) / across,
        (needed.top - area.top) / down,
        (needed.right - area.left) / across,
        (needed.bottom - area.top) / down,
    )
    crop = _cropped(wide, clipped(within))
    small = cv2.resize(crop, (PLACE_PX, PLACE_PX), interpolation=cv2.INTER_AREA)
    colours = cv2.cvtColor(cv2.GaussianBlur(small, (3, 3), 0), cv2.COLOR_BGR2YCrCb)
    return np.asarray(colours, np.float32)


def _cropped(bgr: Pixels, area: Box) -> Pixels:
    """The pixels of an area, one at least."""
    height, width = bgr.shape[:2]
    top, left = min(int(area.top * height), height - 1), min(int(area.left * width), width - 1)
    bottom, right = max(top + 1, round(area.bottom * height)), round(area.right * width)
    return bgr[top:bottom, left : max(left + 1, right)]


def _as_kept(crop: Pixels, area: Box, place: Box) -> Pixels:
    """The crop of an area, no finer than the place and its ground will be compared at."""
    height, width = crop.shape[:2]
    share = max(place.width / max(area.width, 1e-6), place.height / max(area.height, 1e-6))
    scale = PLACE_PX / max(1.0, share * max(height, width))
    if scale >= 1:
        return crop.copy()
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)


def _widened(box: Box, by: float) -> Box:
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)


def _moved(box: Box, across: float, down: float) -> Box:
    return Box(box.left + across, box.top + down, box.right + across, box.bottom + down)


def _presence(place: Box, looks: Sequence[_Look]) -> tuple[float, ...] | None:
    """For each look the share of the place that is as with the thing; None if nothing changed."""
    seen = [look.around for look in looks if look.is_open]
    if len(seen) < 2:
        return None
    few = min(REFERENCES, len(seen) // 2)
    after = np.median(seen[-few:], axis=0)
    ground = ~_place_mask(place)
    before = _in_light_of(after, np.median(seen[:few], axis=0), ground)
    difference = _difference(before, after)
    telling = _place_mask(place) & (difference >= LEAST_DIFFERENCE)
    if np.count_nonzero(telling) < LEAST_TELLING * np.count_nonzero(~ground):
        return None
    limit = difference[telling] / 2
    return tuple(
        float(
            (_difference(_in_light_of(after, look.around, ground), after)[telling] < limit).mean()
        )
        for look in looks
    )


def _place_mask(place: Box) -> NDArray[np.bool_]:
    """Where in the square of `_around` the place itself lies."""
    area = clipped(grown(place, SURROUNDINGS))
    mask = np.zeros((PLACE_PX, PLACE_PX), np.bool_)
    across, down = PLACE_PX / max(area.width, 1e-6), PLACE_PX / max(area.height, 1e-6)
    mask[
        int((place.top - area.top) * down) : round((place.bottom - area.top) * down),
        int((place.left - area.left) * across) : round((place.right - area.left) * across),
    ] = True
    return mask


def _in_light_of(reference: Patch, patch: Patch, ground: NDArray[np.bool_]) -> Patch:
    """`patch` as bright as `reference`, going by the ground around the place."""
    if not ground.any():
        return patch
    gain = np.median(reference[..., 0][ground] / np.maximum(patch[..., 0][ground], 1.0))
    lit = patch.copy()
    lit[..., 0] *= min(max(float(gain), 0.5), 2.0)
    return lit


def _difference(a: Patch, b: Patch) -> NDArray[np.float32]:
    apart = np.abs(a - b)
    return np.asarray(np.maximum(apart[..., 0], 2 * apart[..., 1:].max(-1)), np.float32)
