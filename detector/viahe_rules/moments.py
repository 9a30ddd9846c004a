"""Which moments show a suspicion best: since when it is to be seen, and one for each still."""

from collections.abc import Mapping
from itertools import dropwhile, takewhile

from viahe_rules.domain import Box, LeftBy
from viahe_rules.geometry import overlap

BEFORE_S = 4.0
"""Seconds before an act begins at which its place is shown without it: past the doubt about when it
began, a look or so, and within the seconds of evidence before an act (5 by default)."""

GOING_S, HANDLED_S = 3.0, 3.0
"""Seconds before a thing is first seen in which its leaver must have been before its place to have
hidden it; and seconds after that in which they may still be putting it down."""


def begins(start: float, place: Box, left_by: LeftBy | None) -> float:
    """The media second since when a suspicion that starts at `start` is to be seen.

    Who puts a thing down often hides it until they go: then that is since they were before its
    place, as far as they have been there without a break. Otherwise it is `start`.
    """
    path = left_by.path if left_by is not None else ()
    at_place = [(t, overlap(box, place) > 0) for t, box in path if t <= start]
    last_stay = [
        t
        for t, _ in takewhile(
            lambda point: point[1], dropwhile(lambda point: not point[1], reversed(at_place))
        )
    ]
    if not last_stay or last_stay[0] < start - GOING_S:
        return start
    return last_stay[-1]


def moments(start: float, end: float, place: Box, left_by: LeftBy | None) -> Mapping[str, float]:
    """Media seconds, by the still's name: before it began, when the thing was first seen, the act
    itself, and when the rule was satisfied.

    The act is when the leaver was nearest to the place as the thing came there, as far as one was
    seen; otherwise the middle of the stay.
    """
    return {
        "still_before": begins(start, place, left_by) - BEFORE_S,
        "still_onset": start,
        "still_act": _act(start, end, place, left_by),
        "still_after": end,
    }


def _act(start: float, end: float, place: Box, left_by: LeftBy | None) -> float:
    path = left_by.path if left_by is not None else ()
    if not path:
        return (start + end) / 2
    began = begins(start, place, left_by)
    about = [point for point in path if began <= point[0] <= start + HANDLED_S] or path
    return min(about, key=lambda point: _apart(point[1], place))[0]


def _apart(one: Box, other: Box) -> float:
    (x, y), (a, b) = one.foot, other.foot
    return (x - a) ** 2 + (y - b) ** 2
