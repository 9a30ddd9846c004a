"""How a place came to look as it does with a thing lying there, read from a dense look back.

A thing comes once, in a moment, and stays. What goes to and fro, or changes by degrees, is cloth
in the wind, leaves or light.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from viahe_rules.domain import CLOSED, PERSON, VEHICLES, Box, Detection, Observation
from viahe_rules.geometry import covered, grown, is_shown, overlap
from viahe_rules.stays import is_surely_there

PRESENT = 0.5
"""How much a place must look as it does with the thing there."""
STEADY_S = 1.0
SETTLED, LATE_SHARE = 0.85, 1 / 3
"""The same, as a share of how it looks in the last third of the looks that show the thing: one that
is still held and turned looks otherwise."""
HIDDEN = 0.3
"""The covered share of a place from which its look says little."""
OPEN_WEIGHT, HIDDEN_WEIGHT = 5, 1
"""What an open look says and what a hidden one does: legs seldom look like the thing."""
LEAST_OPEN = 4
CALM_AFTER, CALM_BEFORE = 0.75, 0.65
"""The shares of open looks that must show a thing after it came, and show none before: people
nobody found may stand before the place, more of them while it is put down."""
UNDECIDED = 0.25, 0.75
"""Between these shares of the way from how a place mostly looked before to how it mostly looks
after, it shows neither the thing nor the ground."""
LONGEST_COMING_S = 2.0
"""A thing is put down within this; what takes longer to look as it does later is no thing."""
HANDLING_S, HANDLING_REACH = 2.5, 1.5
"""Seconds for which the network may lose whoever bends over a thing; and how far from it, in its
own sizes, they are at work on it."""

STEPPED_ASIDE_S = 1.0
"""Seconds for which whoever has stood before a place still hides some of it, going away."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """The thing was not there at `not_yet` and was at `at`; in between its place was hidden.

    `about` is when it is likeliest to have come: somewhere in the time somebody hid the place, or
    at `at` where it was seen to come.
    """

    not_yet: float
    at: float
    about: float


def appearance_of(place: Box, looks: Sequence[Observation]) -> Appearance | None:
    """Where a before without the thing and an after with it explain the looks best."""
    shown = [_Shown.of(place, look) for look in looks if look.changes]
    against = sum(show.weight for show in shown if show.presence < PRESENT)
    best: tuple[int, int] | None = None
    for i, show in enumerate(shown):
        present = show.presence >= PRESENT
        if present and (best is None or against < best[0]):
            best = (against, i)
        against += show.weight if present else -show.weight
    if best is None or best[1] == 0:
        return None
    before, after = shown[: best[1]], shown[best[1] :]
    later = median(show.presence for show in after[-max(1, round(LATE_SHARE * len(after))) :])
    beside = {look.t for look in looks if _is_beside_vehicle(place, look)}
    settled = next(
        (
            show.t
            for i, show in enumerate(after)
            if _steady(after[i:]) >= (PRESENT if show.t in beside else later * SETTLED)
        ),
        after[0].t,
    )
    open_before = [
        show.t for show in before if show.presence < PRESENT and show.weight == OPEN_WEIGHT
    ]
    not_yet = open_before[-1] if open_before else before[0].t
    in_the_open = next((show.t for show in after if show.weight == OPEN_WEIGHT), math.inf)
    last_clear = _hidden_from(shown, in_the_open)
    if last_clear is not None and 0 <= settled - in_the_open <= STEADY_S:
        # Whoever hid it as it came has stepped aside, and holds it no longer.
        return Appearance(not_yet, in_the_open, (last_clear + in_the_open) / 2)
    return Appearance(not_yet, settled, settled)


def _hidden_from(looks: Sequence["_Shown"], until: float) -> float | None:
    """The last look that was clear before somebody hid the place until it showed the thing in the
    open; None if it was not hidden then, or always before. Dark clothes may look like the thing."""
    looks = [show for show in looks if show.t < until]
    hidden = [show.t for show in looks if show.weight == HIDDEN_WEIGHT]
    if not hidden or until - hidden[-1] > STEPPED_ASIDE_S:
        return None
    clear = [
        show.t
        for show in looks
        if show.weight == OPEN_WEIGHT and not any(0 < show.t - t <= STEPPED_ASIDE_S for t in hidden)
    ]
    return clear[-1] if clear else None


def _is_beside_vehicle(place: Box, look: Observation) -> bool:
    """Whether a vehicle stands at the place and nobody does: its shade and wheels make the place
    look otherwise as long as it is there, and nobody holds the thing."""
    reach = grown(place, HANDLING_REACH)
    at_it = {
        found.label
        for found in look.detections
        if overlap(reach, found.box) > 0 and is_surely_there(found)
    }
    return bool(at_it & CLOSED) and PERSON not in at_it


def is_restless(place: Box, looks: Sequence[Observation], came: Appearance) -> bool:
    """Whether open looks contradict that the thing came once, in a moment, and stayed."""
    shown = [_Shown.of(place, look) for look in looks if look.changes]
    open_looks = [show for show in shown if show.weight == OPEN_WEIGHT]
    after = [show.presence >= PRESENT for show in open_looks if show.t >= came.at]
    before = [show.presence < PRESENT for show in open_looks if show.t <= came.not_yet]
    to_and_fro = any(
        len(agrees) >= LEAST_OPEN and sum(agrees) < share * len(agrees)
        for agrees, share in ((after, CALM_AFTER), (before, CALM_BEFORE))
    )
    alone = [show for show in open_looks if not _is_handled(place, looks, show.t)]
    return to_and_fro or _undecided_s(alone, _undecided(open_looks, came)) > LONGEST_COMING_S


def _is_handled(place: Box, looks: Sequence[Observation], t: float) -> bool:
    """Whether somebody was seen at the place shortly before or after: bending over it, people
    are often not found, and what they do there takes as long as it takes."""
    reach = grown(place, HANDLING_REACH)
    return any(
        overlap(reach, found.box) > 0
        for look in looks
        if abs(look.t - t) <= HANDLING_S
        for found in look.detections
        if _moves(found)
    )


def is_unchanged(place: Box, looks: Sequence[Observation]) -> bool:
    """Whether looks that show the place early and late tell nothing apart there."""
    if any(look.changes for look in looks):
        return False
    shown = [not _is_hidden(place, look) for look in looks]
    half = len(shown) // 2
    return sum(shown[:half]) >= LEAST_OPEN and sum(shown[half:]) >= LEAST_OPEN


def _is_hidden(place: Box, look: Observation) -> bool:
    """Whether somebody is before the place, or the camera was turned away from it."""
    if not is_shown(place, *look.swung):
        return True
    return any(covered(place, found.box) >= HIDDEN for found in look.detections if _moves(found))


def _moves(found: Detection) -> bool:
    """A person, or what is surely a vehicle."""
    return found.label == PERSON or (found.label in VEHICLES and is_surely_there(found))


def _undecided(looks: Sequence["_Shown"], came: Appearance) -> tuple[float, float]:
    """The shares of the thing between which a look shows neither it nor the ground.

    The ground itself shows some of it, in a picture that shakes or is coarse.
    """
    before = [show.presence for show in looks if show.t <= came.not_yet] or [0.0]
    after = [show.presence for show in looks if show.t >= came.at] or [1.0]
    without, way = median(before), median(after) - median(before)
    low, high = UNDECIDED
    return without + low * way, without + high * way


def _undecided_s(looks: Sequence["_Shown"], between: tuple[float, float]) -> float:
    """Seconds of looks that show neither the thing nor the place without it."""
    low, high = between
    return sum(
        min(after.t - show.t, LONGEST_COMING_S / 4)
        for show, after in pairwise(looks)
        if low < show.presence < high
    )


def _steady(looks: Sequence["_Shown"]) -> float:
    """How much the place shows the thing in this look and through the second it begins."""
    second = [show.presence for show in looks if show.t - looks[0].t <= STEADY_S]
    return min(looks[0].presence, median(second))


@dataclass(frozen=True, slots=True)
class _Shown:
    t: float
    presence: float
    weight: int

    @classmethod
    def of(cls, place: Box, look: Observation) -> "_Shown":
        presence = max(change.score for change in look.changes)
        weight = HIDDEN_WEIGHT if _is_hidden(place, look) else OPEN_WEIGHT
        return cls(look.t, presence, weight)
