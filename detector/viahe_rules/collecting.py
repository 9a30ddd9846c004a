"""A collection crew at work: what it stops with is not left, and does not stay.

Nobody has to know a handcart by its looks. Whoever stands by what has come to a halt while the
rubbish beside it goes away is collecting it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from viahe_rules.domain import THING, Box, ChangeKind, Observation
from viahe_rules.geometry import covered, grown, overlap
from viahe_rules.stays import Stay, look_alike

AT_WORK_S = 600.0
"""Seconds after rubbish was last taken away for which a crew may leave its cart standing."""

CLEARLY_GONE = 0.5
"""How clear a gap must be to be rubbish taken away: whoever leaves something has often stood there
unfound by the network, and leaves a faint gap too."""

BESIDE = 3.0
"""Rubbish this near, in sizes of the cart about its middle, is what the cart stopped for."""

LARGEST = 1.5
"""In sizes of the cart: a car that drives off beside a bag is no rubbish taken away."""

Gone = tuple[Box, float]
"""A place that is empty now, and since when."""


def gone_from(look: Observation, ended: Iterable[Stay]) -> tuple[Gone, ...]:
    """What a look shows, and what the stays that ended with it show, to have been taken away."""
    removed = (
        (c.box, c.since)
        for c in look.changes
        if c.kind is ChangeKind.REMOVED and c.score >= CLEARLY_GONE
    )
    things = (stay for stay in ended if look_alike(stay.label) == THING and stay.looks > 1)
    taken = ((stay.box, stay.clear_since) for stay in things)
    return (*removed, *((box, since) for box, since in taken if since is not None))


def collecting(stay: Stay, stood_by: float | None, gone: Iterable[Gone]) -> Stay:
    """The stay with when rubbish beside it was last taken away; `stood_by` is when somebody last
    stood by it, which a crew at work still does then."""
    if stood_by is None:
        return stay
    at = max((since for since in _beside(stay, gone) if stood_by >= since), default=0)
    return replace(stay, collected_at=at) if at > (stay.collected_at or 0) else stay


def is_at_work(stay: Stay, t: float) -> bool:
    """Whether it is part of a collection that goes on, as far as one can tell at `t`."""
    return stay.collected_at is not None and t - stay.collected_at < AT_WORK_S


def _beside(stay: Stay, gone: Iterable[Gone]) -> Iterator[float]:
    for box, since in gone:
        its_own = covered(box, stay.box) > 0.5
        near = overlap(grown(stay.box, BESIDE), box) > 0
        if near and not its_own and box.area <= LARGEST * stay.box.area and since >= stay.start:
            yield since
