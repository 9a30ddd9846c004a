"""The pictures of a suspicion's moments."""

from viahe_detector.cut import Cut, Segment, between
from viahe_detector.media import Picture, decode_span


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
