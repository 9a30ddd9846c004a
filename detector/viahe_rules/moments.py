"""Which moments of a suspicion show it best: one for each still."""

from collections.abc import Mapping

from viahe_rules.domain import Box, LeftBy

BEFORE_S = 4.0
"""Seconds before a thing appears at which its place is shown without it: past the doubt about when
it appeared, a look or so, and within the seconds of evidence before an act (5 by default)."""


def moments(start: float, end: float, place: Box, left_by: LeftBy | None) -> Mapping[str, float]:
    """Media seconds, by the still's name: before it began, when it began, the act itself, and when
    the rule was satisfied.

    The act is when the leaver was nearest to the place, as far as one was seen; otherwise the
    middle of the stay.
    """
    return {
        "still_before": start - BEFORE_S,
        "still_onset": start,
        "still_act": _act(start, end, place, left_by),
        "still_after": end,
    }


def _act(start: float, end: float, place: Box, left_by: LeftBy | None) -> float:
    path = left_by.path if left_by is not None else ()
    if not path:
        return (start + end) / 2
    return min(path, key=lambda point: _apart(point[1], place))[0]


def _apart(one: Box, other: Box) -> float:
    (x, y), (a, b) = one.foot, other.foot
    return (x - a) ** 2 + (y - b) ** 2
