"""Coded groups, each from a key frame up to the next: what a cut has to know of them."""

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from viahe_detector.cut import Segment, between, chains
from viahe_detector.media import Packet, StreamFacts

BESIDE_BYTES = 400
"""What a packet takes in memory beside its coded bytes (measured: 380): many small ones add up."""
_ROUNDING_S = 1e-6


def weight(packet: Packet) -> int:
    """Bytes of memory that a packet takes."""
    return len(packet.data) + BESIDE_BYTES


@dataclass(slots=True)
class Group:
    """A key frame and what follows it up to the next, or the first part of that.

    `begins` is in seconds of the ring's life. `first` and `last` are indices of packets in their
    run; `t`, `at` and `arrived_at`, `last_t`, `last_at` and `last_arrived_at` are media and wall
    times of these two. `earliest` and `latest` bound what is shown, `reach` is where the last
    picture ceases to be shown, all in media seconds. `size` is in bytes of memory, or of the
    disk where it lies there. `written` counts those of its packets that are on disk as well.
    """

    run: str
    facts: StreamFacts
    begins: float
    first: int
    last: int
    t: float
    at: float
    last_t: float
    last_at: float
    arrived_at: float
    last_arrived_at: float
    earliest: float
    latest: float
    reach: float
    size: int
    packets: list[Packet]
    written: int = 0

    @classmethod
    def of(cls, facts: StreamFacts, begins: float, key: Packet) -> Self:
        """A group that begins with this packet."""
        t, at, index = key.t, key.at, key.index
        return cls(
            run=key.run,
            facts=facts,
            begins=begins,
            first=index,
            last=index,
            t=t,
            at=at,
            last_t=t,
            last_at=at,
            arrived_at=key.arrived_at,
            last_arrived_at=key.arrived_at,
            earliest=t,
            latest=t,
            reach=t + key.duration_s,
            size=weight(key),
            packets=[key],
        )

    def add(self, packet: Packet) -> int:
        """Take the next packet in decode order; returns its weight."""
        self.packets.append(packet)
        self.extend(packet)
        more = weight(packet)
        self.size += more
        return more

    def extend(self, packet: Packet) -> None:
        """Know of a packet that is kept elsewhere."""
        t = packet.t
        self.last = packet.index
        self.last_t = t
        self.last_at = packet.at
        self.last_arrived_at = packet.arrived_at
        # Comparing costs a third of what min and max do, 25 times a second for each camera.
        if t < self.earliest:  # noqa: PLR1730
            self.earliest = t
        if t > self.latest:  # noqa: PLR1730
            self.latest = t
        ends = t + packet.duration_s
        if ends > self.reach:  # noqa: PLR1730
            self.reach = ends

    def as_it_is(self) -> Self:
        """A copy that does not grow."""
        kept = copy.copy(self)
        kept.packets = self.packets.copy()
        return kept

    def read(self) -> Sequence[Packet]:
        """Its packets in decode order, as far as they can still be had."""
        return self.packets


Runs = dict[str, list[Group]]


def by_run(groups: Iterable[Group]) -> Runs:
    """Groups of each run in decode order; of several that begin alike, the longest."""
    longest: dict[tuple[str, int], Group] = {}
    for group in groups:
        known = longest.get((group.run, group.first))
        if known is None or group.last > known.last:
            longest[group.run, group.first] = group
    runs: Runs = {}
    for (run, _), group in sorted(longest.items(), key=lambda item: item[0]):
        runs.setdefault(run, []).append(group)
    return runs


def segments(runs: Runs, run: str, start: float, end: float) -> Iterator[Segment]:
    """Whatever shows `start..end` (media seconds of `run`), of that run and of its neighbours.

    Only the groups that are needed are read. Neighbouring runs are reached into, by wall time,
    before the run's first packet and after its last.
    """
    own = runs.get(run)
    if not own:
        return
    yield from _shown(own, start, end, 0.0)
    reach = max(group.reach for group in own)
    for other, theirs in runs.items():
        if other == run:
            continue
        if theirs[-1].last_at < own[0].at:
            window = (start, min(end, own[0].t))
            shift_s = (theirs[-1].last_at - theirs[-1].last_t) - (own[0].at - own[0].t)
        else:
            window = (max(start, reach), end)
            shift_s = (theirs[0].at - theirs[0].t) - (own[-1].last_at - own[-1].last_t)
        if window[0] < window[1]:
            yield from _shown(theirs, *window, shift_s)


def _shown(groups: Sequence[Group], start: float, end: float, shift_s: float) -> Iterator[Segment]:
    """Segments of one run for a window in media seconds of another that lies `shift_s` later."""
    start, end = start - shift_s, end - shift_s
    for chain in _unbroken(groups):
        packets = [packet for group in _needed(chain, start, end) for packet in group.read()]
        for stretch in chains(packets):
            needed = between(stretch, start, end)
            if needed:
                yield Segment(chain[0].run, chain[0].facts, needed, shift_s)


def _unbroken(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """Stretches of one run's groups between which no packet is missing."""
    chain: list[Group] = []
    for group in groups:
        if chain and group.first != chain[-1].last + 1:
            yield chain
            chain = []
        chain.append(group)
    if chain:
        yield chain


def _needed(chain: Sequence[Group], start: float, end: float) -> Sequence[Group]:
    """The groups of an unbroken stretch that hold every packet `between` would take of it."""
    keys = [i for i, group in enumerate(chain) if group.t <= end + _ROUNDING_S]
    if not keys:
        return ()
    first = next((i for i in reversed(keys) if chain[i].t <= start + _ROUNDING_S), keys[0])
    shown = [i for i in range(first, len(chain)) if chain[i].earliest <= end + _ROUNDING_S]
    last = shown[-1]
    latest = max(group.latest for group in chain[first : last + 1])
    while last + 1 < len(chain) and chain[last + 1].t < latest:
        last += 1
    return chain[first : last + 1]
