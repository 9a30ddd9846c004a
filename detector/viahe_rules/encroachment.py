"""Encroachment: a vehicle, or a cluster of people and goods, that stays where it may not.

A group is two or more people, pieces of furniture or goods that have each come to rest and
stand together; a row is three or more bicycles or motorcycles beside each other. Either is one
stay that grows and shrinks, so that a stall, or a parking place, is one case whatever comes and
goes in it. People who walk through come to rest nowhere and make no group however many they are,
and what somebody holds, or the bench they sit on, makes no group of one person.

Goods that no network has a name for are what has lastingly changed, where the rule has a dwell
for things. A thing that lies there by itself is left to the dumping rule of the same ground.
"""

from dataclasses import replace

from viahe_rules.clusters import MEMBERS, belongs, dwell_of, gathered, holding, lined_up
from viahe_rules.collecting import Gone, collecting, gone_from, is_at_work
from viahe_rules.dating import not_before_others
from viahe_rules.domain import (
    CLUSTERS,
    GROUP,
    PERSON,
    THING,
    VEHICLES,
    Answer,
    ChangeKind,
    Detection,
    Keep,
    Outcome,
    Reason,
    Release,
    Suppressed,
)
from viahe_rules.following import follow
from viahe_rules.geometry import covered, overlap, stands_in
from viahe_rules.ground import Answered, Ground, Judged
from viahe_rules.likeness import values_of
from viahe_rules.stays import Sighting, Stay, look_alike, one_twice
from viahe_rules.succession import succeeded

KEEP_BEFORE = 8.0
KEEP_AFTER = 12.0

LEAST_PRESENCE = 0.5
"""The share of unhidden looks that must have seen a thing for it to count as staying."""

LEAST_LOOKS = 3
"""Looks that must have seen it, however long it is known to have stood there: what a network is
sure of in one look alone ends, and is told anew when it is sure again."""

LEAST_NAMED = 2
"""Of these, looks in which the network named it: once it names wet ground a car too, and its place
looks so ever after."""

PARASOL = 0.6
"""An umbrella wider than this, in a person's heights, is no one's to hold."""


class Encroachment:
    """The rule for vehicles and clusters that stay."""

    def judge(self, ground: Ground, stays: tuple[Stay, ...]) -> Judged:
        """Follow vehicles and what makes clusters, then the clusters they make."""
        single = tuple(stay for stay in stays if stay.label not in CLUSTERS)
        clusters = tuple(stay for stay in stays if stay.label in CLUSTERS)
        single, ended = _followed(ground, single, _sightings(ground))
        made = (*gathered(ground, single), *lined_up(ground, single))
        held = holding(ground, clusters, single, made)
        clusters, parted = _followed(ground, clusters, (*made, *held))
        gone = gone_from(ground.look, ended)
        outcomes: list[Outcome] = [Release(stay.key) for stay in (*ended, *parted) if stay.kept]
        whole, of_clusters = _clusters_judged(ground, clusters, single, gone)
        parts, of_parts = _parts_judged(ground, single, whole, gone)
        return (*parts, *whole), (*outcomes, *of_clusters, *of_parts)

    def answered(self, ground: Ground, stay: Stay, answer: Answer, shift: float) -> Answered:
        """Nothing: encroachment does not ask."""
        return stay, ()


def _followed(
    ground: Ground, stays: tuple[Stay, ...], sightings: tuple[Sighting, ...]
) -> tuple[tuple[Stay, ...], tuple[Stay, ...]]:
    t = ground.look.t
    sightings = tuple(not_before_others(each, stays) for each in sightings)
    followed, new, ended = follow(stays, sightings, t, ground.hiding, ground.rule.grace)
    followed, succeeded_to = succeeded(followed, t, ground.rule.grace)
    followed = tuple(ground.dated(each) for each in followed)
    return (*followed, *(ground.begun(each) for each in new)), (*ended, *succeeded_to)


def _clusters_judged(
    ground: Ground, clusters: tuple[Stay, ...], single: tuple[Stay, ...], gone: tuple[Gone, ...]
) -> Judged:
    after: list[Stay] = []
    outcomes: list[Outcome] = []
    for cluster in clusters:
        told = any(stay.told for stay in single if belongs(stay, cluster))
        judged, said = _judged(ground, _with_told(cluster, told), gone)
        after.append(judged)
        outcomes += said
    return tuple(after), tuple(outcomes)


def _parts_judged(
    ground: Ground, single: tuple[Stay, ...], clusters: tuple[Stay, ...], gone: tuple[Gone, ...]
) -> Judged:
    """What stays by itself, and the parts of clusters that are neither told nor excused."""
    after: list[Stay] = []
    outcomes: list[Outcome] = []
    for stay in single:
        wholes = [cluster for cluster in clusters if belongs(stay, cluster)]
        beside = [each for each in after if any(belongs(each, cluster) for cluster in wholes)]
        part = _with_told(stay, any(each.told for each in (*wholes, *beside)))
        excused = any(cluster.suppressed for cluster in wholes)
        judged, said = (part, []) if excused else _judged(ground, part, gone)
        after.append(judged)
        outcomes += said
    return tuple(after), tuple(outcomes)


