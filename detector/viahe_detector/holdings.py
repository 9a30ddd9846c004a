"""Packets of a camera that have to outlive its ring: what stays and cases were promised."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

from viahe_detector.cut import Cut, Segment
from viahe_detector.group import Group
from viahe_detector.room import Room


@dataclass(slots=True)
class _Holding:
    """Groups kept under one key since `since` (UTC seconds), by run and first index."""

    since: float
    groups: dict[tuple[str, int], Group] = field(default_factory=dict)
    size: int = 0

    def add(self, segment: Segment) -> int:
        """Take what is new of a segment; returns by how many bytes that is more."""
        before = self.size
        for group in _groups(segment):
            known = self.groups.get((group.run, group.first))
            if known is None or group.last > known.last:
                self.groups[group.run, group.first] = group
                self.size += group.size - (known.size if known else 0)
        return self.size - before


class Holdings:
    """What is held under keys, in memory, oldest first when it is too much.

    Bounded in number and bytes, and in bytes over all cameras by `room`. A packet counts once
    for each key it is held under, in the ring or not. Safe for several threads.
    """

    def __init__(self, max_holdings: int, max_bytes: int, room: Room | None = None) -> None:
        self._max_holdings = max_holdings
        self._max_bytes = max_bytes
        self._room = room or Room(inf, "memory")
        self._lock = threading.Lock()
        self._holdings: OrderedDict[str, _Holding] = OrderedDict()
        self._bytes = 0
        self._dropped = 0
        self._room.enter(self)

    def keep(self, key: str, cut: Cut) -> None:
        """Hold a cut's packets under `key`; more under the same key adds up."""
        with self._lock:
            before = self._bytes
            holding = self._holdings.setdefault(key, _Holding(time.time()))
            for segment in cut.segments:
                self._bytes += holding.add(segment)
            while self._too_much():
                self._drop(next(iter(self._holdings)))
            crowded = self._room.take(self._bytes - before)
        if crowded:
            self._room.settle()

    def release(self, key: str) -> None:
        """Let go of what is held under `key`; an unknown key is nothing."""
        with self._lock:
            holding = self._holdings.pop(key, None)
            if holding is not None:
                self._bytes -= holding.size
                self._room.take(-holding.size)

    def groups(self) -> list[Group]:
        """Everything held; a group may come several times, and in part."""
        with self._lock:
            return [group for each in self._holdings.values() for group in each.groups.values()]

    @property
    def dropped(self) -> int:
        """How many holdings had to go before they were released."""
        return self._dropped

    def size(self) -> int:
        """Bytes held."""
        return self._bytes

    def oldest_at(self) -> float | None:
        """Since when the oldest holding has been there."""
        with self._lock:
            return next((holding.since for holding in self._holdings.values()), None)

    def forget(self, at: float | None) -> None:
        """Let the oldest holding go, if it is the one from `at`."""
        with self._lock:
            key, holding = next(iter(self._holdings.items()), ("", None))
            if holding is not None and holding.since == at:
                self._room.take(-holding.size)
                self._drop(key)

    def _drop(self, key: str) -> None:
        self._bytes -= self._holdings.pop(key).size
        self._dropped += 1

    def _too_much(self) -> bool:
        return bool(self._holdings) and (
            len(self._holdings) > self._max_holdings or self._bytes > self._max_bytes
        )


def _groups(segment: Segment) -> Iterable[Group]:
    groups: list[Group] = []
    for packet in segment.packets:
        if packet.keyframe or not groups:
            groups.append(Group.of(segment.facts, 0.0, packet))
        else:
            groups[-1].add(packet)
    return groups
