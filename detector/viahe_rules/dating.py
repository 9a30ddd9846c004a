"""Since when a vehicle has stood in its place, where others were seen there before it.

How a place looks tells since when its vehicle has stood there, and may take the one before it,
or a part of a larger one, for the same. Two cannot have stood in one place at a time.
"""

from collections.abc import Sequence
from dataclasses import replace

from viahe_rules.domain import VEHICLES
from viahe_rules.following import STILL_THERE, same_place
from viahe_rules.geometry import iou
from viahe_rules.stays import Sighting, Stay, look_alike, one_twice

LEAST_LOOKS = 2
"""Looks that must have seen another there: one that drives past before the place is seen in one."""


def not_before_others(sighting: Sighting, stays: Sequence[Stay]) -> Sighting:
    """The sighting, if it is a vehicle's not dated before another stay was last seen there."""
    if sighting.label not in VEHICLES:
        return sighting
    fits = [(same_place(stay, sighting), stay) for stay in stays if _is_there(stay, sighting)]
    its = max(fits, key=lambda fit: (fit[0], fit[1].looks), default=(0.0, None))
    others = [
        stay.seen
        for _, stay in fits
        if stay.looks >= LEAST_LOOKS and (its[0] == 0 or stay is not its[1])
    ]
    return replace(sighting, since=max([sighting.since, *others]))


def _is_there(stay: Stay, sighting: Sighting) -> bool:
    return look_alike(stay.label) == look_alike(sighting.label) and (
        iou(stay.box, sighting.box) >= STILL_THERE or one_twice(stay.box, sighting.box)
    )
