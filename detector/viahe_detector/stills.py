"""Which moments of a suspicion are shown as pictures, and those pictures."""

from collections.abc import Mapping

from viahe_detector.cut import Cut, Segment, between
from viahe_detector.media import Picture, decode_span
from viahe_rules.domain import Box, Suspicion


def moments(suspicion: Suspicion) -> Mapping[str, float]:
    """Media seconds to show: when it began, the act itself, and when the rule was satisfied.

    The act is when the leaver was nearest to the place, as far as one was seen; otherwise the
    middle of the stay.
    """
    return {
        "still_onset": suspicion.start,
        "still_act": _act(suspicion),
        "still_after": suspicion.end,
    }


def picture_at(cut: Cut, t: float) -> Picture | None:
    """The picture nearest to media second `t` of the cut's run; None if none decodes.

    The picture's own `run` and `t` are those of the run it was taken in.
    """
    if not cut.segments:
        return None
    segment = min(cut.segments, key=lambda each: max(each.start - t, t - each.end, 0.0))
    own_t = min(max(t - segment.shift_s, segment.packets[0].t), _last(segment))
    group = between(segment.packets, own_t, own_t)
    return next(decode_span(segment.facts, group, times=[own_t]), None)


def _last(segment: Segment) -> float:
    return max(packet.t for packet in segment.packets)


def _act(suspicion: Suspicion) -> float:
    path = suspicion.left_by.path if suspicion.left_by is not None else ()
    if not path:
        return (suspicion.start + suspicion.end) / 2
    return min(path, key=lambda point: _apart(point[1], suspicion.place))[0]


def _apart(one: Box, other: Box) -> float:
    (x, y), (a, b) = one.foot, other.foot
    return (x - a) ** 2 + (y - b) ** 2
