"""Who stands where, and since when: people as stays of their own, while they last.

The network loses a person for a look or two, in the dark for more. One who is found again in
the same place has stood there all the while; one who walks is in no place twice.
"""

from dataclasses import replace

from viahe_rules.domain import PERSON, Box, Observation
from viahe_rules.following import follow
from viahe_rules.stays import Sighting, Stay, begin, stands_by

LOST_S = 3.0
"""Seconds after which somebody who is not found again has gone."""
MOST_PEOPLE = 60
"""People remembered at a time; in a denser crowd nobody is told from the next."""


def people_after(people: tuple[Stay, ...], look: Observation) -> tuple[Stay, ...]:
    """The people remembered after a look: who is in it, and who stood still until lately."""
    seen = tuple(
        Sighting(PERSON, found.score, found.box, look.t)
        for found in look.detections
        if found.label == PERSON
    )
    followed, new, _ = follow(people, seen, look.t, (), LOST_S, by_chance=1.0)
    # Nothing is ever judged of a person, so there is nothing pending about one either.
    begun = (replace(begin("", each, look.t, False), settled=True) for each in new)
    kept = [each for each in (*followed, *begun) if each.seen == look.t or _stood(each)]
    return tuple(sorted(kept, key=lambda each: each.seen)[-MOST_PEOPLE:])


def last_stood_by(people: tuple[Stay, ...], thing: Box) -> float | None:
    """When somebody who stands within reach of a thing was last seen there; None if nobody."""
    return max(
        (each.seen for each in people if _stood(each) and stands_by(each.box, thing)),
        default=None,
    )


def is_in_reach(people: tuple[Stay, ...], thing: Box, t: float) -> bool:
    """Whether the look at `t` showed anybody at all within reach, standing or walking."""
    return any(each.seen == t and stands_by(each.box, thing) for each in people)


def first_in_reach(people: tuple[Stay, ...], thing: Box) -> float | None:
    """Since when the longest of those within reach has been there; None if nobody is."""
    return min((each.start for each in people if stands_by(each.box, thing)), default=None)


def _stood(person: Stay) -> bool:
    return person.looks > 1
