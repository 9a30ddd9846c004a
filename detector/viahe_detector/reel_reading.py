"""Reading reels back: the groups that lie in a file, whatever stopped its being written.

    magic
    records   the facts of a run, then its packets, whole groups one after another
    index     where every group lies, and where the index begins: only once a reel is finished

A reel without an index is read from its beginning up to the first record that is not whole.
"""

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from viahe_detector.group import Group
from viahe_detector.media import Packet, StreamFacts
from viahe_detector.reel_records import (
    FACTS,
    INDEX,
    PACKET,
    facts_heard,
    facts_told,
    in_json,
    index_record,
    packet_in,
    records,
)

MAGIC = b"viahe reel 1\r\n\x1a\n"
_TRAILER = struct.Struct("<Q8s")
_FINISHED = b"finished"
_LINE = (
    *("first", "last", "t", "at", "last_t", "last_at", "arrived_at", "last_arrived_at"),
    *("earliest", "latest", "reach", "size", "offset"),
)
"""What an index tells of a group, beside its run."""


@dataclass(slots=True)
class Reeled(Group):
    """A group on disk: `size` bytes from `offset` on in the reel at `path`."""

    path: Path = Path()
    offset: int = 0

    @classmethod
    def known(
        cls, path: Path, offset: int, facts: StreamFacts, begins: float, packets: Sequence[Packet]
    ) -> "Reeled":
        """What is known of a group by its packets, from its key frame on; its size is not."""
        group = cls.of(facts, begins, packets[0])
        group.path, group.offset, group.size, group.packets = path, offset, 0, []
        for packet in packets[1:]:
            group.extend(packet)
        return group

    def read(self) -> Sequence[Packet]:
        """Its packets up to the first that is not whole; none if the reel is gone."""
        try:
            with self.path.open("rb") as file:
                file.seek(self.offset)
                data = memoryview(file.read(self.size))
        except OSError:
            return ()
        return [packet_in(self.run, body) for kind, body, _ in records(data) if kind == PACKET]


def index_of(groups: Sequence[Reeled], offset: int) -> bytes:
    """What finishes a reel whose records end at `offset`."""
    runs = {group.run: group.facts for group in groups}
    facts = [facts_told(run, of_run) for run, of_run in runs.items()]
    index = index_record(facts, [_told(group) for group in groups])
    return index + _TRAILER.pack(offset, _FINISHED)


def read_reel(path: Path) -> tuple[list[Reeled], int]:
    """The groups in a reel, and how many bytes at its end are torn and left out.

    A reel that was not finished is finished now, without what is torn, if the disk allows it.
    Raises OSError if the reel cannot be read.
    """
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return [], path.stat().st_size
        groups = _indexed(path, file)
        if groups is not None:
            return groups, 0
        groups, end = _scanned(path, file)
    torn = path.stat().st_size - end
    if groups:
        _finish(path, groups, end)
    return groups, torn


def _finish(path: Path, groups: Sequence[Reeled], end: int) -> None:
    try:
        with path.open("r+b") as file:
            file.truncate(end)
            file.seek(end)
            file.write(index_of(groups, end))
    except OSError:
        return  # it is read through once more at the next start


def _scanned(path: Path, file: BinaryIO) -> tuple[list[Reeled], int]:
    """The groups up to the first record that is not whole, and where that begins."""
    file.seek(len(MAGIC))
    groups: list[Reeled] = []
    run, facts, end = "", None, len(MAGIC)
    for kind, body, ends in records(memoryview(file.read())):
        begins, end = end, len(MAGIC) + ends
        if kind == FACTS:
            run, facts = facts_heard(in_json(body))
        elif kind == PACKET and facts is not None:
            packet = packet_in(run, body)
            if packet.keyframe:
                groups.append(Reeled.known(path, begins, facts, 0.0, [packet]))
            else:
                groups[-1].extend(packet)
            groups[-1].size = end - groups[-1].offset
    return groups, end


def _indexed(path: Path, file: BinaryIO) -> list[Reeled] | None:
    """The groups as the reel's index tells them; None if it was not finished."""
    size = file.seek(0, os.SEEK_END)
    if size < len(MAGIC) + _TRAILER.size:
        return None
    file.seek(size - _TRAILER.size)
    offset, finished = _TRAILER.unpack(file.read(_TRAILER.size))
    if finished != _FINISHED or offset >= size:
        return None
    file.seek(offset)
    for kind, body, _ in records(memoryview(file.read(size - _TRAILER.size - offset))):
        if kind == INDEX:
            told = in_json(body)
            runs = dict(facts_heard(each) for each in told["facts"])
            return [_heard(path, runs, each) for each in told["groups"]]
    return None


def _told(group: Reeled) -> list[Any]:
    return [group.run, *(getattr(group, name) for name in _LINE)]


def _heard(path: Path, runs: dict[str, StreamFacts], told: list[Any]) -> Reeled:
    run, *known = told
    line: dict[str, Any] = dict(zip(_LINE, known, strict=True))
    return Reeled(run=run, facts=runs[run], begins=0.0, packets=[], path=path, **line)
