"""Dumping: something is left on the ground, and who left it has gone.

A thing comes in by either of two ways: the network names it, or the place looks lastingly
different from the street's own picture. The network is never the only way: rubbish has no
one shape. A thing is abandoned when it has stayed for its dwell and nobody has stood by it
for the rule's `gone` seconds; then the rule asks to look back for who left it, and proposes
the suspicion with what that showed. Somebody who takes it away in time cancels it.
"""

import math
from dataclasses import replace

from viahe_rules.collecting import collecting, gone_from, is_at_work
from viahe_rules.domain import (
    PERSON,
    THING,
    Answer,
    Ask,
    Box,
    Keep,
    LeftBy,
    LeftByKind,
    Outcome,
    Prepare,
    Reason,
    Release,
    Suppressed,
    Suspicion,
)
from viahe_rules.following import follow
from viahe_rules.geometry import grown, overlap
from viahe_rules.ground import Answered, Ground, Judged
from viahe_rules.leaver import Leaving, find_leaver
from viahe_rules.left_things import AT_ONCE_S, left_things
from viahe_rules.standing import first_in_reach, is_in_reach, last_stood_by, people_after
from viahe_rules.stays import Sighting, Stay, is_hidden

BEFORE = 8.0
"""Seconds before a thing appears that are looked at again."""

AFTER = 12.0
"""Seconds after it appears in which whoever left it is looked for."""

COMING_S, HANDLED_S = 4.0, 3.0
"""Seconds before a thing, or whoever stood by it, was first seen in which it may have come
unnoticed; and seconds after it was first seen in which it may still be handled."""

MOST_BEFORE = 30.0
"""Seconds before a thing was first seen after which its looking back begins at the earliest."""

LEAD = 5.0
"""Seconds kept before those that are looked at again: whoever left the thing may be before its
place as these begin, and evidence shows the place before they came."""

LEAST_PRESENCE = 0.5
"""The share of unhidden looks that must have seen the thing."""

LEAST_LOOKS = 3
"""Looks that must have seen it; a lasting change was met by two before it was told."""

LEAST_ALONE = 2
"""Looks running that must have seen it with nobody standing by: in one the network may miss the
owner, and where looks are lost that one may be the only one for a while."""

ALONE_S, OWNER_NEAR_S = 2.0, 20.0
"""Seconds without anybody in reach after which a thing is alone; and seconds after it came in
which somebody in reach who does not stand may still be its owner."""

SEEN_UP_TO_S = 1.0
"""A leaver who was seen until so shortly before the end of the looking back has not gone."""

UNBROUGHT_S, UNBROUGHT_SCORE, UNBROUGHT_PRESENCE = 20.0, 0.35, 0.9
"""What nobody was seen to bring, in the dark or far away, has to lie so many seconds longer than
others, and to be so clear a thing in so large a share of its looks."""

UNBROUGHT_WEIGHT = 0.7
"""What is left of its score."""

TURNED = 0.06
"""How far, in widths and heights of the picture, a street goes that no shaking moves."""

MOST_DOUBTED = 2
"""After so many looks back that did not bear it out it was no thing."""


class Dumping:
    """The rule for things left on the ground."""

    def judge(self, ground: Ground, stays: tuple[Stay, ...]) -> Judged:
        """Follow the things on the zone's ground and ask about those that were abandoned."""
        look = ground.look
        people = people_after(tuple(stay for stay in stays if stay.label == PERSON), look)
        things = tuple(stay for stay in stays if stay.label != PERSON)
        followed, new, ended = follow(
            things, left_things(ground), look.t, ground.hiding, ground.rule.grace
        )
        begun = tuple(_begun(ground, sighting, people) for sighting in new)
        gone = gone_from(look, ended)
        outcomes: list[Outcome] = [
            Release(stay.key) for stay in ended if stay.kept or stay.prepared or stay.asked
        ]
        after: list[Stay] = []
        for stay in sorted((*followed, *begun), key=lambda stay: not (stay.asked or stay.settled)):
            attended = _attended(stay, people, look.t)
            attended = collecting(attended, attended.attended, gone)
            if beside := [other for other in after if _is_of_one_act(stay, other)]:
                after.append(replace(attended, settled=any(other.told for other in beside)))
                continue
            judged, said = _judged(ground, attended)
            after.append(judged)
            outcomes += said
        return (*after, *people), tuple(outcomes)

    def answered(self, ground: Ground, stay: Stay, answer: Answer, shift: float) -> Answered:
        """The suspicion, with who left the thing as far as looking back showed it.

        If it appeared later than the looks had it and has not stayed for its dwell since, the
        stay goes on from that moment, which no later answer changes. If the place kept changing
        to and fro, or shows in the open no difference between early and late, it is no thing: what
        could not yet be looked at may still bear it out. What came while somebody hid its place
        begins in the middle of that time; its dwell counts from when it was first seen.
        What nobody can have brought and no network has a name for has to lie longer, and so has
        what was not seen to come by a camera that was turned.
        """
        leaving = find_leaver(_asked_about(answer) or stay.box, answer)
        if leaving.is_restless or leaving.unchanged:
            doubted = stay.doubted + 1
            over = doubted >= MOST_DOUBTED or ground.look.t >= stay.start + AFTER
            let_go: tuple[Outcome, ...] = (Release(stay.key),) if over else ()
            return replace(stay, asked_at=None, doubted=doubted, settled=over), let_go
        left_by = _moved(leaving.left_by, shift)
        near_at = _still_near(left_by, answer, shift)
        if near_at is not None and ground.look.t - near_at < ground.rule.gone:
            return replace(stay, asked_at=None, attended=near_at, looks_alone=0), ()
        start, came_at = stay.start, stay.came_at
        if came_at is None and leaving.appeared_at is not None and leaving.came_at is not None:
            start, came_at = leaving.appeared_at + shift, leaving.came_at + shift
        if (leaving.from_nowhere or _was_lost(leaving, answer)) and stay.label == THING:
            return replace(stay, start=max(stay.start, start), asked_at=None, unbrought=True), ()
        satisfied = start + _dwell(ground, stay)
        if stay.seen < satisfied:
            start = max(stay.start, start)
            return replace(stay, start=start, came_at=came_at, asked_at=None), ()
        end = satisfied if stay.asked_at is None else max(stay.asked_at, satisfied)
        told = _told(ground, stay, start, end, left_by)
        if came_at is not None:
            told = replace(told, start=min(start, came_at))
        return replace(stay, settled=True, told=True), (told,)


