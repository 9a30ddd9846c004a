"""Who stands in a place now: the vehicle that stood there, or one that came after it.

In a queue, at a bus stop or before a school each stands where the last one stood, and nobody has
parked. A vehicle that is unlike the one before has taken its place once it has stood there itself
and the other has not been seen for as long as it takes to be gone.
"""

from collections.abc import Sequence
from dataclasses import replace

from viahe_rules.following import SETTLED_LOOKS, STILL_THERE
from viahe_rules.geometry import iou
from viahe_rules.likeness import are_unlike
from viahe_rules.stays import Stay, look_alike


def succeeded(
    stays: Sequence[Stay], t: float, grace: float
) -> tuple[tuple[Stay, ...], tuple[Stay, ...]]:
    """The stays after a look at `t` without those that another has succeeded, and these.

    What was told of a place that was never seen clear in between is not told again of who stands
    there now: light that falls in another way may make the same vehicle look like another. Where
    both were seen by turns it is one vehicle that looks two ways, and has stood there all along.
    """
    after = {stay.key: stay for stay in stays}
    ended: list[Stay] = []
    for newer in [stay for stay in stays if stay.shades and stay.looks >= SETTLED_LOOKS]:
        for older in [stay for stay in stays if _stood_there_before(stay, newer)]:
            if not {older.key, newer.key} <= after.keys():
                continue
            by_turns = older.seen > newer.start
            if by_turns or t - older.seen >= grace:
                stays_on, goes = (older, newer) if by_turns else (newer, older)
                after[stays_on.key] = _in_place_of(after[stays_on.key], after.pop(goes.key))
                ended.append(goes)
    return tuple(after.values()), tuple(ended)


def _stood_there_before(older: Stay, newer: Stay) -> bool:
    return (
        older.start < newer.start
        and older.seen != newer.seen  # two that one look shows are two
        and look_alike(older.label) == look_alike(newer.label)
        and iou(older.box, newer.box) >= STILL_THERE
        and are_unlike(older.shades, newer.shades)
    )


def _in_place_of(stay: Stay, other: Stay) -> Stay:
    """A stay that goes on in the place of another as well."""
    if other.missed:
        return stay
    return replace(
        stay,
        there_from_start=stay.there_from_start or other.there_from_start,
        settled=stay.settled or other.settled,
        told=stay.told or other.told,
    )
