"""Evidence on disk: written aside, checked, made durable, and only then given its name."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path

from viahe_api.errors import HashMismatch, StorageFull, TooLarge

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Incoming:
    """A file on its way in. Nothing of it has a name before `keep`."""

    def __init__(self, file: FileIO, part: Path, target: Path, limit: int) -> None:
        self._file, self._part, self._target, self._limit = file, part, target, limit
        self._hash, self._size = hashlib.sha256(), 0

    def write(self, chunk: bytes) -> None:
        """Take the next bytes. Raises TooLarge beyond the limit, StorageFull."""
        self._size += len(chunk)
        if self._size > self._limit:
            raise TooLarge(f"{self._target.name} is longer than {self._limit} bytes")
        self._hash.update(chunk)
        rest = memoryview(chunk)
        with _disk_may_be_full(self._target.name):
            while rest:  # a disk that is filling up takes a part and says so only of the next
                rest = rest[self._file.write(rest) :]

    def keep(self, sha256: str | None = None) -> str:
        """Give the file its name once its bytes are on disk; returns their SHA-256.

        Raises HashMismatch if they are not the announced ones, StorageFull.
        """
        digest = self._hash.hexdigest()
        if sha256 is not None and digest != sha256:
            raise HashMismatch(
                f"{self._target.name}: {self._size} bytes of SHA-256 {digest} came, "
                f"{sha256} was announced; send the file again"
            )
        with _disk_may_be_full(self._target.name):
            os.fsync(self._file.fileno())
            self._target.parent.mkdir(parents=True, exist_ok=True)
            self._part.replace(self._target)
            _sync_folder(self._target.parent)
        return digest


class Store:
    """The folder evidence lives in: `cases/<ward>/<case code>/<file>`, `cameras/<id>/still.jpg`,
    `observations/<camera id>/<hash>.jsonl.gz`.

    `keep_free` bytes of the disk are left to the database and the system.
    """

    def __init__(self, root: Path, *, keep_free: int) -> None:
        self._root, self._keep_free = root, keep_free
        self._aside = root / "incoming"
        self._aside.mkdir(parents=True, exist_ok=True)

    def case_file(self, ward_code: str, case_code: str, name: str) -> Path:
        return self._root / "cases" / ward_code / case_code / name

    def erase_case(self, ward_code: str, case_code: str) -> None:
        """Remove a case's files for good; without any nothing happens."""
        folder = self.case_file(ward_code, case_code, "clip.mp4").parent
        if folder.is_dir():
            shutil.rmtree(folder)
            _sync_folder(folder.parent)

    def still(self, camera_id: int) -> Path:
        return self._root / "cameras" / str(camera_id) / "still.jpg"

    def zone_still(self, camera_id: int, zone: str) -> Path:
        """What the camera showed when the zone's newest version was drawn."""
        return self._root / "cameras" / str(camera_id) / "zones" / f"{zone}.jpg"

    def keep_zone_still(self, camera_id: int, zone: str) -> None:
        """Keep the camera's newest still as the one the zone was drawn on, if there is one."""
        still, target = self.still(camera_id), self.zone_still(camera_id, zone)
        if not still.is_file():
            return
        with self.receive(target, still.stat().st_size) as incoming:
            incoming.write(still.read_bytes())
            incoming.keep()

    def notice_photo(self, camera_id: int, sha256: str) -> Path:
        """The camera's recording notice as it hangs."""
        return self._root / "cameras" / str(camera_id) / f"notice-{sha256}"

    def permit_paper(self, sha256: str) -> Path:
        return self._root / "permits" / sha256

    def test_still(self, camera_id: int) -> Path:
        """What the newest connection test showed."""
        return self._root / "cameras" / str(camera_id) / "test.jpg"

    def observations(self, camera_id: int, sha256: str) -> Path:
        return self._root / "observations" / str(camera_id) / f"{sha256}.jsonl.gz"

    @contextmanager
    def receive(self, target: Path, size: int) -> Iterator[Incoming]:
        """A file of at most `size` bytes; whatever is not kept in the block is gone after it.

        Raises StorageFull before a byte is taken if the disk has no room.
        """
        free = os.statvfs(self._root)
        if free.f_bavail * free.f_frsize < size + self._keep_free:
            raise StorageFull(f"no room for {target.name} ({size} bytes): free the disk and retry")
        with _disk_may_be_full(target.name):
            handle, part = tempfile.mkstemp(dir=self._aside, prefix=f"{target.name}.")
        try:
            with FileIO(handle, "wb") as file:
                yield Incoming(file, Path(part), target, size)
        finally:
            Path(part).unlink(missing_ok=True)

    def sweep(self, now: datetime) -> None:
        """Remove what was on its way in when a process was killed, a day ago or earlier."""
        oldest = (now - timedelta(days=1)).timestamp()
        for part in self._aside.iterdir():
            if part.stat().st_mtime < oldest:
                part.unlink(missing_ok=True)


def sha256_of(path: Path) -> str | None:
    """The hash of a stored file, None if it is not there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


@contextmanager
def _disk_may_be_full(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull(f"no room for {name}: free the disk and retry") from None
        raise


def _sync_folder(folder: Path) -> None:
    """A rename is durable once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