def _begun(ground: Ground, sighting: Sighting, people: tuple[Stay, ...]) -> Stay:
    stay = ground.begun(sighting)
    return replace(stay, stood_since=first_in_reach(people, stay.box))


def _is_of_one_act(stay: Stay, other: Stay) -> bool:
    """Whether a thing not yet told came with another that was, or may yet be: one act, however
    many parts."""
    if stay.asked or stay.settled or not (other.asked or other.told):
        return False
    if other.there_from_start or abs(stay.start - other.start) > AT_ONCE_S:
        return False
    return overlap(grown(stay.box, 2.0), grown(other.box, 2.0)) > 0


def _attended(stay: Stay, people: tuple[Stay, ...], t: float) -> Stay:
    """The stay with who stands by it.

    Until it has been seen alone for a while anybody in reach may be its owner, whom the network
    may not have found in the looks before; afterwards those who stand are. Passers-by attend
    nothing, and do not go on attending it for ever where there is no end of them.
    """
    stood_by = last_stood_by(people, stay.box)
    owner_may_be_near = not stay.alone and t - stay.start <= OWNER_NEAR_S
    if owner_may_be_near and is_in_reach(people, stay.box, t):
        stood_by = t
    last = max((when for when in (stay.attended, stood_by) if when is not None), default=None)
    alone = stay.seen == t and t - (stay.start if last is None else last) >= ALONE_S
    looks_alone = 0 if last != stay.attended else stay.looks_alone + (stay.seen == t)
    return replace(stay, attended=last, alone=stay.alone or alone, looks_alone=looks_alone)


def _judged(ground: Ground, stay: Stay) -> tuple[Stay, list[Outcome]]:
    look = ground.look
    if stay.there_from_start or stay.settled or stay.asked:
        return stay, []
    outcomes: list[Outcome] = []
    age = look.t - stay.start
    if not stay.kept and stay.clear_since is None and age >= AFTER:
        stay = replace(stay, kept=True)
        outcomes.append(Keep(stay.key, look.run, _looked_at_from(stay) - LEAD, stay.start + AFTER))
    if not _abandoned(ground, stay):
        if _is_likely(ground, stay):
            stay = replace(stay, prepared=True)
            outcomes.append(Prepare(_ask(ground, stay)))
        return stay, outcomes
    because = ground.excused(stay)
    if because is None and stay.unbrought:
        unknown = LeftBy(LeftByKind.UNKNOWN)
        outcomes.append(_told(ground, stay, stay.start, look.t, unknown))
        return replace(stay, settled=True, told=True), outcomes
    if because is None:
        outcomes.append(_ask(ground, stay))
        return replace(stay, asked_at=look.t), outcomes
    if not stay.suppressed:
        told = ground.suspicion(
            stay,
            end=look.t,
            score=stay.score,
            reasons=(Reason("remained", value=round(age, 1)),),
            required=_dwell(ground, stay),
        )
        outcomes.append(Suppressed(told, because))
    return replace(stay, suppressed=True), outcomes


def _ask(ground: Ground, stay: Stay) -> Ask:
    """What looking back can show of the stay by now."""
    look, since = ground.look, _looked_at_from(stay)
    until = min(look.t, stay.start + AFTER)
    closely = (since + BEFORE - COMING_S, stay.start + HANDLED_S)
    placed_at = None if look.swung == (0.0, 0.0) else look.t
    return Ask(stay.key, look.run, since, until, stay.box, closely, placed_at)