def _with_told(stay: Stay, told: bool) -> Stay:
    """A part of what was told has nothing more to come, nor has the whole of which a part was."""
    return replace(stay, settled=True, told=True) if told else stay


def _sightings(ground: Ground) -> tuple[Sighting, ...]:
    labels = {label for label, _ in ground.rule.dwell} & VEHICLES
    vehicles = [
        Sighting(
            d.label,
            d.score,
            d.box,
            _since(d, ground.look.t),
            shades=values_of(d.shades),
            named=d.named,
        )
        for d in ground.detections(labels)
    ]
    found = (*vehicles, *_members(ground))
    return tuple(s for s in found if stands_in(s.box, ground.zone.polygon))


def _since(found: Detection, t: float) -> float:
    return t if found.since is None else min(found.since, t)


def _members(ground: Ground) -> list[Sighting]:
    """People, each once, and what belongs to nobody of them."""
    labels = (
        MEMBERS if ground.dwell(GROUP) is not None else MEMBERS & dict(ground.rule.dwell).keys()
    )
    people: list[Sighting] = []
    goods: list[Sighting] = []
    for found in sorted(ground.detections(labels | {PERSON}), key=lambda d: -d.score):
        sighting = Sighting(found.label, found.score, found.box, ground.look.t)
        if found.label != PERSON:
            goods.append(sighting)
        elif not any(one_twice(found.box, other.box) for other in people):
            people.append(sighting)
    goods += _unnamed(ground)
    unheld = [s for s in goods if not any(_held(s, person) for person in people)]
    return (people if PERSON in labels else []) + unheld


def _unnamed(ground: Ground) -> list[Sighting]:
    if ground.dwell(THING) is None:
        return []
    return [
        Sighting(THING, c.score, c.box, c.since, came=True, remembered=c.remembered)
        for c in ground.look.changes
        if c.kind is ChangeKind.LEFT
    ]


def _held(goods: Sighting, person: Sighting) -> bool:
    """Whether somebody wears, carries or holds it: one person with a bag is one person."""
    if goods.label == "umbrella":
        parasol = goods.box.width > PARASOL * person.box.height
        return not parasol and overlap(goods.box, person.box) > 0
    return look_alike(goods.label) == THING and covered(goods.box, person.box) > 0.5


def _judged(ground: Ground, stay: Stay, gone: tuple[Gone, ...]) -> tuple[Stay, list[Outcome]]:
    dwell = dwell_of(ground, stay)
    if dwell is None or stay.settled or stay.there_from_start:
        return stay, []
    look = ground.look
    if {PERSON, THING} <= stay.kinds:  # a crew with its cart
        stay = collecting(stay, stay.seen, gone)
    outcomes: list[Outcome] = []
    age = look.t - stay.start
    here = stay.clear_since is None
    if not stay.kept and here and dwell > KEEP_AFTER and age >= KEEP_AFTER:
        stay = replace(stay, kept=True)
        window = (stay.start - KEEP_BEFORE, stay.start + KEEP_AFTER)
        outcomes.append(Keep(stay.key, look.run, *window))
    if stay.seen != look.t or age < dwell:
        return stay, outcomes
    if not _is_borne_out(stay):
        return stay, outcomes
    if not ground.in_hours(stay) or is_at_work(stay, look.t):
        return stay, outcomes
    because = ground.excused(stay)
    told = ground.suspicion(
        stay,
        end=look.t,
        score=0.6 * stay.score + 0.4 * stay.presence,
        reasons=_reasons(ground, stay),
        required=dwell,
    )
    if because is None:
        return replace(stay, settled=True, told=True), [*outcomes, told]
    if not stay.suppressed:
        outcomes.append(Suppressed(told, because))
    return replace(stay, suppressed=True), outcomes


def _is_borne_out(stay: Stay) -> bool:
    """Whether it was seen often enough, and named, for what is said of it."""
    often = stay.looks >= LEAST_LOOKS and stay.looks - stay.unnamed >= LEAST_NAMED
    return often and stay.presence >= LEAST_PRESENCE


def _reasons(ground: Ground, stay: Stay) -> tuple[Reason, ...]:
    stayed = Reason("stayed", value=round(ground.look.t - stay.start, 1))
    parts = tuple(Reason("part", name=kind, value=float(most)) for kind, most in stay.parts)
    if stay.label == GROUP:
        return (Reason("gathered", t=stay.start, value=float(ground.rule.members)), *parts, stayed)
    return (Reason("stopped", t=stay.start, name=stay.label), *parts, stayed)


RULE = Encroachment()
