"""The pictures of a suspicion's moments."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from viahe_detector.cut import Cut, Segment, between
from viahe_detector.media import Packet, Picture, decode_span, showable

ROUNDING_S = 1e-6


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A moment that falls into a segment, in media seconds of the segment's own run."""

    name: str
    segment: Segment
    t: float

    def packets(self, until: float) -> tuple[Packet, ...]:
        return between(self.segment.packets, self.t, until)

    @property
    def begins(self) -> tuple[str, int]:
        """The run and index of the packet from which it is decoded."""
        packets = self.packets(self.t)
        return self.segment.run, packets[0].index if packets else -1


def pictures_at(cut: Cut, moments: Mapping[str, float]) -> Mapping[str, Picture]:
    """By the moment's name, the picture that is shown at that media second of the cut's run; before
    the first picture the first, after the last the last.

    Moments of which no picture decodes are left out. Those that lie in one group are decoded
    together: from its key frame on, that is most of what evidence costs. The pictures' own `run`
    and `t` are those of the run they were taken in.
    """
    groups: dict[tuple[str, int], list[_Wanted]] = {}
    for wanted in sorted(
        (_wanted(cut, name, t) for name, t in moments.items() if cut.segments),
        key=lambda wanted: wanted.t,
    ):
        groups.setdefault(wanted.begins, []).append(wanted)
    return {name: picture for group in groups.values() for name, picture in _of_group(group)}


def _wanted(cut: Cut, name: str, t: float) -> _Wanted:
    segment = min(cut.segments, key=lambda each: max(each.start - t, t - each.end, 0.0))
    last = max(packet.t for packet in segment.packets)
    return _Wanted(name, segment, min(max(t - segment.shift_s, segment.packets[0].t), last))


def _of_group(group: Sequence[_Wanted]) -> Iterator[tuple[str, Picture]]:
    """Those of one group, in order of time."""
    packets = group[0].packets(group[-1].t)
    times = sorted(packet.t for packet in showable(packets))
    if not times:
        return
    shown_at = {
        wanted.name: times[max(0, bisect_right(times, wanted.t + ROUNDING_S) - 1)]
        for wanted in group
    }
    facts = group[0].segment.facts
    decoded = decode_span(facts, packets, times=list(shown_at.values()))
    pictures = {picture.t: picture for picture in decoded}
    for name, t in shown_at.items():
        if t in pictures:
            yield name, pictures[t]
