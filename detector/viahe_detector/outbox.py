"""What has been suspected and not yet acknowledged: on disk, whatever is killed.

    outbox/
      noted/<key>.json      suspected; its evidence is still being gathered
      ready/<key>/          its evidence, in a folder that appears whole
      ready/<key>.json      the suspicion as it will be sent, once its evidence is there
      refused/<key>/ .json  the API said it will never take this; kept for a person
      last_manifest         SHA-256 of the newest manifest: the next one's link

A suspicion is noted before anything else happens to it; the note goes once the suspicion is
ready. What is acknowledged by hash leaves the disk.
"""

import contextlib
import errno
import json
import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viahe_detector.errors import DiskFull, OutboxError


@dataclass(frozen=True, slots=True)
class Parcel:
    """A suspicion ready to be sent: its payload, and the folder its evidence lies in."""

    key: str
    folder: Path
    payload: Mapping[str, Any]


class Outbox:
    """The folder of everything not yet acknowledged. Safe for several threads."""

    def __init__(self, folder: Path) -> None:
        """Raises OutboxError if the folder cannot be made."""
        self._folder = folder
        self._lock = threading.Lock()
        try:
            for name in ("noted", "ready", "refused"):
                (folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutboxError(f"the outbox {folder} cannot be made: {error.strerror}") from None
        self._sweep()

    def note(self, key: str, value: Mapping[str, Any]) -> None:
        """Put a suspicion on disk before its evidence exists. Raises DiskFull, OutboxError."""
        self._write(self._folder / "noted" / f"{key}.json", _encoded(value))

    def noted(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Suspicions whose evidence was never finished, oldest first."""
        paths = sorted((self._folder / "noted").glob("*.json"), key=lambda p: p.stat().st_mtime)
        for path in paths:
            yield path.stem, json.loads(path.read_text(encoding="utf-8"))

    def room_for(self, key: str) -> Path:
        """The folder in which evidence for `key` is gathered; it does not exist yet."""
        return self._folder / "ready" / key

    def ready(self, key: str, payload: Mapping[str, Any], manifest_sha256: str) -> None:
        """Evidence for `key` is gathered: it may be sent. Raises DiskFull, OutboxError."""
        with self._lock:
            self._write(self._folder / "last_manifest", manifest_sha256.encode())
            self._write(self._folder / "ready" / f"{key}.json", _encoded(payload))
        with contextlib.suppress(FileNotFoundError):
            (self._folder / "noted" / f"{key}.json").unlink()

    def last_manifest(self) -> str | None:
        """SHA-256 of the newest manifest, the link of the next."""
        path = self._folder / "last_manifest"
        return path.read_text() if path.exists() else None

    def parcels(self) -> Iterator[Parcel]:
        """What may be sent, oldest first."""
        found = (self._folder / "ready").glob("*.json")
        for path in sorted(found, key=lambda p: p.stat().st_mtime):
            payload = json.loads(path.read_text(encoding="utf-8"))
            yield Parcel(path.stem, path.with_suffix(""), payload)

    def holds(self, key: str) -> bool:
        """Whether a suspicion is here in any state."""
        folder = self._folder
        places = (
            folder / "noted" / f"{key}.json",
            folder / "ready" / key,
            folder / "refused" / key,
        )
        return any(place.exists() for place in places)

    def acknowledged(self, parcel: Parcel) -> None:
        """Every byte has been acknowledged by hash: let it go."""
        parcel.folder.with_suffix(".json").unlink()
        shutil.rmtree(parcel.folder)

    def refused(self, parcel: Parcel, why: str) -> None:
        """The API will never take this: set it aside with the reason, for a person to read."""
        aside = self._folder / "refused"
        (aside / f"{parcel.key}.txt").write_text(why + "\n", encoding="utf-8")
        parcel.folder.replace(aside / parcel.key)
        parcel.folder.with_suffix(".json").replace(aside / f"{parcel.key}.json")

    def count(self) -> int:
        """How many suspicions wait, evidence gathered or not."""
        ready = {path.stem for path in (self._folder / "ready").glob("*.json")}
        noted = {path.stem for path in (self._folder / "noted").glob("*.json")}
        return len(ready | noted)

    def _sweep(self) -> None:
        """Remove evidence that was acknowledged as the process was killed."""
        for folder in (path for path in (self._folder / "ready").iterdir() if path.is_dir()):
            noted = self._folder / "noted" / f"{folder.name}.json"
            if not folder.with_suffix(".json").exists() and not noted.exists():
                shutil.rmtree(folder)

    def _write(self, path: Path, data: bytes) -> None:
        """Write whole or not at all, and through to the disk."""
        half = path.with_name(f".{path.name}.half")
        try:
            with half.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            half.unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(f"{path.parent}: no room for {len(data)} bytes; free some") from None
            raise OutboxError(f"{path}: cannot be written: {error.strerror}") from None


def _encoded(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _sync_folder(folder: Path) -> None:
    """Make a rename outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
