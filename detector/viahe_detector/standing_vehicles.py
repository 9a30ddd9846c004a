"""Vehicles that stand: known again by how they look, in looks in which the network misses them.

Of a lorry at dusk, or a motorcycle far down the street, the network names one look in three, and
seldom the first. What stands looks the same from look to look, and what drives past does not. So
whatever was named as a vehicle, if only faintly, is looked for in its place in the looks after it,
and once it has been seen twice, in the looks before it, and is told also where it is known by its
place alone. One that is only ever named faintly is told with the score it has: rules that ask for
more know by it what is no thing that was left. A camera that shakes shows nothing twice in one
place: there it is all as the network names it.
"""

import math
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viahe_detector.earlier_pictures import EarlierPictures, Fields, likeness
from viahe_detector.pixels import Pixels
from viahe_detector.shades import shaded
from viahe_rules.domain import VEHICLES, Box, Detection
from viahe_rules.geometry import between, iou, overlap
from viahe_rules.stays import look_alike, one_twice

ROLLING_LOOKS, ROLLING_S, ROLLING, STANDING = 3, 2.0, 0.75, 0.6
"""The overlap from which a named vehicle is one that stands, and what is asked in its first looks,
and in its first seconds however many looks they have: one that still rolls overlaps by less."""
ONE_PLACE = 0.5
"""The overlap from which two vehicles would stand in one place."""
SAME, STILL_THERE = 0.8, 0.9
"""The likeness asked of what the network names in the place; and of a place where it names nothing,
or names something again after so long that another may have come."""
FAINTLY_NAMED = 2
"""Looks in which what is only ever named faintly must have been named before it is told."""
OFTEN, OFTEN_SHARE, BEST = 5, 1 / 3, 3
"""What is named in so many looks, and in such a share of them, is surer than its best look: its
score is that of its three best looks together, as if one did not know of the other."""
LEAST_UNSEEN_S, MOST_UNSEEN_S = 3.0, 30.0
"""One that looks otherwise, or is hidden, is looked for as long as it has stood, within these."""
MOST_VEHICLES = 60
"""Past that the longest unseen are forgotten."""
AVERAGED_LOOKS, AVERAGED_S = 10, 10.0
"""A mean of less than both would drive off with a vehicle that is looked at all the time."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A vehicle that stands, or has just come to where it is.

    `best` are the scores it was named best with; `box` and `fields` are means of its looks. It has
    stood `since` and was last `seen` (seconds on the clock `look` is given); `looks` showed it, and
    the network named it in `named` of them. Its time `is_dated` once the pictures before it have
    been asked.
    """

    label: str
    box: Box
    best: tuple[float, ...]
    fields: Fields | None
    since: float
    seen: float
    looks: int = 1
    named: int = 1
    is_dated: bool = False

    @property
    def score(self) -> float:
        """How sure it is that a vehicle stands there, 0..1."""
        if self.named < max(OFTEN, OFTEN_SHARE * self.looks):
            return self.best[0]
        return 1 - math.prod(1 - score for score in self.best)


