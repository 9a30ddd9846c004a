"""Stays: one thing being in one place, known by the place and its look, not by a number.

A tracker loses a parked car behind every passing bus and calls it a new one afterwards. The
place does not move: what stands where something like it stood is the same stay, through
occlusion, missed detections and pauses of the stream. A stay ends when its place has been
seen clear for the rule's grace time, longer for what the network seldom finds; a place that
something else covers was not seen at all.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from viahe_rules.domain import CLOSED, CLUSTERS, FURNITURE, PERSON, PORTABLE, THING, VEHICLES, Box
from viahe_rules.geometry import covered, grown, iou, moved

MOST_STAYS = 200
"""Stays kept for one rule in one zone; past that the longest unseen are forgotten."""

COVERED = 0.35
"""The share of a place that hides it when something else stands before it."""

STILL_THERE = 0.4
"""The overlap from which something is in the place of a stay."""

SETTLED_LOOKS = 3
STANDING_STILL = 0.75
"""The overlap asked of a vehicle's first looks: one that still rolls has not yet stopped, and one
that a shaking camera shows overlaps by more."""

ONE_TWICE = 0.7
"""The share of the smaller box inside the larger from which both are of one."""

ONE_VEHICLE = 0.5
"""The overlap from which one vehicle in a look is that of two stays."""

AVERAGED_LOOKS = 30
"""A stay's box is the mean of its looks, the last ones counting at least this much."""

WHAT_REMAINS = 0.6
"""An outline that has shrunk below this share of a stay's box inside it takes its place at once."""

BY_CHANCE = 1e-5
"""How unlikely it must be that a thing was missed so many looks in a row, for it to have gone: the
network that finds a car in every other look at dusk misses it for ten seconds now and then."""
LEAST_FOUND = 0.3
"""The share of looks in which a thing is taken to be found at least."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something seen in one look; `since` is earlier than the look if the look knows more.

    `came` tells that the place was seen without it before, `remembered` that this look did not
    show the place: what it was last seen with holds a stay, and adds nothing to it. `parts` are
    the classes a cluster is made of, and how many of each.
    """

    label: str
    score: float
    box: Box
    since: float
    came: bool = False
    remembered: bool = False
    parts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Stay:
    """One thing in one place; times in media seconds of the run being watched.

    `looks` saw it and `absences` saw its place empty, the last `missed` of them in a row; looks
    that something hid count in neither. `found` is the share of late looks that saw it.
    `attended` is when somebody last stood by it, `stood_since` since when somebody had been
    standing there as it was first seen, and `alone` whether it was ever seen with nobody within
    reach. `asked_at` is when its rule, satisfied, asked to look back, until it is answered;
    `came_at` is when looking back showed it to have come, if `start` is its finding, `doubted` how
    often it did not bear the stay out, and `unbrought` whether it showed nobody who can have
    brought it. A stay that is `settled` has nothing more to come, be it because it was `told` or
    because it was no thing. `parts` are the most of each class that one look of a cluster showed;
    `collected_at` is when somebody by it was last seen to have taken away what lay beside it.
    """

    key: str
    label: str
    box: Box
    start: float
    seen: float
    score: float
    looks: int = 1
    absences: int = 0
    missed: int = 0
    found: float = 1.0
    clear_since: float | None = None
    attended: float | None = None
    stood_since: float | None = None
    alone: bool = False
    came_at: float | None = None
    doubted: int = 0
    unbrought: bool = False
    came: bool = False
    there_from_start: bool = False
    kept: bool = False
    asked_at: float | None = None
    suppressed: bool = False
    settled: bool = False
    told: bool = False
    parts: tuple[tuple[str, int], ...] = ()
    collected_at: float | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """The classes of what stays here."""
        return frozenset(kind for kind, _ in self.parts) or frozenset({self.label})

    @property
    def asked(self) -> bool:
        """Whether an answer is awaited."""
        return self.asked_at is not None

    @property
    def presence(self) -> float:
        """The share of looks at its place that saw it, 0..1."""
        return self.looks / (self.looks + self.absences)

    def is_gone(self, t: float, grace: float, by_chance: float) -> bool:
        """Whether its place has been seen clear for long enough, and often enough for a thing
        that is found as seldom as this one."""
        if self.clear_since is None or t - self.clear_since < grace:
            return False
        return (1 - max(LEAST_FOUND, self.found)) ** self.missed <= by_chance


def look_alike(label: str) -> str:
    """The family within which the network's name for one thing may change between looks."""
    if label in PORTABLE:
        return THING
    if label in CLOSED:
        return "car"
    if label in ("bicycle", "motorcycle"):
        return "motorcycle"
    return label


