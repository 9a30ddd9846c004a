"""Encroachment: a vehicle, or a group of people and goods, that stays where it may not.

A group is two or more people, pieces of furniture or goods that have each come to rest and
stand together; it is one stay that grows and shrinks, so that a stall is one case. People
who walk through come to rest nowhere and make no group however many they are, and what somebody
holds, or the bench they sit on, makes no group of one person.
"""

from collections.abc import Sequence
from dataclasses import replace

from viahe_rules.domain import (
    FURNITURE,
    GROUP,
    PERSON,
    PORTABLE,
    VEHICLES,
    Act,
    Answer,
    Keep,
    Outcome,
    Reason,
    Release,
    Suppressed,
)
from viahe_rules.geometry import covered, overlap, stands_in, union
from viahe_rules.ground import Answered, Ground, Judged
from viahe_rules.stays import Sighting, Stay, follow, one_twice, touching

REST = 3.0
"""Seconds a person or a piece of goods must have been in one place to belong to a group."""

KEEP_BEFORE = 8.0
KEEP_AFTER = 12.0

LEAST_PRESENCE = 0.5
"""The share of unhidden looks that must have seen a thing for it to count as staying."""

PARASOL = 0.6
"""An umbrella wider than this, in a person's heights, is no one's to hold."""

MEMBERS = FURNITURE | PORTABLE | {PERSON}


class Encroachment:
    """The rule for vehicles and groups that stay."""

    act = Act.ENCROACHMENT

    def judge(self, ground: Ground, stays: tuple[Stay, ...]) -> Judged:
        """Follow vehicles and group members, then the groups they make."""
        single = tuple(stay for stay in stays if stay.label != GROUP)
        groups = tuple(stay for stay in stays if stay.label == GROUP)
        single, ended = _followed(ground, single, _sightings(ground))
        groups, parted = _followed(ground, groups, _gathered(ground, single))
        outcomes: list[Outcome] = [Release(stay.key) for stay in (*ended, *parted) if stay.kept]
        after = []
        for stay in (*single, *groups):
            judged, said = _judged(ground, stay)
            after.append(judged)
            outcomes += said
        return tuple(after), tuple(outcomes)

    def answered(self, ground: Ground, stay: Stay, answer: Answer, shift: float) -> Answered:
        """Nothing: encroachment does not ask."""
        return stay, ()


def _followed(
    ground: Ground, stays: tuple[Stay, ...], sightings: tuple[Sighting, ...]
) -> tuple[tuple[Stay, ...], tuple[Stay, ...]]:
    followed, new, ended = follow(stays, sightings, ground.look.t, ground.hiding, ground.rule.grace)
    return (*followed, *(ground.begun(sighting) for sighting in new)), ended


def _sightings(ground: Ground) -> tuple[Sighting, ...]:
    labels = {label for label, _ in ground.rule.dwell} & VEHICLES
    vehicles = [Sighting(d.label, d.score, d.box, ground.look.t) for d in ground.detections(labels)]
    members = _members(ground) if ground.dwell(GROUP) is not None else []
    return tuple(s for s in (*vehicles, *members) if stands_in(s.box, ground.zone.polygon))


def _members(ground: Ground) -> list[Sighting]:
    """People, each once, and what belongs to nobody of them."""
    people: list[Sighting] = []
    goods: list[Sighting] = []
    for found in sorted(ground.detections(MEMBERS), key=lambda d: -d.score):
        sighting = Sighting(found.label, found.score, found.box, ground.look.t)
        if found.label != PERSON:
            goods.append(sighting)
        elif not any(one_twice(found.box, other.box) for other in people):
            people.append(sighting)
    return people + [s for s in goods if not any(_held(s, person) for person in people)]


def _held(goods: Sighting, person: Sighting) -> bool:
    """Whether somebody wears, carries or holds it: one person with a bag is one person."""
    if goods.label == "umbrella":
        parasol = goods.box.width > PARASOL * person.box.height
        return not parasol and overlap(goods.box, person.box) > 0
    return goods.label in PORTABLE and covered(goods.box, person.box) > 0.5


def _gathered(ground: Ground, stays: Sequence[Stay]) -> tuple[Sighting, ...]:
    """The groups this look shows: `since` is when as many as the rule needs had come to rest.

    As many have to be seen in this very look: one person may have begun two stays.
    """
    t = ground.look.t
    resting = [
        stay
        for stay in stays
        if stay.label in MEMBERS
        and t - stay.seen <= REST <= t - stay.start
        and stay.presence >= LEAST_PRESENCE
        and not (stay.label in FURNITURE and stay.there_from_start)
    ]
    enough = [
        group
        for group in _together(resting)
        if sum(stay.seen == t for stay in group) >= ground.rule.members
    ]
    return tuple(
        Sighting(
            GROUP,
            sum(stay.score for stay in group) / len(group),
            union(stay.box for stay in group),
            sorted(stay.start for stay in group)[ground.rule.members - 1],
        )
        for group in enough
    )


def _together(stays: list[Stay]) -> list[list[Stay]]:
    """Stays in groups within which each touches another."""
    groups: list[list[Stay]] = []
    for stay in stays:
        near = [group for group in groups if any(touching(stay.box, s.box) for s in group)]
        groups = [group for group in groups if group not in near]
        groups.append([stay, *(s for group in near for s in group)])
    return groups


def _judged(ground: Ground, stay: Stay) -> tuple[Stay, list[Outcome]]:
    dwell = ground.dwell(stay.label)
    if dwell is None or stay.settled or stay.there_from_start:
        return stay, []
    look = ground.look
    outcomes: list[Outcome] = []
    age = look.t - stay.start
    here = stay.clear_since is None
    if not stay.kept and here and dwell > KEEP_AFTER and age >= KEEP_AFTER:
        stay = replace(stay, kept=True)
        window = (stay.start - KEEP_BEFORE, stay.start + KEEP_AFTER)
        outcomes.append(Keep(stay.key, look.run, *window))
    if stay.seen != look.t or age < dwell or stay.presence < LEAST_PRESENCE:
        return stay, outcomes
    if not ground.in_hours():
        return stay, outcomes
    because = ground.excused(stay.box)
    reasons = (*_reasons(ground, stay), *((Reason("excused", name=because),) if because else ()))
    score = 0.6 * stay.score + 0.4 * stay.presence
    told = ground.suspicion(stay, end=look.t, score=score, reasons=reasons)
    if because is None:
        return replace(stay, settled=True), [*outcomes, told]
    if not stay.suppressed:
        outcomes.append(Suppressed(told, because))
    return replace(stay, suppressed=True), outcomes


def _reasons(ground: Ground, stay: Stay) -> tuple[Reason, ...]:
    stayed = Reason("stayed", value=round(ground.look.t - stay.start, 1))
    if stay.label == GROUP:
        return (Reason("gathered", t=stay.start, value=float(ground.rule.members)), stayed)
    return (Reason("stopped", t=stay.start, name=stay.label), stayed)
