"""The last minutes of a camera, coded: in memory, or from there on to disk."""

import threading
from collections import deque
from math import inf

from viahe_detector.cut import Cut, cut_of
from viahe_detector.group import Group, by_run, segments, weight
from viahe_detector.holdings import Holdings
from viahe_detector.life import Life
from viahe_detector.media import Packet, StreamFacts
from viahe_detector.room import Room
from viahe_detector.tape import Tape

__all__ = ["Cut", "Ring"]

MAX_HOLDINGS = 64
UNWRITTEN_S = 15.0
"""Seconds not yet written that are said; writing behind takes one or two."""


class Ring:
    """Packets of the current run and of earlier ones, bounded in seconds and bytes.

    Safe for several threads. Whole groups go, from key frame to key frame, oldest first; the
    group being written goes only when it alone is larger than `max_bytes`, and then nothing is
    taken until the next key frame. Bytes are those of memory: the coded ones and what a packet
    takes beside them; `room` bounds them over all cameras too. Seconds are those of the stream,
    and of this computer's clock between two runs.

    With a `tape`, groups go on to disk instead of being forgotten, whenever `write_behind` is
    called; what could not be written stays in memory within the same bounds. A cut is the same
    wherever its packets lie.
    """

    def __init__(
        self,
        seconds: float,
        max_bytes: int,
        holdings: Holdings | None = None,
        room: Room | None = None,
        tape: Tape | None = None,
    ) -> None:
        """Holdings of its own, where none are given, are bounded by `max_bytes` as well."""
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._holdings = holdings or Holdings(MAX_HOLDINGS, max_bytes)
        self._room = room or Room(inf, "memory")
        self._tape = tape
        self._lock = threading.Lock()
        self._groups: deque[Group] = deque()
        self._current: tuple[str, StreamFacts] | None = None
        self._newest: Packet | None = None
        self._life = Life(tape.newest_at if tape else None)
        self._bytes = 0
        self._dropped = 0
        self._short_until_s = -inf
        self._room.enter(self)

    def on_run(self, run: str, facts: StreamFacts) -> None:
        """A run begins."""
        with self._lock:
            self._current = (run, facts)

    def on_packet(self, packet: Packet) -> None:
        """Take the next packet in decode order of the run that began last."""
        with self._lock:
            if self._current is None or self._current[0] != packet.run:
                raise ValueError(f"packet of run {packet.run} before that run began")
            before = self._bytes
            self._newest = packet
            self._life.grow(packet)
            if packet.keyframe:
                self._groups.append(Group.of(self._current[1], self._life.seconds, packet))
                self._bytes += weight(packet)
            elif self._groups and self._groups[-1].run == packet.run:
                self._bytes += self._groups[-1].add(packet)
            self._prune()
            crowded = self._room.take(self._bytes - before)
        if crowded:
            self._room.settle()

    def cut(self, run: str, start: float, end: float) -> Cut:
        """Everything held that is needed to show `start..end` (media seconds of `run`).

        Reaches into neighbouring runs, by wall time, where the run does not cover the request:
        before its first packet and after its last. What lies in several places is taken once.
        What is not there is a gap; an unknown run is one gap. Disks are read on the caller's
        thread, and nobody who brings packets waits for that.
        """
        runs = by_run(reversed(self._kept()))  # of what lies in two places, that in memory
        return cut_of(run, start, end, list(segments(runs, run, start, end)))

    def keep(self, key: str, cut: Cut) -> None:
        """Hold a cut's packets under `key` beyond the ring; more under the same key adds up."""
        self._holdings.keep(key, cut)

    def release(self, key: str) -> None:
        """Let go of what is held under `key`; an unknown key is nothing."""
        self._holdings.release(key)

    def write_behind(self) -> None:
        """Put what has come since on the tape, if there is one; on one thread at a time.

        Raises OSError if the disk refuses; what was not written stays in memory.
        """
        if self._tape is None:
            return
        self._tape.forget_before(self._life.seconds - self._seconds)
        for group, fresh, is_whole in self._unwritten():
            self._tape.append(group, fresh)
            with self._lock:
                group.written += len(fresh)
                if is_whole and self._groups and self._groups[0] is group:
                    self._room.take(-group.size)
                    self._pop()
        self._tape.sync_if_due()

    @property
    def newest(self) -> Packet | None:
        """The last packet received by this process, kept or not."""
        return self._newest

    def span(self) -> tuple[str, float, float] | None:
        """The newest run in the ring and its oldest and newest media second there."""
        groups = self._in_ring()
        if not groups:
            return None
        run = groups[-1].run
        own = [group for group in groups if group.run == run]
        return run, min(each.earliest for each in own), max(each.latest for each in own)

    def facts(self, run: str) -> StreamFacts | None:
        """The facts of a run of which something is still held."""
        with self._lock:
            for group in reversed(self._groups):
                if group.run == run:
                    return group.facts
        return next((group.facts for group in self._kept() if group.run == run), None)

    @property
    def seconds_held(self) -> float:
        """How far back the ring reaches, in seconds of its life."""
        groups = self._in_ring()
        return self._life.seconds - groups[0].begins if groups else 0.0

    @property
    def unwritten_s(self) -> float:
        """Seconds that are lost if the process ends now, though they are to lie on disk."""
        with self._lock:
            if self._tape is None or self._newest is None:
                return 0.0
            rest = (g.packets[g.written] for g in self._groups if g.written < len(g.packets))
            oldest = next(rest, self._newest)
            return self._newest.arrived_at - oldest.arrived_at

    @property
    def shortage(self) -> str:
        """What is wrong with the ring, in words; empty if it keeps what was promised."""
        unwritten_s = self.unwritten_s
        if unwritten_s > UNWRITTEN_S:
            return f"the ring's last {unwritten_s:.0f} s are in memory: the disk does not take them"
        if self.is_short:
            return f"no room: the ring reaches back {self.seconds_held:.0f} of {self._seconds:g} s"
        return ""

    @property
    def is_short(self) -> bool:
        """Whether room ran out within the seconds that were promised, so that some are missing."""
        shortened = self._tape is not None and self._tape.is_short
        return shortened or self._life.seconds < self._short_until_s

    @property
    def dropped_groups(self) -> int:
        """How many groups had to go before their seconds were over, for want of room."""
        return self._dropped + (self._tape.dropped_groups if self._tape else 0)

    @property
    def bytes_held(self) -> int:
        """Bytes of memory the ring itself takes."""
        return self._bytes

    @property
    def bytes_on_disk(self) -> int:
        """Bytes of disk the ring takes."""
        return self._tape.size() if self._tape else 0

    @property
    def torn(self) -> int:
        """How many torn ends of files were dropped when the ring was taken up again."""
        return self._tape.torn if self._tape else 0

    @property
    def bytes_kept(self) -> int:
        """Bytes of the holdings; a packet counts once for each key, in the ring or not."""
        return self._holdings.size()

    @property
    def dropped_holdings(self) -> int:
        """How many holdings had to go before they were released."""
        return self._holdings.dropped

    def size(self) -> int:
        """Bytes of memory, as `Room` counts them."""
        return self._bytes

    def oldest_at(self) -> float | None:
        """When the oldest group in memory began to arrive; None while it is the one in hand."""
        with self._lock:
            return self._oldest_at()

    def forget(self, at: float | None) -> None:
        """Let the oldest group in memory go if it is from `at`; if None, the one in hand."""
        with self._lock:
            if self._groups and self._oldest_at() == at:
                self._room.take(-self._groups[0].size)
                self._drop()

    def _oldest_at(self) -> float | None:
        return self._groups[0].arrived_at if len(self._groups) > 1 else None

    def _prune(self) -> None:
        oldest = self._life.seconds - self._seconds
        while len(self._groups) > 1 and self._groups[1].begins < oldest:
            self._pop()
        while self._groups and self._bytes > self._max_bytes:
            self._drop()

    def _pop(self) -> None:
        self._bytes -= self._groups.popleft().size

    def _drop(self) -> None:
        self._dropped += 1
        self._short_until_s = self._life.seconds + self._seconds
        self._pop()

    def _unwritten(self) -> list[tuple[Group, list[Packet], bool]]:
        """What is not on the tape yet: each group, its new packets, and whether that is all."""
        with self._lock:
            newest = self._groups[-1] if self._groups else None
            return [(g, g.packets[g.written :], g is not newest) for g in self._groups]

    def _in_ring(self) -> list[Group]:
        """The ring's own groups, on tape and in memory, oldest first; two may begin alike."""
        # Memory first: what is moved to the tape meanwhile is then seen twice, not never.
        with self._lock:
            groups = [*self._groups]
            if groups:
                groups[-1] = groups[-1].as_it_is()
        return [*self._tape.groups(), *groups] if self._tape else groups

    def _kept(self) -> list[Group]:
        return [*self._in_ring(), *self._holdings.groups()]