def _asked_about(answer: Answer) -> Box | None:
    """Where the place lay as it was asked about, which a camera that is turned shows elsewhere by
    now; None for an answer that does not tell."""
    return next((change.box for look in answer.looks for change in look.changes), None)


def _was_lost(leaving: Leaving, answer: Answer) -> bool:
    """Whether it was not seen to come because the camera was turned: what seems to have come may be
    other ground."""
    turned = any(max(map(abs, look.swung)) > TURNED for look in answer.looks)
    return turned and leaving.appeared_at is None


def _told(ground: Ground, stay: Stay, start: float, end: float, left_by: LeftBy) -> Suspicion:
    known = left_by.kind is not LeftByKind.UNKNOWN
    reasons = (
        Reason("appeared", t=start, name=stay.label),
        _leaver_reason(left_by, start),
        Reason("remained", value=round(end - start, 1)),
        *_alone_since(stay, end),
    )
    score = 0.55 * stay.score + 0.25 * stay.presence + (0.2 * left_by.score if known else 0.1)
    if stay.unbrought:
        score *= UNBROUGHT_WEIGHT
    return ground.suspicion(
        stay,
        start=start,
        end=end,
        score=score,
        reasons=reasons,
        required=_dwell(ground, stay),
        left_by=left_by,
    )


def _looked_at_from(stay: Stay) -> float:
    """The second from which a look back can show it come: before its owner began to stand there."""
    came = stay.start if stay.stood_since is None else min(stay.start, stay.stood_since)
    return max(came, stay.start - MOST_BEFORE) - BEFORE


def _abandoned(ground: Ground, stay: Stay) -> bool:
    t = ground.look.t
    if stay.seen != t or not ground.in_hours(stay):
        return False
    if is_at_work(stay, t):
        return False
    if is_hidden(stay.box, ground.hiding):
        return False  # told from before it was hidden: it may be gone by now
    if stay.unbrought and not _is_clear(stay):
        return False
    last_attended = stay.start if stay.attended is None else stay.attended
    longer = UNBROUGHT_S if stay.unbrought else 0.0
    return (
        t - stay.start >= _dwell(ground, stay) + longer
        and t - last_attended >= ground.rule.gone
        and stay.looks_alone >= LEAST_ALONE
        and stay.looks + stay.came >= LEAST_LOOKS
        and (stay.doubted == 0 or t >= stay.start + AFTER)
        and stay.presence >= LEAST_PRESENCE
    )


def _is_likely(ground: Ground, stay: Stay) -> bool:
    """Whether the stay lacks nothing but time, and a third of it is over, or all that is asked for.

    Said once, and of what was seen alone only: looking back costs seconds of the processor.
    """
    if stay.prepared or not stay.alone or stay.unbrought or stay.seen != ground.look.t:
        return False
    if ground.look.t - stay.start < min(AFTER, _dwell(ground, stay) / 3):
        return False
    likely = stay.looks + stay.came >= LEAST_LOOKS and stay.presence >= LEAST_PRESENCE
    return likely and ground.in_hours(stay) and ground.excused(stay) is None


def _is_clear(stay: Stay) -> bool:
    """Whether what nobody brought is a thing without doubt, or has a name by now."""
    clear = stay.score >= UNBROUGHT_SCORE and stay.presence >= UNBROUGHT_PRESENCE
    return clear or stay.label != THING


def _dwell(ground: Ground, stay: Stay) -> float:
    """Seconds the thing has to stay; what the rule has no figure for is any other thing."""
    return ground.dwell(stay.label) or ground.dwell(THING) or math.inf


def _still_near(left_by: LeftBy, answer: Answer, shift: float) -> float | None:
    """When the leaver was last seen near the thing; None if looking back showed them go."""
    if left_by.kind is LeftByKind.UNKNOWN or left_by.gone_at is not None:
        return None
    last_look = max(look.t for look in answer.looks) + shift
    last_seen = left_by.path[-1][0]
    return last_seen if last_look - last_seen < SEEN_UP_TO_S else None


def _leaver_reason(left_by: LeftBy, start: float) -> Reason:
    if left_by.kind is LeftByKind.UNKNOWN:
        return Reason("leaver_unknown")
    if left_by.gone_at is None:
        return Reason("leaver_seen", name=left_by.kind.value)
    gone_after = round(max(0.0, left_by.gone_at - start), 1)
    return Reason("leaver_gone", t=left_by.gone_at, value=gone_after, name=left_by.kind.value)


def _alone_since(stay: Stay, end: float) -> tuple[Reason, ...]:
    """Since when nobody stood by it, if anybody ever did."""
    if stay.attended is None or stay.attended >= end:
        return ()
    return (Reason("unattended", t=stay.attended, value=round(end - stay.attended, 1)),)


def _moved(left_by: LeftBy, shift: float) -> LeftBy:
    gone_at = None if left_by.gone_at is None else left_by.gone_at + shift
    path = tuple((t + shift, box) for t, box in left_by.path)
    return replace(left_by, gone_at=gone_at, path=path)


RULE = Dumping()
