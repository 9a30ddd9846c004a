"""A reel: one file of a camera's packets, written group by group and removed as a whole."""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from viahe_detector.group import Group
from viahe_detector.media import Packet
from viahe_detector.reel_reading import MAGIC, Reeled, index_of, read_reel
from viahe_detector.reel_records import facts_record, packets_record

_LINE_BYTES = 300
"""What a group takes of a reel's index at most."""


class Reel:
    """A reel and what is known of its groups. One thread writes; see `Tape` for who may read.

    What a failed write left behind is cut off again, so that the file stays readable. `size` is
    what the file takes and, until it is finished, what its index will take.
    """

    def __init__(self, path: Path, groups: list[Reeled], size: int) -> None:
        self.path = path
        self.groups = groups
        self.size = size
        self._end = 0
        self._run: str | None = None
        self._fd = -1

    @classmethod
    def new(cls, path: Path) -> Self:
        """A reel whose file is made now. Raises OSError if the disk refuses."""
        reel = cls(path, [], 0)
        reel._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            reel._put(MAGIC)
        except OSError:
            reel.remove()
            raise
        return reel

    @classmethod
    def taken_up(cls, path: Path) -> tuple[Self, int]:
        """A reel from before, and the bytes at its end that are torn. Raises OSError."""
        groups, torn = read_reel(path)
        return cls(path, groups, path.stat().st_size), torn

    @property
    def is_written(self) -> bool:
        """Whether it is not finished yet."""
        return self._fd >= 0

    def goes_on(self, packet: Packet) -> bool:
        """Whether the packet follows the last one that was written."""
        last = self.groups[-1] if self.is_written and self.groups else None
        return last is not None and (last.run, last.last + 1) == (packet.run, packet.index)

    def write(self, group: Group, packets: Sequence[Packet], data: bytes) -> Reeled:
        """Append a group's next packets, `data` being their records; returns the whole of it.

        Raises OSError if the disk refuses.
        """
        head = b"" if group.run == self._run else facts_record(group.run, group.facts)
        offset = self._end + len(head)
        self._put(head + data)
        self._run = group.run
        if group.written == 0:
            written = Reeled.known(self.path, offset, group.facts, group.begins, packets)
        else:
            written = self.groups[-1].as_it_is()
            for packet in packets:
                written.extend(packet)
        written.size += len(data)
        return written

    def sync(self) -> None:
        """Make what was written outlast a power cut. Raises OSError."""
        if self.is_written:
            os.fdatasync(self._fd)

    def finish(self) -> int:
        """Add the index and close the file, which is closed even if the disk refuses.

        Returns what the file takes.
        """
        try:
            self.sync()  # first: an index vouches for what it lists
            self._put(index_of(self.groups, self._end))
        finally:
            self._close()
        return self._end

    def remove(self) -> None:
        """Remove the file. Raises OSError if it cannot be."""
        self.path.unlink(missing_ok=True)
        self._close()

    def _put(self, data: bytes) -> None:
        view, done = memoryview(data), 0
        try:
            while done < len(data):
                done += os.pwrite(self._fd, view[done:], self._end + done)
        except OSError:
            with contextlib.suppress(OSError):  # else what is written next covers it
                os.ftruncate(self._fd, self._end)
            raise
        self._end += len(data)

    def _close(self) -> None:
        if self.is_written:
            os.close(self._fd)
            self._fd = -1


def records_of(packets: Sequence[Packet]) -> bytes:
    """What is to be written of packets."""
    return b"".join(map(packets_record, packets))


def room_for(group: Group, data: bytes) -> int:
    """Bytes of disk to be set aside for records of a group: with what it takes beside them."""
    if group.written:
        return len(data)
    # Facts stand before the group if it is the first of its run, and in the index again.
    return len(data) + _LINE_BYTES + 2 * len(facts_record(group.run, group.facts))
