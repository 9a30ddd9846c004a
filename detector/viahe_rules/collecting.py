"""A collection crew at work: what it stops with is not left, and does not stay.

Nobody has to know a handcart by its looks. Whoever stands by what has come to a halt while the
rubbish beside it goes away is collecting it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from viahe_rules.domain import THING, Box, ChangeKind, Observation
from viahe_rules.geometry import covered, grown, overlap
from viahe_rules.stays import Stay, look_alike

AT_WORK_S = 600.0
"""Seconds after rubbish was last taken away for which a crew may leave its cart standing."""

CLEARLY_GONE = 0.5
"""How clear a gap must be to be rubbish taken away: whoever leaves something has often stood there
unfound by the network, and leaves a faint gap too."""

BESIDE, SAME_DEPTH = 3.0, 0.5
"""Rubbish this near, in sizes of the cart about its middle, and no farther up or down the street
than this share of the height of either, is what the cart stopped for."""

LEAST_THERE = 0.5
"""The share of its looks in which rubbish must have been seen before it was taken away: patches of
shade at people's feet come and go with them."""

SMALLEST, LARGEST = 0.1, 1.5
"""In sizes of the cart: specks are no rubbish worth a cart, and a car that drives off beside a bag
is no rubbish taken away."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A place that is empty now, and since when; `came` is since when something lay there that had
    not been there always."""

    box: Box
    since: float
    came: float | None = None


def gone_from(look: Observation, ended: Iterable[Stay]) -> tuple[Gone, ...]:
    """What a look shows, and what the stays that ended with it show, to have been taken away."""
    removed = (
        Gone(c.box, c.since)
        for c in look.changes
        if c.kind is ChangeKind.REMOVED and c.score >= CLEARLY_GONE
    )
    taken = (
        Gone(stay.box, stay.clear_since, None if stay.there_from_start else stay.start)
        for stay in ended
        if look_alike(stay.label) == THING
        and stay.looks > 1
        and stay.presence >= LEAST_THERE
        and stay.clear_since is not None
    )
    return (*removed, *taken)


def collecting(stay: Stay, stood_by: float | None, gone: Iterable[Gone]) -> Stay:
    """The stay with when rubbish beside it was last taken away; `stood_by` is when somebody last
    stood by it, which a crew at work still does then."""
    if stood_by is None:
        return stay
    taken = (each.since for each in gone if _is_collected(each, stay) and stood_by >= each.since)
    at = max(taken, default=0)
    return replace(stay, collected_at=at) if at > (stay.collected_at or 0) else stay


def is_at_work(stay: Stay, t: float) -> bool:
    """Whether it is part of a collection that goes on, as far as one can tell at `t`."""
    return stay.collected_at is not None and t - stay.collected_at < AT_WORK_S


def _is_collected(gone: Gone, cart: Stay) -> bool:
    """Whether what is gone lay beside the cart, and did so before the cart came."""
    lay_before = gone.came is None or gone.came < cart.start
    if not lay_before or gone.since <= cart.start or covered(gone.box, cart.box) > 0.5:
        return False
    if not SMALLEST * cart.box.area <= gone.box.area <= LARGEST * cart.box.area:
        return False
    apart = abs(gone.box.bottom - cart.box.bottom)
    same_depth = apart <= SAME_DEPTH * max(gone.box.height, cart.box.height)
    return same_depth and overlap(grown(cart.box, BESIDE), gone.box) > 0
