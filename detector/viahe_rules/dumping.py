"""Dumping: something is left on the ground, and who left it has gone.

A thing comes in by either of two ways: the network names it, or the place looks lastingly
different from the street's own picture. The network is never the only way: rubbish has no
one shape. A thing is abandoned when it has stayed for its dwell and nobody has stood by it
for the rule's `gone` seconds; then the rule asks to look back for who left it, and proposes
the suspicion with what that showed. Somebody who takes it away in time cancels it.
"""

import math
from dataclasses import replace

from viahe_rules.domain import (
    PORTABLE,
    THING,
    Act,
    Answer,
    Ask,
    Box,
    ChangeKind,
    Keep,
    LeftBy,
    LeftByKind,
    Outcome,
    Reason,
    Release,
    Suppressed,
)
from viahe_rules.geometry import covered, iou, stands_in
from viahe_rules.ground import Answered, Ground, Judged
from viahe_rules.leaver import find_leaver
from viahe_rules.stays import Sighting, Stay, follow, is_hidden, stands_by

BEFORE = 8.0
"""Seconds before a thing appears that are looked at again and kept as evidence."""

AFTER = 12.0
"""Seconds after it appears in which whoever left it is looked for."""

LEAST_PRESENCE = 0.5
"""The share of unhidden looks that must have seen the thing."""

AT_REST = 0.3
"""The overlap of a person's boxes in two looks in a row from which the person stands still."""


class Dumping:
    """The rule for things left on the ground."""

    act = Act.DUMPING

    def judge(self, ground: Ground, stays: tuple[Stay, ...]) -> Judged:
        """Follow the things on the zone's ground and ask about those that were abandoned."""
        look = ground.look
        followed, new, ended = follow(
            stays, _sightings(ground), look.t, ground.hiding, ground.rule.grace
        )
        begun = tuple(ground.begun(sighting) for sighting in new)
        standing = _standing(ground)
        outcomes: list[Outcome] = [Release(stay.key) for stay in ended if stay.kept or stay.asked]
        after = []
        for stay in (*followed, *begun):
            attended = any(stands_by(person, stay.box) for person in standing)
            judged, said = _judged(ground, replace(stay, attended=look.t) if attended else stay)
            after.append(judged)
            outcomes += said
        return tuple(after), tuple(outcomes)

    def answered(self, ground: Ground, stay: Stay, answer: Answer, shift: float) -> Answered:
        """The suspicion, with who left the thing as far as looking back showed it.

        If it appeared later than the looks had it and has not stayed for its dwell since, the
        stay goes on from that moment.
        """
        leaving = find_leaver(stay.box, answer)
        left_by = _moved(leaving.left_by, shift)
        start = stay.start if leaving.appeared_at is None else leaving.appeared_at + shift
        if stay.seen - start < _dwell(ground, stay):
            return replace(stay, start=max(stay.start, start), asked=False), ()
        known = left_by.kind is not LeftByKind.UNKNOWN
        reasons = (
            Reason("appeared", t=start, name=stay.label),
            _leaver_reason(left_by, start),
            Reason("remained", value=round(stay.seen - start, 1)),
        )
        score = 0.55 * stay.score + 0.25 * stay.presence + (0.2 * left_by.score if known else 0.1)
        told = ground.suspicion(
            stay, start=start, end=stay.seen, score=score, reasons=reasons, left_by=left_by
        )
        return replace(stay, settled=True), (told,)


def _sightings(ground: Ground) -> tuple[Sighting, ...]:
    """What may have been left: its foot in the zone, and neither worn nor carried."""
    look, polygon = ground.look, ground.zone.polygon
    labels = {label for label, _ in ground.rule.dwell} & PORTABLE
    if THING in labels:
        labels = set(PORTABLE)
    named = [
        Sighting(d.label, d.score, d.box, look.t)
        for d in ground.detections(labels)
        if not _carried(d.box, ground.persons)
    ]
    unnamed = [
        Sighting(THING, change.score, change.box, change.since)
        for change in look.changes
        if change.kind is ChangeKind.LEFT and THING in labels
    ]
    return tuple(s for s in (*named, *unnamed) if stands_in(s.box, polygon))


def _carried(box: Box, persons: tuple[Box, ...]) -> bool:
    return any(covered(box, person) > 0.7 for person in persons)


def _standing(ground: Ground) -> tuple[Box, ...]:
    """Persons who were in the same place in the look before: passers-by attend nothing."""
    return tuple(
        person
        for person in ground.persons
        if any(iou(person, earlier) >= AT_REST for earlier in ground.before)
    )


def _judged(ground: Ground, stay: Stay) -> tuple[Stay, list[Outcome]]:
    look = ground.look
    if stay.there_from_start or stay.settled or stay.asked:
        return stay, []
    outcomes: list[Outcome] = []
    age = look.t - stay.start
    if not stay.kept and stay.clear_since is None and age >= AFTER:
        stay = replace(stay, kept=True)
        outcomes.append(Keep(stay.key, look.run, stay.start - BEFORE, stay.start + AFTER))
    if not _abandoned(ground, stay):
        return stay, outcomes
    because = ground.excused(stay.box)
    if because is None:
        window = (stay.start - BEFORE, min(look.t, stay.start + AFTER))
        outcomes.append(Ask(stay.key, look.run, *window, stay.box))
        return replace(stay, asked=True), outcomes
    if not stay.suppressed:
        reasons = (Reason("remained", value=round(age, 1)), Reason("excused", name=because))
        told = ground.suspicion(stay, end=look.t, score=stay.score, reasons=reasons)
        outcomes.append(Suppressed(told, because))
    return replace(stay, suppressed=True), outcomes


def _abandoned(ground: Ground, stay: Stay) -> bool:
    t = ground.look.t
    if stay.seen != t or not ground.in_hours():
        return False
    if is_hidden(stay.box, ground.hiding):
        return False  # told from before it was hidden: it may be gone by now
    last_attended = stay.start if stay.attended is None else stay.attended
    return (
        t - stay.start >= _dwell(ground, stay)
        and t - last_attended >= ground.rule.gone
        and stay.looks >= 3
        and stay.presence >= LEAST_PRESENCE
    )


def _dwell(ground: Ground, stay: Stay) -> float:
    """Seconds the thing has to stay; what the rule has no figure for is any other thing."""
    return ground.dwell(stay.label) or ground.dwell(THING) or math.inf


def _leaver_reason(left_by: LeftBy, start: float) -> Reason:
    if left_by.kind is LeftByKind.UNKNOWN:
        return Reason("leaver_unknown")
    if left_by.gone_at is None:
        return Reason("leaver_seen", name=left_by.kind.value)
    gone_after = round(max(0.0, left_by.gone_at - start), 1)
    return Reason("leaver_gone", t=left_by.gone_at, value=gone_after, name=left_by.kind.value)


def _moved(left_by: LeftBy, shift: float) -> LeftBy:
    gone_at = None if left_by.gone_at is None else left_by.gone_at + shift
    path = tuple((t + shift, box) for t, box in left_by.path)
    return replace(left_by, gone_at=gone_at, path=path)