class StandingVehicles:
    """Of one camera, in order of time; `t` is on one clock that goes on over runs."""

    def __init__(self, least_score: float) -> None:
        """`least_score` is that of a detection that is told."""
        self._least_score = least_score
        self._standing: tuple[Standing, ...] = ()
        self._earlier = EarlierPictures()

    def look(self, t: float, picture: Pixels, named: Iterable[Detection]) -> tuple[Detection, ...]:
        """What a look at `t` shows: of what the network has `named` in `picture` (blue, green,
        red) what is sure enough, and vehicles that stand there, named or not; best first.

        A vehicle has the best score it was ever named with while it stood there, or more where it
        is named often, and the time since when.
        """
        self._earlier.add(t, picture)
        told: list[Detection] = []
        vehicles: list[Detection] = []
        for found in named:
            if found.label in VEHICLES:
                vehicles.append(found)
            elif found.score >= self._least_score:
                told.append(found)
        fields = [self._earlier.newest(found.box) for found in vehicles]
        standing: list[Standing] = []
        taken: list[Detection] = []
        twins = self._twins(vehicles, fields, t)
        for i, j in twins.items():
            seen = self._named_again(self._standing[i], vehicles[j], fields[j], t)
            standing.append(seen)
            taken.append(replace(vehicles[j], score=seen.score, since=seen.since))
        there = self._still_there(picture, twins, t, standing)
        come = [
            replace(found, since=t) for j, found in enumerate(vehicles) if j not in twins.values()
        ]
        told += taken
        for found in sorted((*there, *come), key=lambda each: -each.score):
            if _is_among(found, taken):
                continue
            taken.append(found)
            if found not in come or found.score >= self._least_score:
                told.append(found)
            if found in come:
                fields_of_it = self._earlier.newest(found.box)
                standing.append(
                    Standing(found.label, found.box, (found.score,), fields_of_it, t, t)
                )
        standing.sort(key=lambda each: each.seen)
        self._standing = tuple(standing[-MOST_VEHICLES:])
        return tuple(sorted(told, key=lambda found: -found.score))

    def _still_there(
        self, picture: Pixels, twins: Container[int], t: float, standing: list[Standing]
    ) -> tuple[Detection, ...]:
        """Those without a twin whose place looks as before; adds to `standing` whoever is not
        given up."""
        there: list[Detection] = []
        for i, vehicle in enumerate(self._standing):
            if i in twins:
                continue
            if likeness(vehicle.fields, self._earlier.newest(vehicle.box)) >= STILL_THERE:
                seen = self._dated(replace(vehicle, seen=t, looks=vehicle.looks + 1))
                standing.append(seen)
                if self._is_told(seen):
                    by_place = Detection(seen.label, seen.score, seen.box, since=seen.since)
                    there.append(replace(by_place, named=False))
            elif t - vehicle.seen <= _patience_s(vehicle):
                standing.append(vehicle)
        return shaded(picture, there)

    def _twins(
        self, vehicles: Sequence[Detection], fields: Sequence[Fields | None], t: float
    ) -> dict[int, int]:
        """Which of the standing each named vehicle is, those first that were seen the longest."""
        if not vehicles or not self._standing:
            return {}
        overlaps = _overlaps([each.box for each in self._standing], [v.box for v in vehicles])
        left = set(range(len(vehicles)))
        twins: dict[int, int] = {}
        for i in sorted(range(len(self._standing)), key=lambda i: -self._standing[i].looks):
            vehicle = self._standing[i]
            least = ROLLING if _is_rolling(vehicle) else STANDING
            asked = SAME if t - vehicle.seen <= LEAST_UNSEEN_S else STILL_THERE
            fits = [
                j
                for j in np.flatnonzero(overlaps[i] >= least).tolist()
                if j in left
                and look_alike(vehicle.label) == look_alike(vehicles[j].label)
                and _may_be(vehicle.fields, fields[j], asked)
            ]
            if fits:
                twins[i] = max(fits, key=lambda j: float(overlaps[i][j]))
                left.remove(twins[i])
        return twins

    def _is_told(self, vehicle: Standing) -> bool:
        return vehicle.score >= self._least_score or vehicle.named >= FAINTLY_NAMED

    def _named_again(
        self, vehicle: Standing, found: Detection, fields: Fields | None, t: float
    ) -> Standing:
        lately = min(1 / AVERAGED_LOOKS, (t - vehicle.seen) / AVERAGED_S)
        weight = max(1 / (vehicle.looks + 1), lately)
        # Of one that rolls a mean of many looks would roll on with it.
        is_held = _is_rolling(vehicle) and vehicle.looks >= ROLLING_LOOKS
        box = vehicle.box if is_held else between(vehicle.box, found.box, weight)
        again = replace(
            vehicle,
            box=box,
            best=tuple(sorted((*vehicle.best, found.score), reverse=True)[:BEST]),
            fields=_mean(vehicle.fields, fields, weight),
            seen=t,
            looks=vehicle.looks + 1,
            named=vehicle.named + 1,
        )
        return self._dated(again)

    def _dated(self, vehicle: Standing) -> Standing:
        if vehicle.is_dated:
            return vehicle
        since = min(vehicle.since, self._earlier.since(vehicle.box))
        return replace(vehicle, since=since, is_dated=True)


def _is_rolling(vehicle: Standing) -> bool:
    """Whether it may not have come to a halt yet."""
    return vehicle.looks < ROLLING_LOOKS or vehicle.seen - vehicle.since < ROLLING_S


def _overlaps(boxes: Sequence[Box], others: Sequence[Box]) -> NDArray[np.float64]:
    """The overlap (of the union) of each box with each other one."""
    one, other = _edges(boxes)[:, None], _edges(others)[None]
    inner = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    shared = np.clip(inner, 0, None).prod(-1)
    sizes = [np.clip(each[..., 2:] - each[..., :2], 0, None).prod(-1) for each in (one, other)]
    return np.asarray(shared / np.maximum(sizes[0] + sizes[1] - shared, 1e-12), np.float64)


def _edges(boxes: Sequence[Box]) -> NDArray[np.float64]:
    return np.array([(box.left, box.top, box.right, box.bottom) for box in boxes], np.float64)


def _may_be(one: Fields | None, other: Fields | None, least: float) -> bool:
    """Whether two may be one vehicle; so they may where the looks of one tell nothing."""
    return one is None or other is None or likeness(one, other) >= least


def _mean(ours: Fields | None, its: Fields | None, weight: float) -> Fields | None:
    if ours is None or its is None:
        return its if ours is None else ours
    mean = ours + np.float32(weight) * (its - ours)
    length = float(np.sqrt(mean @ mean))
    return np.asarray(mean / length, np.float32) if length > 0 else ours


def _is_among(found: Detection, others: Iterable[Detection]) -> bool:
    """Whether another vehicle of a look is in the same place."""
    return any(
        overlap(found.box, other.box) > 0
        and look_alike(found.label) == look_alike(other.label)
        and (iou(found.box, other.box) >= ONE_PLACE or one_twice(found.box, other.box))
        for other in others
    )


def _patience_s(vehicle: Standing) -> float:
    return min(MOST_UNSEEN_S, max(LEAST_UNSEEN_S, vehicle.seen - vehicle.since))
