"""The rings of all cameras: made here, in bounds they share, and written behind by one thread."""

import logging
import threading
import time
from pathlib import Path

from viahe_detector.config import WatchSettings
from viahe_detector.errors import ConfigError
from viahe_detector.holdings import Holdings
from viahe_detector.ring import MAX_HOLDINGS, Ring
from viahe_detector.room import Room
from viahe_detector.tape import Tape

WRITE_EVERY_S = 1.0
"""How often what has come is written to disk: so much a killed process loses at most."""
RETRY_S = 5.0
HELD_SHARE = 0.25
"""The share of the memory for all rings that may be taken once more by what is held for cases."""
SMALL_S, SMALL_BYTES = 90.0, 16 * 2**20
"""What is kept of a small stream: what looks are decoded from, and what is looked back at."""
LEAVE_FREE_BYTES = 512 * 2**20
"""Disk that rings leave to others: evidence has to be written even when they are full."""

log = logging.getLogger(__name__)


class Rings:
    """Makes each camera's ring, in memory or, where `watch.ring_folder` is set, on disk."""

    def __init__(self, settings: WatchSettings) -> None:
        self._settings = settings
        self._memory = Room(_bytes(settings.ring_total_mib), "watch.ring_total_mib")
        held = HELD_SHARE * settings.ring_total_mib
        self._held = Room(_bytes(held), f"a share of {HELD_SHARE:g} of watch.ring_total_mib")
        self._disk = Room(_bytes(settings.ring_disk_total_mib), "watch.ring_disk_total_mib")
        self._rings: dict[str, Ring] = {}
        self._tapes: dict[str, Tape] = {}
        self._refused = False

    def of(self, camera: str) -> Ring:
        """The ring of a camera, with what is on disk of it. Raises ConfigError if none can be."""
        if camera not in self._rings:
            self._rings[camera] = self._made(camera)
        return self._rings[camera]

    def of_small(self) -> Ring:
        """A ring for a camera's small stream: in memory, within what all share of it."""
        return Ring(SMALL_S, SMALL_BYTES, room=self._memory)

    def run(self, stop: threading.Event) -> None:
        """Write to disk what comes in, until `stop` is set; returns at once for rings in memory.

        A disk that refuses is said once, and tried again; the rings go on in memory meanwhile.
        """
        if not self._tapes:
            return
        self._say_strays()
        while not stop.is_set():
            began = time.monotonic()
            written = self._write()
            pause = WRITE_EVERY_S if written else RETRY_S
            stop.wait(max(0.0, began + pause - time.monotonic()))

    def close(self) -> None:
        """Write what is left and finish every reel; nothing may be appended after that."""
        self._write()
        self._finish()

    def _made(self, camera: str) -> Ring:
        settings = self._settings
        most = _bytes(settings.ring_mib)
        holdings = Holdings(MAX_HOLDINGS, most, self._held)
        tape = self._tape(camera) if settings.ring_folder else None
        return Ring(settings.ring_s, most, holdings, self._memory, tape)

    def _tape(self, camera: str) -> Tape:
        settings = self._settings
        folder = Path(settings.ring_folder) / camera
        most = _bytes(settings.ring_disk_mib)
        try:
            tape = Tape(folder, settings.ring_s, most, self._disk, leave_free=LEAVE_FREE_BYTES)
        except OSError as error:
            raise ConfigError(f"watch.ring_folder: {folder}: {error.strerror}") from None
        self._tapes[camera] = tape
        return tape

    def _say_strays(self) -> None:
        """Name what nobody will ever remove: the rings of cameras that are not watched any more."""
        for folder in sorted(Path(self._settings.ring_folder).iterdir()):
            if folder.is_dir() and folder.name not in self._tapes:
                log.warning(
                    "%s is the ring of a camera that is not watched; remove it if it has to go",
                    folder,
                )

    def _write(self) -> bool:
        """Whether the disk took everything."""
        refused = False
        for camera, ring in self._rings.items():
            try:
                ring.write_behind()
            except OSError as error:
                self._say_refused(camera, error)
                refused = True
        if self._refused and not refused:
            log.info("the rings are written to disk again")
        self._refused = refused
        return not refused

    def _say_refused(self, camera: str, error: OSError) -> None:
        if not self._refused:
            self._refused = True
            log.error(
                "camera %s: its ring cannot be written to %s: %s; rings go on in memory, within "
                "watch.ring_mib and watch.ring_total_mib, until the disk takes them again",
                camera,
                self._settings.ring_folder,
                error.strerror,
            )

    def _finish(self) -> None:
        for camera, tape in self._tapes.items():
            try:
                tape.close()
            except OSError as error:
                log.warning("camera %s: a reel was not finished: %s", camera, error.strerror)


def _bytes(mib: float) -> int:
    return int(mib * 2**20)
