"""The part of a camera's ring that lies on disk: reels, the oldest removed as they get old."""

import errno
import logging
import os
import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from math import inf
from pathlib import Path

from viahe_detector.group import Group
from viahe_detector.media import Packet
from viahe_detector.reel import Reel, records_of, room_for
from viahe_detector.room import Room

REEL_BYTES = 16 * 2**20
REEL_S = 10.0
REELS = 30
"""A reel is a 30th of the ring, though not much shorter or larger than these."""
SYNC_EVERY_S = 10.0
"""What a power cut costs at most, beside what a killed process costs."""

log = logging.getLogger(__name__)


class Tape:
    """Groups of one camera in a folder of its own, bounded in seconds and bytes.

    Whole reels go, oldest first, before anything is written that would not fit; the one being
    written goes only when it alone is too large, and then nothing is taken until the next key
    frame. `room` bounds the bytes over all cameras too. One thread appends and forgets, for all
    tapes of one room; any may read.
    """

    def __init__(
        self,
        folder: Path,
        seconds: float,
        max_bytes: int,
        room: Room | None = None,
        reel_s: float | None = None,
        leave_free: int = 0,
    ) -> None:
        """Take up what is in `folder`, which is made. Raises OSError if it cannot be.

        `reel_s` are the seconds after which a reel ends; nought gives each group its own. So
        many bytes of the disk are left free, for others need it too.
        """
        self._folder = folder
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._room = room or Room(inf, "disk")
        self._reel_s = max(REEL_S, seconds / REELS) if reel_s is None else reel_s
        self._leave_free = leave_free
        self._lock = threading.Lock()
        self._reels: list[Reel] = []
        self._bytes = 0
        self._dropped = 0
        self._short_until_s = -inf
        self._synced = time.monotonic()
        self.torn = 0
        """Reels whose end was torn when they were taken up."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._number = self._take_up() + 1
        self._room.enter(self)
        self._room.settle()

    @property
    def newest_at(self) -> float | None:
        """When the last packet on the tape arrived, in UTC seconds."""
        with self._lock:
            return self._reels[-1].groups[-1].last_arrived_at if self._reels else None

    @property
    def is_short(self) -> bool:
        """Whether room ran out within the seconds that were promised."""
        return self._dropped > 0 and self._newest_s() < self._short_until_s

    @property
    def dropped_groups(self) -> int:
        """How many groups had to go before their seconds were over, for want of room."""
        return self._dropped

    def groups(self) -> list[Group]:
        """Everything on the tape, oldest first; it is read when it is asked for its packets."""
        with self._lock:
            return [group for reel in self._reels for group in reel.groups]

    def append(self, group: Group, packets: Sequence[Packet]) -> None:
        """Write the next packets of a group, of which `group.written` are on the tape already.

        Passes over what belongs to a group whose beginning had to go. Raises OSError if the disk
        refuses, and may then be asked again for the same.
        """
        if not packets:
            return
        begins = group.written == 0
        if begins and self._reel_is_full(group.begins):
            self._finish_reel()
        data = records_of(packets)
        need = room_for(group, data)
        self._require_free(need)
        self._make_room(need)
        if self._fits(need) and (begins or self._goes_on(packets[0])):
            self._write(group, packets, data, need)
        else:
            self._lack(1 if begins else 0)

    def forget_before(self, begins: float) -> None:
        """Remove reels that end before this second of the ring's life. Raises OSError."""
        while len(self._reels) > 1 and self._reels[1].groups[0].begins < begins:
            self._drop_oldest()

    def sync_if_due(self) -> None:
        """Now and then make what was written outlast a power cut. Raises OSError."""
        now = time.monotonic()
        if self._reels and now - self._synced >= SYNC_EVERY_S:
            self._synced = now
            self._reels[-1].sync()

    def close(self) -> None:
        """Finish the reel in hand. Raises OSError if the disk refuses; nothing is lost by that."""
        self._finish_reel()

    def size(self) -> int:
        """Bytes on disk."""
        return self._bytes

    def oldest_at(self) -> float | None:
        """When the oldest reel began to arrive; None while it is the one being written."""
        with self._lock:
            oldest = self._reels[0] if self._reels else None
            return None if oldest is None or oldest.is_written else oldest.groups[0].arrived_at

    def forget(self, at: float | None) -> None:
        """Let the oldest reel go if it is from `at`; if None, the one being written."""
        if self._reels and self.oldest_at() == at:
            self._lack(len(self._reels[0].groups))
            self._drop_oldest()

    def _take_up(self) -> int:
        """Know what is in the folder; the number of its last reel, 0 if there is none."""
        paths = [path for path in sorted(self._folder.glob("*.reel")) if path.stem.isdecimal()]
        for path in paths:
            try:
                self._take_up_reel(path)
            except (OSError, ValueError, KeyError) as error:
                log.warning("%s: is left alone, for it cannot be read: %s", path, error)
        groups = [group for reel in self._reels for group in reel.groups]
        self._bytes = sum(reel.size for reel in self._reels)
        # Their seconds count up to a nought at which the last of them ends.
        for group in groups[-1:]:
            group.begins = group.t - group.reach
        for group, later in reversed(list(pairwise(groups))):
            same = later.run == group.run
            passed = later.t - group.t if same else later.arrived_at - group.arrived_at
            group.begins = later.begins - max(0.0, passed)
        return int(paths[-1].stem) if paths else 0

    def _take_up_reel(self, path: Path) -> None:
        reel, torn = Reel.taken_up(path)
        if torn or not reel.groups:
            self.torn += 1
            log.warning("%s: its last %d bytes are torn and are left out", path, torn)
        if reel.groups:
            self._reels.append(reel)
        else:
            reel.remove()

    def _newest_s(self) -> float:
        return self._reels[-1].groups[-1].begins if self._reels else -inf

    def _goes_on(self, packet: Packet) -> bool:
        return bool(self._reels) and self._reels[-1].goes_on(packet)

    def _reel_is_full(self, begins: float) -> bool:
        if not self._reels or not self._reels[-1].is_written:
            return False
        reel = self._reels[-1]
        most = min(REEL_BYTES, self._max_bytes // REELS)
        return begins - reel.groups[0].begins >= self._reel_s or reel.size >= most

    def _write(self, group: Group, packets: Sequence[Packet], data: bytes, need: int) -> None:
        goes_on = bool(self._reels) and self._reels[-1].is_written
        reel = self._reels[-1] if goes_on else Reel.new(self._folder / f"{self._number:08}.reel")
        try:
            written = reel.write(group, packets, data)
        except OSError:
            if not goes_on:
                reel.remove()
            raise
        with self._lock:
            if not goes_on:
                self._reels.append(reel)
                self._number += 1
            reel.groups[-1 if group.written else len(reel.groups) :] = [written]
            reel.size += need
            self._bytes += need
        if self._room.take(need):
            self._room.settle()

    def _finish_reel(self) -> None:
        if not self._reels or not self._reels[-1].is_written:
            return
        reel = self._reels[-1]
        more = reel.finish() - reel.size
        with self._lock:
            reel.size += more
            self._bytes += more
        self._room.take(more)

    def _require_free(self, need: int) -> None:
        disk = os.statvfs(self._folder)
        if disk.f_bavail * disk.f_frsize < self._leave_free + need:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._folder))

    def _make_room(self, need: int) -> None:
        while self._reels and not self._fits(need):
            self._lack(len(self._reels[0].groups))
            self._drop_oldest()

    def _fits(self, need: int) -> bool:
        return self._bytes + need <= self._max_bytes

    def _lack(self, groups: int) -> None:
        """Groups went, or never came, for want of room."""
        self._dropped += groups
        self._short_until_s = self._newest_s() + self._seconds

    def _drop_oldest(self) -> None:
        self._reels[0].remove()
        with self._lock:
            reel = self._reels.pop(0)
            self._bytes -= reel.size
        self._room.take(-reel.size)
