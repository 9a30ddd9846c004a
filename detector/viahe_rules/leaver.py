"""Who or what left a thing, read from a dense look back at the moment it appeared.

Told by continuity, not by nearness alone: whoever was at the place while the thing appeared,
had been there before it did, and then went. Two who fit equally well make neither certain.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import hypot
from statistics import median

from viahe_rules.arrival import Appearance, appearance_of, is_restless, is_unchanged
from viahe_rules.domain import (
    CLOSED,
    PERSON,
    VEHICLES,
    Answer,
    Box,
    LeftBy,
    LeftByKind,
    Observation,
)
from viahe_rules.geometry import covered, grown, moved, overlap
from viahe_rules.tracks import Path, Track, tracks

AROUND_S = 1.0
"""Seconds about the appearance in which the leaver must have been at the place."""
NEAR = 1.25
"""Own sizes from the place beyond which nobody can have had to do with it."""
PASSING = 0.3
"""What is left of the fit of one who went by without halting, and never was where it lies."""
PACE_LOOKS, STANDING_PACE = 4, 0.3
"""Looks over which a pace is measured; own sizes a second below which somebody stands."""
AWAY, FORESHORTENED = 1.0, 2.0
"""Body heights from the place at which the leaver is away; and how much farther than they look
feet are on the ground that stand higher or lower in the picture: cameras look down aslant."""
LEAST_SCORE = 0.35
"""Below this nobody is named."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a look back showed of a thing's arrival.

    `appeared_at` is the media second of the first look from which the place stays as it is with
    the thing lying there, no longer held, and `came_at` when it is likeliest to have come to lie
    there, hidden by somebody; None if the looks do not show it. `left_by` may be UNKNOWN.
    `is_restless` tells that the place goes to and fro between how it looks with the thing and
    without it, or from one to the other by degrees, as flags, leaves and light do. `from_nowhere`
    tells that it appeared in the open with nobody and nothing on wheels anywhere
    near, as captions in the picture, lamps and reflections do. `unchanged` tells that the place
    was in the open early and late, and looked the same.
    """

    appeared_at: float | None
    left_by: LeftBy
    is_restless: bool = False
    from_nowhere: bool = False
    unchanged: bool = False
    came_at: float | None = None


def find_leaver(place: Box, answer: Answer) -> Leaving:
    """Who left the thing at `place`, told from the looks of `answer`.

    `place` is where it lies in the picture it was asked about in. In those of a camera that was
    turned meanwhile people are told by where they are on the street, and the way of the leaver is
    given as the pictures show it.

    The order of detections within a look does not matter. Nobody who was at the place only
    after the thing had appeared, or who is the thing itself under a wrong name, is chosen; a
    rider and the machine under them are one leaver. An empty answer gives UNKNOWN.
    """
    looks = [_steadied(look) for look in sorted(answer.looks, key=lambda look: look.t)]
    appearance = appearance_of(place, looks)
    if appearance is None:
        unchanged = is_unchanged(place, looks)
        return Leaving(None, LeftBy(LeftByKind.UNKNOWN), unchanged=unchanged)
    movers = tracks(looks)
    left_by = _told_apart(movers, place, appearance)
    if left_by.kind is not LeftByKind.UNKNOWN:
        gone_at = _gone_at(left_by, place, appearance.at, [look.t for look in looks])
        left_by = replace(left_by, gone_at=gone_at, path=_as_shown(left_by.path, looks))
    from_nowhere = not any(_was_near(mover, place, appearance) for mover in movers)
    return Leaving(
        appearance.at,
        left_by,
        is_restless(place, looks, appearance),
        from_nowhere,
        came_at=appearance.about,
    )


def _steadied(look: Observation) -> Observation:
    """The look with everybody where they would be had the camera not swung."""
    if look.swung == (0.0, 0.0):
        return look
    across, down = look.swung
    seen = (replace(found, box=moved(found.box, -across, -down)) for found in look.detections)
    return replace(look, detections=tuple(seen))


def _as_shown(path: Path, looks: Iterable[Observation]) -> Path:
    """A way along the street as the pictures of the looks show it."""
    swung = {look.t: look.swung for look in looks}
    return tuple((t, moved(box, *swung[t])) for t, box in path)


def _told_apart(movers: Iterable[Track], place: Box, appearance: Appearance) -> LeftBy:
    """The mover that fits best, less sure the better the next one fits."""
    fits = sorted(
        (
            (_fit(track, place, appearance), track)
            for track in movers
            if not _is_the_thing(track, place)
        ),
        key=lambda pair: (-pair[0], pair[1].start, pair[1].path[0][1].left, pair[1].label),
    )
    fits = [(fit, track) for fit, track in fits if fit > 0]
    if not fits:
        return LeftBy(LeftByKind.UNKNOWN)
    best, leaver = fits[0]
    partner = next((track for _, track in fits[1:] if _one_mover(leaver, track)), None)
    rival = max((fit for fit, track in fits[1:] if track is not partner), default=0.0)
    score = round(best - 0.6 * rival, 4)
    if score < LEAST_SCORE:
        return LeftBy(LeftByKind.UNKNOWN, score)
    if partner is not None and partner.label in VEHICLES:
        leaver = partner
    kind = LeftByKind.PERSON if leaver.label == PERSON else LeftByKind.VEHICLE
    return LeftBy(kind, score, path=leaver.path)


def _is_the_thing(track: Track, place: Box) -> bool:
    """Whether most of the track lies on the place: the thing itself, taken for a person."""
    wide = grown(place, 1.3)
    on_it = sum(covered(box, wide) >= 0.8 for _, box in track.path)
    return on_it > len(track.path) / 2


def _fit(track: Track, place: Box, appearance: Appearance) -> float:
    """0..1: at the place as the thing appeared, there before, and away or going afterwards."""
    if track.start > appearance.at:
        return 0.0
    reach = _Reach.of(track.path, place, track.label == PERSON)
    distances = [(t, reach.to(box)) for t, box in track.path]
    start, end = appearance.not_yet - AROUND_S, appearance.at + AROUND_S / 2
    nearest_then = min((distance for t, distance in distances if start <= t <= end), default=9.0)
    contact = min(1.0, max(0.0, 1.25 - nearest_then))  # 1 within an arm's reach
    there = 1.0 if track.at(appearance.at, AROUND_S) is not None else 0.5
    before = 1.0 if appearance.at - track.start >= 0.3 else 0.6
    went = distances[-1][1] > min(distance for _, distance in distances) + 0.3
    halted = 1.0 if _touched(track, place, appearance) or _slowed(track, appearance) else PASSING
    return contact * there * before * (1.0 if went else 0.7) * halted


def _touched(track: Track, place: Box, appearance: Appearance) -> bool:
    """Whether a mover was before the place, or on it, as the thing came to lie there."""
    start, end = appearance.not_yet - AROUND_S / 2, appearance.at + AROUND_S / 2
    return any(start <= t <= end and overlap(box, place) > 0 for t, box in track.path)


def _slowed(track: Track, appearance: Appearance) -> bool:
    """Whether a mover stood, or went slower than otherwise, about the time the thing came."""
    width, height = track.size
    start, end = appearance.not_yet - AROUND_S, appearance.at + AROUND_S
    steps = zip(track.path, track.path[PACE_LOOKS:], strict=False)
    speeds = [
        (
            (s + t) / 2,
            hypot((b.foot[0] - a.foot[0]) / width, (b.foot[1] - a.foot[1]) / height) / (t - s),
        )
        for (s, a), (t, b) in steps
    ]
    about = [speed for then, speed in speeds if start <= then <= end]
    if not about:
        return False
    slowest = min(about)
    return slowest <= STANDING_PACE or slowest <= 0.5 * median(speed for _, speed in speeds)


def _was_near(track: Track, place: Box, appearance: Appearance) -> bool:
    """Whether a mover that may have brought the thing was near the place as it appeared."""
    # What drives past at its pace puts nothing down, however often it covers the place in doing
    # so: on a road something nearly always does.
    touched = track.label not in CLOSED and _touched(track, place, appearance)
    if not (touched or _slowed(track, appearance)):
        return False
    reach = _Reach.of(track.path, place, track.label == PERSON)
    start, end = appearance.not_yet - 2 * AROUND_S, appearance.at + 2 * AROUND_S
    return any(start <= t <= end and reach.to(box) <= NEAR for t, box in track.path)


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far a mover's feet or wheels are from a place, in its own size.

    For a person, who is upright and about two and a half times as high as wide, that is in body
    heights, without knowing the shape of the picture; for a vehicle in its own width and height.
    """

    place: Box
    across: float
    along: float

    @classmethod
    def of(cls, path: Path, place: Box, upright: bool) -> "_Reach":
        width = median(box.width for _, box in path)
        height = median(box.height for _, box in path)
        across = 2.5 * width if upright else width
        return cls(place, max(across, 1e-6), max(height, 1e-6))

    def to(self, box: Box, foreshortened: float = 1.0) -> float:
        across = max(0.0, self.place.left - box.right, box.left - self.place.right)
        along = max(0.0, abs(box.bottom - self.place.bottom) - 0.15 * self.along)
        return hypot(across / self.across, foreshortened * along / self.along)


