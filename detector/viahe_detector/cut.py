"""A stretch of a camera's packets, and what it covers of the seconds that were asked for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from viahe_detector.media import Packet, StreamFacts, showable

Seconds = tuple[float, float]

_HOLE = 1.5
"""Two pictures further apart than so many usual distances have lost one between them."""
_ROUNDING_S = 1e-6


@dataclass(frozen=True, slots=True)
class Segment:
    """Packets of one run, in decode order from a key frame.

    `shift_s` added to a packet's `t` gives media seconds of the run the cut was asked in: 0 for
    that run itself, otherwise as far as the wall clock tells.
    """

    run: str
    facts: StreamFacts
    packets: tuple[Packet, ...]
    shift_s: float = 0.0

    @property
    def start(self) -> float:
        """When its first picture is shown, in media seconds of the run of the cut."""
        return self.packets[0].t + self.shift_s

    @property
    def end(self) -> float:
        """When its last picture ceases to be shown, in media seconds of the run of the cut."""
        last = max(self.packets, key=lambda packet: packet.t)
        return last.t + last.duration_s + self.shift_s

    def covered(self) -> Iterator[Seconds]:
        """The seconds its pictures are there for, split where pictures were lost."""
        shown = sorted(packet.t + self.shift_s for packet in showable(self.packets))
        usual = median(b - a for a, b in pairwise(shown)) if len(shown) > 1 else 0.0
        start = shown[0]
        for earlier, later in pairwise(shown):
            if later - earlier > _HOLE * usual + _ROUNDING_S:
                yield (start, earlier + usual)
                start = later
        yield (start, self.end)


@dataclass(frozen=True, slots=True)
class Cut:
    """Packets for `start..end` of `run`, and what is missing; all times media seconds of `run`.

    `covered` lists the seconds whose pictures are there, which may reach further than was
    asked; `gaps` the seconds inside `start..end` that are not. A picture that is there but was
    coded after a lost one may be damaged: `gaps` counts what is missing, not what is harmed.
    """

    run: str
    start: float
    end: float
    segments: tuple[Segment, ...]
    covered: tuple[Seconds, ...]
    gaps: tuple[Seconds, ...]

    @property
    def size(self) -> int:
        """Bytes of coded data."""
        return sum(len(packet.data) for segment in self.segments for packet in segment.packets)

    def keyframes(self) -> Iterator[Packet]:
        """The key packets, in decode order."""
        for segment in self.segments:
            yield from (packet for packet in segment.packets if packet.keyframe)

    def at(self, t: float) -> float | None:
        """UTC seconds of media second `t` of `run`, or None if the cut has no packet."""
        if not self.segments:
            return None
        segment = min(self.segments, key=lambda each: _distance(t, each.start, each.end))
        moments = [packet.t + segment.shift_s for packet in segment.packets]
        nearest = min(range(len(moments)), key=lambda index: abs(moments[index] - t))
        return segment.packets[nearest].at + t - moments[nearest]

    def only(self, facts: StreamFacts) -> "Cut":
        """The part of the cut that `facts` hold for; the rest becomes a gap."""
        alike = [segment for segment in self.segments if _alike(segment.facts, facts)]
        return cut_of(self.run, self.start, self.end, alike)


def cut_of(run: str, start: float, end: float, segments: Sequence[Segment]) -> Cut:
    """A cut of these segments, in order of time, with what they cover and what they lack."""
    ordered = sorted(segments, key=lambda segment: segment.start)
    covered = _joined(span for segment in ordered for span in segment.covered())
    return Cut(run, start, end, tuple(ordered), covered, _gaps(start, end, covered))


def joined(first: Cut, second: Cut) -> Cut:
    """Two cuts of the same run as one, from the start of the first to the end of the second.

    What lies between them was not asked for and counts as a gap unless one of them has it.
    Packets that both have are taken once.
    """
    runs: dict[str, Segment] = {}
    packets: dict[str, dict[int, Packet]] = {}
    for segment in (*first.segments, *second.segments):
        runs.setdefault(segment.run, segment)
        packets.setdefault(segment.run, {}).update({p.index: p for p in segment.packets})
    segments = [
        replace(runs[run], packets=tuple(chain))
        for run, found in packets.items()
        for chain in chains(found[index] for index in sorted(found))
    ]
    return cut_of(first.run, first.start, second.end, segments)


def chains(packets: Iterable[Packet]) -> Iterator[list[Packet]]:
    """Stretches of one run's packets, in decode order, in which none is missing."""
    chain: list[Packet] = []
    for packet in packets:
        if chain and packet.index != chain[-1].index + 1:
            yield chain
            chain = []
        chain.append(packet)
    if chain:
        yield chain


def between(packets: Sequence[Packet], start: float, end: float) -> tuple[Packet, ...]:
    """Of packets that follow each other in decode order, those needed to show `start..end`.

    From the key frame at or before `start` (or the first there is) through every packet of a
    picture shown up to `end`, and on to where no later packet fills in before a picture that is
    already there: B-frames come after the picture they lead up to. Empty if nothing shown by
    these packets lies in `start..end`.
    """
    keys = [i for i, p in enumerate(packets) if p.keyframe and p.t <= end + _ROUNDING_S]
    if not keys:
        return ()
    before = [i for i in keys if packets[i].t <= start + _ROUNDING_S]
    first = before[-1] if before else keys[0]
    stretch = packets[first:]
    stretch = stretch[: _needed(stretch, end)]
    last = max(stretch, key=lambda packet: packet.t)
    return tuple(stretch) if last.t + last.duration_s > start else ()


def _needed(stretch: Sequence[Packet], end: float) -> int:
    count = max(i for i, packet in enumerate(stretch) if packet.t <= end + _ROUNDING_S) + 1
    newest = max(packet.t for packet in stretch[:count])
    while count < len(stretch) and stretch[count].t < newest:
        count += 1
    return count


def _joined(spans: Iterator[Seconds]) -> tuple[Seconds, ...]:
    joined: list[Seconds] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + _ROUNDING_S:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _gaps(start: float, end: float, covered: Sequence[Seconds]) -> tuple[Seconds, ...]:
    gaps: list[Seconds] = []
    reached = start
    for begins, ends in covered:
        if begins > reached + _ROUNDING_S:
            gaps.append((reached, min(begins, end)))
        reached = max(reached, ends)
        if reached >= end:
            return tuple(gaps)
    if end > reached + _ROUNDING_S:
        gaps.append((reached, end))
    return tuple(gaps)


def _distance(t: float, start: float, end: float) -> float:
    return max(start - t, t - end, 0.0)


def _alike(one: StreamFacts, other: StreamFacts) -> bool:
    """Whether packets of both play as one stream."""
    mine = (one.codec, one.width, one.height, one.rotation, one.extradata)
    return mine == (other.codec, other.width, other.height, other.rotation, other.extradata)