def same_place(stay: Stay, sighting: Sighting) -> float:
    """How well a sighting fits a stay's place, 0 when it does not.

    Groups grow and shrink, and the outline of an unnamed change wavers: for these it is
    enough that most of the smaller lies in the larger.
    """
    rolling = stay.label in VEHICLES and stay.looks < SETTLED_LOOKS
    return _fit(stay, sighting, STANDING_STILL if rolling else STILL_THERE)


def one_each(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """The sightings, those of one thing by two ways (its name, its change) made one.

    The first keeps its name and box, the earliest its beginning. Only things are joined: two
    people or two cars may well stand before each other.
    """
    found: list[Sighting] = []
    for sighting in sightings:
        twin = next((i for i, other in enumerate(found) if _one_thing(other, sighting)), None)
        if twin is None:
            found.append(sighting)
        else:
            since = min(found[twin].since, sighting.since)
            score = max(found[twin].score, sighting.score)
            found[twin] = replace(
                found[twin],
                since=since,
                score=score,
                came=found[twin].came or sighting.came,
                remembered=found[twin].remembered and sighting.remembered,
            )
    return tuple(found)


def _one_thing(a: Sighting, b: Sighting) -> bool:
    return look_alike(a.label) == THING and _fit(a, b, STILL_THERE) > 0


def _fit(seen: Stay | Sighting, sighting: Sighting, least: float) -> float:
    if look_alike(seen.label) != look_alike(sighting.label):
        return 0.0
    overlap = iou(seen.box, sighting.box)
    if overlap >= least:
        return overlap
    if seen.label in CLUSTERS or look_alike(seen.label) == THING:
        inner = max(covered(seen.box, sighting.box), covered(sighting.box, seen.box))
        if inner >= 0.6:
            return max(overlap, 0.1)
    return 0.0


def follow(
    stays: Sequence[Stay],
    sightings: Iterable[Sighting],
    t: float,
    hiding: Sequence[Box],
    grace: float,
    by_chance: float = BY_CHANCE,
) -> tuple[tuple[Stay, ...], tuple[Sighting, ...], tuple[Stay, ...]]:
    """The stays after a look at `t`, the sightings that fit none, and the stays that ended.

    `hiding` are the boxes of whatever may stand before a place in this look. A stay ends when its
    place was clear for `grace` seconds, and no likelier than `by_chance` for being missed.
    """
    sightings = one_each(sightings)
    fits = sorted(
        (
            (fit, i, j)
            for i, stay in enumerate(stays)
            for j, sighting in enumerate(sightings)
            if (fit := same_place(stay, sighting)) > 0
        ),
        key=lambda row: (-row[0], row[1], row[2]),
    )
    chosen: dict[int, int] = {}
    for _, i, j in fits:
        if i not in chosen and j not in chosen.values():
            chosen[i] = j
    twins = _twins(stays, fits, chosen)
    kept: list[Stay] = []
    ended: list[Stay] = []
    for i, stay in enumerate(stays):
        if i in chosen:
            told = stay.settled or any(stays[j].settled for j, of in twins.items() if of == i)
            kept.append(_seen_again(replace(stay, settled=told), sightings[chosen[i]], t))
            continue
        if i in twins:
            ended.append(stay)
            continue
        after = _not_seen(stay, t, hiding)
        (ended if after.is_gone(t, grace, by_chance) else kept).append(after)
    fitted = {j for _, _, j in fits}  # a second sighting of one place begins no stay of its own
    new = tuple(s for j, s in enumerate(sightings) if j not in fitted and not s.remembered)
    kept.sort(key=lambda stay: stay.seen)
    return tuple(kept[-MOST_STAYS:]), new, (*ended, *kept[:-MOST_STAYS])


def _twins(
    stays: Sequence[Stay], fits: Sequence[tuple[float, int, int]], chosen: dict[int, int]
) -> dict[int, int]:
    """Stays of vehicles that turn out to be another stay's vehicle, and whose.

    One that rolled to a halt, or that a shaking camera shows here and there, may have begun two:
    a vehicle that was seen once in this look is one.
    """
    owner = {j: i for i, j in chosen.items()}
    return {
        i: owner[j]
        for fit, i, j in reversed(fits)
        if i not in chosen and stays[i].label in VEHICLES and j in owner and fit >= ONE_VEHICLE
    }


def begin(identity: str, sighting: Sighting, t: float, there_from_start: bool) -> Stay:
    """A new stay; its key follows from `identity` (camera, run, zone, rule) and what was seen."""
    box = sighting.box
    edges = ",".join(f"{edge:.3f}" for edge in (box.left, box.top, box.right, box.bottom))
    seen = f"{identity}|{look_alike(sighting.label)}|{sighting.since:.3f}|{edges}"
    return Stay(
        key=hashlib.sha256(seen.encode()).hexdigest()[:32],
        label=sighting.label,
        box=box,
        start=sighting.since,
        seen=t,
        score=sighting.score,
        came=sighting.came,
        there_from_start=there_from_start,
        parts=sighting.parts,
    )


def shifted(stay: Stay, seconds: float) -> Stay:
    """The same stay in the media time of another run."""
    return replace(
        stay,
        start=stay.start + seconds,
        seen=stay.seen + seconds,
        clear_since=None if stay.clear_since is None else stay.clear_since + seconds,
        attended=None if stay.attended is None else stay.attended + seconds,
        asked_at=None if stay.asked_at is None else stay.asked_at + seconds,
        came_at=None if stay.came_at is None else stay.came_at + seconds,
        stood_since=None if stay.stood_since is None else stay.stood_since + seconds,
        collected_at=None if stay.collected_at is None else stay.collected_at + seconds,
    )


def swung(stay: Stay, across: float, down: float) -> Stay:
    """The stay in the picture of a camera that has swung: so far to the right and down."""
    return stay if across == down == 0 else replace(stay, box=moved(stay.box, across, down))


def stands_by(person: Box, thing: Box) -> bool:
    """Whether a person is within reach of a thing on the ground.

    Reach to either side is half the person's height in fractions of the picture: in a 16:9
    picture nine tenths of a body height. Somebody whose feet are well above or below the thing
    stands elsewhere on the street.
    """
    x, y = person.foot
    reach = 0.5 * person.height
    near_across = thing.left - reach <= x <= thing.right + reach
    near_along = abs(y - thing.bottom) <= 0.35 * person.height
    return near_across and near_along


def touching(a: Box, b: Box) -> bool:
    """Whether two boxes, each grown by half its size, share ground.

    Things farther down the street stand higher in the picture: feet that are far apart in
    height are far apart on the ground, however near the bodies seem.
    """
    if abs(a.bottom - b.bottom) > 0.35 * max(a.height, b.height):
        return False
    a, b = grown(a, 1.5), grown(b, 1.5)
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def one_twice(a: Box, b: Box) -> bool:
    """Whether two boxes are so much in one place that they are one person seen twice."""
    return max(covered(a, b), covered(b, a)) >= ONE_TWICE


def is_hidden(place: Box, hiding: Iterable[Box]) -> bool:
    """Whether so much of a place is covered that what stands there cannot be told."""
    return any(covered(place, box) > COVERED for box in hiding)


def hides(label: str) -> bool:
    """Whether something of this class may stand before a place and hide it."""
    return label == PERSON or (label not in PORTABLE and label not in FURNITURE)


def _seen_again(stay: Stay, sighting: Sighting, t: float) -> Stay:
    if sighting.remembered:
        return replace(stay, clear_since=None)
    weight = 1 / min(stay.looks + 1, AVERAGED_LOOKS)
    named = sighting.label if stay.label == THING else stay.label
    box = sighting.box
    if stay.label not in CLUSTERS and not _is_what_remains(stay, sighting):
        box = _between(stay.box, sighting.box, weight)
    newly_came = sighting.came and not stay.came
    lately = min(stay.looks + stay.absences + 1, AVERAGED_LOOKS)
    found = stay.found * (1 - 1 / lately) ** stay.missed
    return replace(
        stay,
        label=named,
        box=box,
        start=min(stay.start, sighting.since) if newly_came else stay.start,
        came=stay.came or sighting.came,
        there_from_start=stay.there_from_start and not sighting.came,
        seen=t,
        looks=stay.looks + 1,
        missed=0,
        found=found + (1 - found) / lately,
        clear_since=None,
        score=stay.score + weight * (sighting.score - stay.score),
        parts=_most_of_each(stay.parts, sighting.parts),
    )


def _is_what_remains(stay: Stay, sighting: Sighting) -> bool:
    """Whether an unnamed change shrank to a part of itself: who stood there unfound has gone."""
    smaller = sighting.box.area <= WHAT_REMAINS * stay.box.area
    return stay.label == THING and smaller and covered(sighting.box, stay.box) >= ONE_TWICE


def _most_of_each(
    parts: tuple[tuple[str, int], ...], others: tuple[tuple[str, int], ...]
) -> tuple[tuple[str, int], ...]:
    most = dict(parts)
    for kind, count in others:
        most[kind] = max(count, most.get(kind, 0))
    return tuple(sorted(most.items()))


def _not_seen(stay: Stay, t: float, hiding: Sequence[Box]) -> Stay:
    if is_hidden(stay.box, hiding):
        return stay
    since = t if stay.clear_since is None else stay.clear_since
    return replace(stay, absences=stay.absences + 1, missed=stay.missed + 1, clear_since=since)


def _between(a: Box, b: Box, weight: float) -> Box:
    """`a` moved towards `b` by `weight` in 0..1."""
    return Box(
        a.left + weight * (b.left - a.left),
        a.top + weight * (b.top - a.top),
        a.right + weight * (b.right - a.right),
        a.bottom + weight * (b.bottom - a.bottom),
    )