def _one_mover(leaver: Track, other: Track) -> bool:
    """Whether a person and a vehicle went together: on it, in it or pushing it."""
    if (leaver.label == PERSON) == (other.label == PERSON):
        return False
    person, vehicle = (leaver, other) if leaver.label == PERSON else (other, leaver)
    shared = [(box, at) for t, box in person.path if (at := vehicle.at(t, 0.2)) is not None]
    if len(shared) < len(person.path) / 2:
        return False
    together = sum(covered(body, machine) >= 0.3 for body, machine in shared) / len(shared)
    (x1, y1), (x2, y2) = vehicle.path[0][1].foot, vehicle.path[-1][1].foot
    width, height = vehicle.size
    return together >= 0.7 and (abs(x2 - x1) > width / 2 or abs(y2 - y1) > height / 2)


def _gone_at(leaver: LeftBy, place: Box, since: float, times: Sequence[float]) -> float | None:
    """When the leaver was first farther away than its own size, or no longer seen.

    None while it stays near, or was seen up to the last second that was looked at.
    """
    reach = _Reach.of(leaver.path, place, leaver.kind is LeftByKind.PERSON)
    for t, box in leaver.path:
        if t >= since and reach.to(box, FORESHORTENED) > AWAY:
            return t
    end = leaver.path[-1][0]
    later = [t for t in times if t > max(end, since)]
    return later[0] if later and times[-1] - end >= AROUND_S else None
