"""Clusters: what has come to rest beside each other, as one thing that grows and shrinks."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from viahe_rules.domain import (
    FURNITURE,
    GROUP,
    PERSON,
    PORTABLE,
    ROW,
    THING,
    TWO_WHEELED,
    Act,
    Box,
)
from viahe_rules.following import same_place
from viahe_rules.geometry import covered, stands_in, union
from viahe_rules.ground import Ground
from viahe_rules.stays import Sighting, Stay, touching

REST = 3.0
"""Seconds a person or a piece of goods must have been in one place to belong to a group."""

LEAST_PRESENCE = 0.5
"""The share of unhidden looks that must have seen what belongs to a cluster."""

LEAST_IN_ROW = 3
"""Two beside each other are two."""

MOSTLY = 0.6
"""The share of a thing inside a cluster's place from which it belongs to it."""

MEMBERS = FURNITURE | PORTABLE | {PERSON}
"""What makes a group."""


def belongs(stay: Stay, cluster: Stay) -> bool:
    """Whether what stays here is part of a cluster, or may be taken for a part."""
    kinds = TWO_WHEELED if cluster.label == ROW else MEMBERS
    return stay.label in kinds and covered(stay.box, cluster.box) >= MOSTLY


def gathered(ground: Ground, stays: Sequence[Stay]) -> tuple[Sighting, ...]:
    """The groups this look shows: `since` is when as many as the rule needs had come to rest, or
    earlier, when the first came that has a dwell of its own, unless its own hours allow it then.

    As many have to be seen in this very look: one person may have begun two stays.
    """
    most = ground.dwell(GROUP)
    if most is None:
        return ()
    members = ground.rule.members
    resting = [
        stay
        for stay in stays
        if stay.label in MEMBERS
        and _rests(stay, ground.look.t)
        and not (stay.label in FURNITURE and stay.there_from_start)
    ]
    found = []
    for group in _together(resting, touching):
        if sum(stay.seen == ground.look.t for stay in group) < members:
            continue
        complete = sorted(stay.start for stay in group)[members - 1]
        alone = [stay.start for stay in group if _begins_one(ground, stay, most)]
        found.append(_cluster(GROUP, group, min([complete, *alone]), ground.look.t))
    return tuple(found)


def lined_up(ground: Ground, stays: Sequence[Stay]) -> tuple[Sighting, ...]:
    """The rows of bicycles and motorcycles this look shows, since the first of them came."""
    standing = [
        stay
        for stay in stays
        if stay.label in TWO_WHEELED and _rests(stay, ground.look.t) and not stay.there_from_start
    ]
    return tuple(
        _cluster(ROW, row, min(stay.start for stay in row), ground.look.t)
        for row in _together(standing, _side_by_side)
        if sum(stay.seen == ground.look.t for stay in row) >= LEAST_IN_ROW
    )


def holding(
    ground: Ground, clusters: Sequence[Stay], stays: Sequence[Stay], made: Sequence[Sighting]
) -> tuple[Sighting, ...]:
    """The clusters that this look does not show whole, and whose place is not clear either: a row
    of which one still stands, and a group that was told of which one is still there."""
    seen = [stay for stay in stays if stay.seen == ground.look.t]
    return tuple(
        Sighting(cluster.label, cluster.score, cluster.box, cluster.start, remembered=True)
        for cluster in clusters
        if (cluster.label == ROW or cluster.settled)
        and any(belongs(stay, cluster) for stay in seen)
        and not any(same_place(cluster, sighting) > 0 for sighting in made)
    )


def _begins_one(ground: Ground, stay: Stay, most: float) -> bool:
    """Whether a group that a stay belongs to is as old as this stay."""
    dwell = dwell_of(ground, stay)
    if dwell is None or dwell > most:
        return False
    return stay.label not in dict(ground.rule.own_hours) or ground.in_hours(stay)


def dwell_of(ground: Ground, stay: Stay) -> float | None:
    """Seconds it has to stay; None for what is not watched for, or is another rule's to tell."""
    if stay.label == ROW:
        return min(d for label, d in ground.rule.dwell if label in TWO_WHEELED)
    if stay.label == THING and _is_dumping_s(ground, stay):
        return None
    return ground.dwell(stay.label)


def _is_dumping_s(ground: Ground, stay: Stay) -> bool:
    """Whether a dumping rule watches the ground a thing lies on."""
    return any(
        stands_in(stay.box, zone.polygon)
        for zone in ground.plan.zones
        if any(rule.act is Act.DUMPING for rule in zone.rules)
    )


def _rests(stay: Stay, t: float) -> bool:
    lately = t - stay.seen <= REST <= t - stay.start
    return lately and stay.presence >= LEAST_PRESENCE


def _cluster(label: str, stays: list[Stay], since: float, t: float) -> Sighting:
    seen = Counter(stay.label for stay in stays if stay.seen == t)
    return Sighting(
        label,
        sum(stay.score for stay in stays) / len(stays),
        union(stay.box for stay in stays),
        since,
        parts=tuple(sorted(seen.items())),
    )


def _together(stays: Iterable[Stay], near: Callable[[Box, Box], bool]) -> list[list[Stay]]:
    """Stays in clusters within which each is near another."""
    clusters: list[list[Stay]] = []
    for stay in stays:
        beside = [each for each in clusters if any(near(stay.box, other.box) for other in each)]
        clusters = [each for each in clusters if each not in beside]
        clusters.append([stay, *(other for each in beside for other in each)])
    return clusters


def _side_by_side(a: Box, b: Box) -> bool:
    """Whether the next in a row could stand no nearer: no other fits in between."""
    gap = max(a.left, b.left) - min(a.right, b.right)
    return gap < min(a.width, b.width) and touching(a, b)
