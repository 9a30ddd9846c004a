"""The last minutes of a camera, coded, in memory; and what has to outlive them."""

import threading
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from viahe_detector.cut import Cut, Segment, between, chains, cut_of
from viahe_detector.media import Packet, StreamFacts

__all__ = ["Cut", "Ring", "Segment"]


@dataclass(slots=True)
class _Group:
    """A key frame and what follows it up to the next; `begins` in seconds of the ring's life."""

    run: str
    facts: StreamFacts
    begins: float
    packets: list[Packet] = field(default_factory=list)
    size: int = 0


@dataclass(slots=True)
class _Holding:
    """Packets kept under one key, by run and index; `size` in bytes."""

    packets: dict[tuple[str, int], Packet] = field(default_factory=dict)
    facts: dict[str, StreamFacts] = field(default_factory=dict)
    size: int = 0

    def add(self, segment: Segment) -> None:
        self.facts[segment.run] = segment.facts
        for packet in segment.packets:
            if (packet.run, packet.index) not in self.packets:
                self.packets[packet.run, packet.index] = packet
                self.size += len(packet.data)


class Ring:
    """Packets of the current run and of earlier ones, bounded in seconds and bytes.

    Safe for several threads. Whole groups go, from key frame to key frame, oldest first; the
    group being written goes only when it alone is larger than `max_bytes`, and then nothing is
    taken until the next key frame. What `keep` holds is bounded separately, oldest first, and
    `dropped_holdings` counts what went. Seconds are those of the stream, and of the wall clock
    between two runs.
    """

    def __init__(
        self,
        seconds: float,
        max_bytes: int,
        max_holdings: int = 64,
        max_held_bytes: int = 256 * 2**20,
    ) -> None:
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._max_holdings = max_holdings
        self._max_held_bytes = max_held_bytes
        self._lock = threading.Lock()
        self._groups: deque[_Group] = deque()
        self._holdings: OrderedDict[str, _Holding] = OrderedDict()
        self._current: tuple[str, StreamFacts] | None = None
        self._newest: Packet | None = None
        self._life_s = 0.0
        self._bytes = 0
        self._dropped = 0

    def on_run(self, run: str, facts: StreamFacts) -> None:
        """A run begins."""
        with self._lock:
            self._current = (run, facts)

    def on_packet(self, packet: Packet) -> None:
        """Take the next packet in decode order of the run that began last."""
        with self._lock:
            if self._current is None or self._current[0] != packet.run:
                raise ValueError(f"packet of run {packet.run} before that run began")
            self._grow_older(packet)
            if packet.keyframe:
                self._groups.append(_Group(*self._current, begins=self._life_s))
            if self._groups and self._groups[-1].run == packet.run:
                self._groups[-1].packets.append(packet)
                self._groups[-1].size += len(packet.data)
                self._bytes += len(packet.data)
            self._prune()

    def cut(self, run: str, start: float, end: float) -> Cut:
        """Everything held that is needed to show `start..end` (media seconds of `run`).

        Reaches into neighbouring runs, by wall time, where the run does not cover the request:
        before its first packet and after its last. Held packets and the ring's are joined
        without doubling. What is not there is a gap; an unknown run is one gap.
        """
        with self._lock:
            facts, packets = self._gathered()
        own = packets.get(run, [])
        if not own:
            return cut_of(run, start, end, ())
        segments = list(_segments(run, facts[run], own, start, end, 0.0))
        reach = max(packet.t + packet.duration_s for packet in own)
        for other, theirs in packets.items():
            if other == run:
                continue
            if theirs[-1].at < own[0].at:
                window, shift = (start, min(end, own[0].t)), _shift(theirs[-1], own[0])
            else:
                window, shift = (max(start, reach), end), _shift(theirs[0], own[-1])
            if window[0] < window[1]:
                segments += _segments(other, facts[other], theirs, *window, shift)
        return cut_of(run, start, end, segments)

    def keep(self, key: str, cut: Cut) -> None:
        """Hold a cut's packets under `key` beyond the ring; more under the same key adds up."""
        with self._lock:
            holding = self._holdings.setdefault(key, _Holding())
            for segment in cut.segments:
                holding.add(segment)
            while self._too_much_held():
                self._holdings.popitem(last=False)
                self._dropped += 1

    def release(self, key: str) -> None:
        """Let go of what is held under `key`; an unknown key is nothing."""
        with self._lock:
            self._holdings.pop(key, None)

    @property
    def newest(self) -> Packet | None:
        """The last packet received, kept or not."""
        with self._lock:
            return self._newest

    def span(self) -> tuple[str, float, float] | None:
        """The newest run in the ring and its oldest and newest media second there."""
        with self._lock:
            if not self._groups:
                return None
            run = self._groups[-1].run
            shown = [p.t for group in self._groups if group.run == run for p in group.packets]
            return run, min(shown), max(shown)

    def facts(self, run: str) -> StreamFacts | None:
        """The facts of a run of which something is still held."""
        with self._lock:
            held = [group.facts for group in self._groups if group.run == run]
            held += [h.facts[run] for h in self._holdings.values() if run in h.facts]
            return held[0] if held else None

    @property
    def bytes_held(self) -> int:
        """Coded bytes in the ring itself."""
        with self._lock:
            return self._bytes

    @property
    def bytes_kept(self) -> int:
        """Coded bytes of the holdings; a packet counts once for each key, in the ring or not."""
        with self._lock:
            return self._held_bytes()

    @property
    def dropped_holdings(self) -> int:
        """How many holdings had to go before they were released."""
        with self._lock:
            return self._dropped

    def _grow_older(self, packet: Packet) -> None:
        before = self._newest
        if before is not None:
            same = before.run == packet.run
            passed = packet.dts_t - before.dts_t if same else packet.at - before.at
            self._life_s += max(0.0, passed)
        self._newest = packet

    def _prune(self) -> None:
        oldest = self._life_s - self._seconds
        while len(self._groups) > 1 and (
            self._bytes > self._max_bytes or self._groups[1].begins < oldest
        ):
            self._bytes -= self._groups.popleft().size
        if self._bytes > self._max_bytes:
            self._groups.clear()
            self._bytes = 0

    def _held_bytes(self) -> int:
        return sum(holding.size for holding in self._holdings.values())

    def _too_much_held(self) -> bool:
        return bool(self._holdings) and (
            len(self._holdings) > self._max_holdings or self._held_bytes() > self._max_held_bytes
        )

    def _gathered(self) -> tuple[dict[str, StreamFacts], dict[str, list[Packet]]]:
        """Facts and packets of every run, ring and holdings together, in decode order."""
        facts: dict[str, StreamFacts] = {}
        found: dict[tuple[str, int], Packet] = {}
        for holding in self._holdings.values():
            facts |= holding.facts
            found |= holding.packets
        for group in self._groups:
            facts[group.run] = group.facts
            found.update({(p.run, p.index): p for p in group.packets})
        packets: dict[str, list[Packet]] = {}
        for (run, _), packet in sorted(found.items()):
            packets.setdefault(run, []).append(packet)
        return facts, packets


def _shift(theirs: Packet, own: Packet) -> float:
    """What turns media seconds of their run into those of ours, by the wall clock."""
    return (theirs.at - theirs.t) - (own.at - own.t)


def _segments(
    run: str,
    facts: StreamFacts,
    packets: Iterable[Packet],
    start: float,
    end: float,
    shift_s: float,
) -> Iterator[Segment]:
    for chain in chains(packets):
        needed = between(chain, start - shift_s, end - shift_s)
        if needed:
            yield Segment(run, facts, needed, shift_s)
