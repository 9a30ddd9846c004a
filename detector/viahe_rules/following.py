"""Following stays from look to look: what is seen again where it was, what is new, what has gone.

A place that something covers was not seen at all; what the network seldom finds has to be missed
the more often to have gone. A vehicle that is unlike the one that stood in a place is not the same
one, and hides it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from viahe_rules.domain import CLUSTERS, THING, VEHICLES, Box
from viahe_rules.geometry import between, covered, iou
from viahe_rules.likeness import are_unlike, mean_shades
from viahe_rules.stays import ONE_TWICE, Sighting, Stay, is_hidden, look_alike

MOST_STAYS = 200
"""Stays kept for one rule in one zone; past that the longest unseen are forgotten."""

STILL_THERE = 0.4
"""The overlap from which something is in the place of a stay."""

SETTLED_LOOKS, SETTLED_S, STANDING_STILL = 3, 2.0, 0.75
"""A vehicle's first looks, its first seconds however often it was looked at in them, and the
overlap asked meanwhile: one that still rolls has not yet stopped, and one that a shaking camera
shows overlaps by more."""

DRIVEN_ON_LOOKS, CERTAINLY_ALIKE = 3, 0.9
"""Looks in a row that missed such a one, after which the next seen there is another; unless they
are so much alike."""

DATED_LOOKS = 5
"""Looks in which a vehicle may turn out to have stood there before it was first surely named. Later
an earlier time is that of another, which stood there before one that has driven off since."""

ONE_VEHICLE = 0.5
"""The overlap from which one vehicle in a look is that of two stays."""

AVERAGED_LOOKS, AVERAGED_S = 30, 30.0
"""A stay's box is the mean of its looks, the last ones counting as one of so many, or of as many as
there are in so many seconds: a mean of the last second would drive off with the vehicle."""

WHAT_REMAINS = 0.6
"""An outline that has shrunk below this share of a stay's box inside it takes its place at once."""

BY_CHANCE = 1e-5
"""How unlikely it must be that a thing was missed so many looks in a row, for it to have gone: the
network that finds a car in every other look at dusk misses it for ten seconds now and then."""


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
    chosen = _by_longest(stays, fits, chosen)
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


def same_place(stay: Stay, sighting: Sighting) -> float:
    """How well a sighting fits a stay's place, 0 when it does not.

    Groups grow and shrink, and the outline of an unnamed change wavers: for these it is
    enough that most of the smaller lies in the larger.
    """
    fit = _fit(stay, sighting, STANDING_STILL if _is_rolling(stay) else STILL_THERE)
    return 0.0 if fit > 0 and _is_another(stay, sighting) else fit


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


def _by_longest(
    stays: Sequence[Stay], fits: Sequence[tuple[float, int, int]], chosen: dict[int, int]
) -> dict[int, int]:
    """Which stay each sighting is of, that of the vehicle that was seen most often where several
    stays turn out to be one vehicle: its time counts."""
    owner = {j: i for i, j in chosen.items()}
    for fit, i, j in fits:
        longer = j in owner and stays[i].looks > stays[owner[j]].looks
        is_one = stays[i].label in VEHICLES and fit >= ONE_VEHICLE
        if longer and is_one and i not in owner.values():
            owner[j] = i
    return {i: j for j, i in owner.items()}


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


def _seen_again(stay: Stay, sighting: Sighting, t: float) -> Stay:
    if sighting.remembered:
        return replace(stay, clear_since=None)
    weight = max(1 / (stay.looks + 1), min(1 / AVERAGED_LOOKS, (t - stay.seen) / AVERAGED_S))
    named = sighting.label if stay.label == THING else stay.label
    box = sighting.box
    if _is_rolling(stay) and stay.looks >= SETTLED_LOOKS:
        box = stay.box  # a mean of many looks would roll on with it
    elif stay.label not in CLUSTERS and not _is_what_remains(stay, sighting):
        box = between(stay.box, sighting.box, weight)
    is_young = stay.label in VEHICLES and stay.looks < DATED_LOOKS
    newly_dated = is_young or (sighting.came and not stay.came)
    lately = min(stay.looks + stay.absences + 1, AVERAGED_LOOKS)
    found = stay.found * (1 - 1 / lately) ** stay.missed
    return replace(
        stay,
        label=named,
        box=box,
        start=min(stay.start, sighting.since) if newly_dated else stay.start,
        came=stay.came or sighting.came,
        there_from_start=stay.there_from_start and not sighting.came,
        seen=t,
        looks=stay.looks + 1,
        unnamed=stay.unnamed + (not sighting.named),
        missed=0,
        found=found + (1 - found) / lately,
        clear_since=None,
        score=stay.score + weight * (sighting.score - stay.score),
        shades=mean_shades(stay.shades, sighting.shades, weight),
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


def _is_rolling(stay: Stay) -> bool:
    is_new = stay.looks < SETTLED_LOOKS or stay.seen - stay.start < SETTLED_S
    return stay.label in VEHICLES and is_new


def _is_another(stay: Stay, sighting: Sighting) -> bool:
    """Whether it is not the stay's vehicle that is seen in its place; never without shades.

    The first looks of one that has not come to a halt say little of how it looks; but where it was
    missed meanwhile it has driven on, unless the one that is seen now looks very much the same.
    """
    if not _is_rolling(stay):
        return are_unlike(stay.shades, sighting.shades)
    missed = stay.missed >= DRIVEN_ON_LOOKS
    return missed and are_unlike(stay.shades, sighting.shades, CERTAINLY_ALIKE)
