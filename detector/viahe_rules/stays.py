"""Stays: one thing being in one place, known by the place and its look, not by a number.

A tracker loses a parked car behind every passing bus and calls it a new one afterwards. The
place does not move: what stands where something like it stood is the same stay, through
occlusion, missed detections and pauses of the stream. A stay ends when its place has been
seen clear for the rule's grace time, longer for what the network seldom finds; a place that
something else covers was not seen at all.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from viahe_rules.domain import (
    CLOSED,
    FURNITURE,
    PERSON,
    PORTABLE,
    THING,
    VEHICLES,
    Box,
    Detection,
)
from viahe_rules.geometry import covered, grown, moved, overlap
from viahe_rules.likeness import ShadeValues

SURELY_THERE = 0.25
"""The score from which a vehicle hides what is behind it. A heap of rubbish that is taken for one
now and then must not hide what is added to it."""

COVERED = 0.35
"""The share of a place that hides it when something else stands before it."""

ONE_TWICE = 0.7
"""The share of the smaller box inside the larger from which both are of one."""

LEAST_FOUND = 0.3
"""The share of looks in which a thing is taken to be found at least."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something seen in one look; `since` is earlier than the look if the look knows more.

    `came` tells that the place was seen without it before, `remembered` that this look did not
    show the place: what it was last seen with holds a stay, and adds nothing to it. One that is not
    `named` is known by how its place looks alone. `parts` are the classes a cluster is made of, and
    how many of each; `shades` what a vehicle looks like.
    """

    label: str
    score: float
    box: Box
    since: float
    came: bool = False
    remembered: bool = False
    parts: tuple[tuple[str, int], ...] = ()
    shades: ShadeValues = ()
    named: bool = True


@dataclass(frozen=True, slots=True)
class Stay:
    """One thing in one place; times in media seconds of the run being watched.

    `looks` saw it, `unnamed` of them by how its place looks alone, and `absences` saw its place
    empty, the last `missed` of them in a row; looks that something hid count in neither. `found` is
    the share of late looks that saw it. `attended` is when somebody last stood by it, `stood_since`
    since when somebody had been standing there as it was first seen, and `alone` whether it was
    ever seen with nobody within reach, `looks_alone` in how many looks since somebody last stood by
    it. `prepared` tells that its rule has said what it is going to ask; `asked_at` is when its
    rule, satisfied, asked to look back, until it is answered; `came_at` is when looking back showed
    it to have come, if `start` is its finding, `doubted` how often it did not bear the stay out,
    and `unbrought` whether it showed nobody who can have brought it. A stay that is `settled` has
    nothing more to come, be it because it was `told` or because it was no thing. `parts` are the
    most of each class that one look of a cluster showed; `collected_at` is when somebody by it was
    last seen to have taken away what lay beside it. `shades` are the mean of a vehicle's.
    """

    key: str
    label: str
    box: Box
    start: float
    seen: float
    score: float
    looks: int = 1
    unnamed: int = 0
    absences: int = 0
    missed: int = 0
    found: float = 1.0
    clear_since: float | None = None
    attended: float | None = None
    stood_since: float | None = None
    alone: bool = False
    looks_alone: int = 0
    came_at: float | None = None
    doubted: int = 0
    unbrought: bool = False
    came: bool = False
    there_from_start: bool = False
    kept: bool = False
    prepared: bool = False
    asked_at: float | None = None
    suppressed: bool = False
    settled: bool = False
    told: bool = False
    parts: tuple[tuple[str, int], ...] = ()
    collected_at: float | None = None
    shades: ShadeValues = ()

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
        shades=sighting.shades,
        unnamed=int(not sighting.named),
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
    stands elsewhere on the street: less so where the two meet in the picture, as a thing hides
    the feet of whoever stands behind it, and its shadow is often taken for a part of it.
    """
    x, y = person.foot
    reach = 0.5 * person.height
    near_across = thing.left - reach <= x <= thing.right + reach
    reach_along = 0.5 if overlap(person, thing) > 0 else 0.35
    near_along = abs(y - thing.bottom) <= reach_along * person.height
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


def hides(found: Detection) -> bool:
    """Whether this may stand before a place and hide it."""
    may_hide = found.label not in PORTABLE and found.label not in FURNITURE
    return found.label == PERSON or (may_hide and is_surely_there(found))


def is_surely_there(found: Detection) -> bool:
    """Whether what the network named is there but for doubt, as all are but faint vehicles."""
    return found.label not in VEHICLES or found.score >= SURELY_THERE
