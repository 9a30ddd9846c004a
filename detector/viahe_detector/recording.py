"""What a camera's rules were given, line by line, to be judged again without video."""

import contextlib
import gzip
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from viahe_detector.errors import ConfigError
from viahe_rules.domain import Event, Observation
from viahe_rules.recorded import Malformed, from_line, to_line

log = logging.getLogger(__name__)

MOST_WAITING = 14 * 24
"""Files of one camera that wait to be sent before the oldest goes."""


class Recording:
    """A file of events that grows; made with the first one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def add(self, event: Event) -> None:
        """Write an event. A process that is killed loses at most the line being written."""
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("a", encoding="utf-8", buffering=1)
        self._file.write(to_line(event) + "\n")

    def close(self) -> None:
        """End the file; adding again goes on with it."""
        if self._file is not None:
            self._file.close()
            self._file = None


def recorded(path: Path) -> Iterator[tuple[int, Event]]:
    """The events of a recording, each with the number of its line from 1 on.

    Raises ConfigError naming the file and the line.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    yield number, from_line(line)
                except Malformed as error:
                    raise ConfigError(f"{path}, line {number}: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text") from None


class Spool:
    """What one camera's rules were given, in files of an hour that wait to be sent.

    Losing some of it harms no suspicion: a disk that is full is said once, and goes on unsaid.
    Files are `<hour>-<when begun>.jsonl`, with `.open` behind while they grow.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is the camera's own, named as the camera."""
        self._folder = folder
        self._file: TextIO | None = None
        self._hour = ""
        self._failed = False
        for left in folder.glob("*.open"):
            left.rename(left.with_suffix(""))

    def add(self, event: Event) -> None:
        """Write an event into the file of its hour; an answer goes with the looks around it."""
        at = event.at if isinstance(event, Observation) else None
        hour = _hour_of(at) if at is not None else self._hour
        if not hour:
            return
        try:
            if hour != self._hour or self._file is None:
                self._begin(hour)
            if self._file is not None:
                self._file.write(to_line(event) + "\n")
        except OSError as error:
            if not self._failed:
                log.warning("%s: observations are not kept: %s", self._folder.name, error.strerror)
            self._failed = True
            self.close()

    def close(self) -> None:
        """End the file in hand: it may be sent."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
                path = Path(self._file.name)
                path.rename(path.with_suffix(""))
            self._file = None

    def _begin(self, hour: str) -> None:
        self.close()
        self._hour = hour
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(self._folder.glob("*.jsonl"))[:-MOST_WAITING]:
            old.unlink(missing_ok=True)
        path = self._folder / f"{hour}-{time.time_ns()}.jsonl.open"
        self._file = path.open("w", encoding="utf-8", buffering=1)


def waiting_hours(root: Path) -> Iterator[tuple[str, str, Path]]:
    """Files that wait below `root`: the camera, the hour (2026-11-22T11), and where it lies."""
    for path in sorted(root.glob("*/*.jsonl")):
        yield path.parent.name, path.name[:13], path


def packed(path: Path) -> bytes:
    """A file compressed; the same lines give the same bytes. Raises OSError."""
    return gzip.compress(path.read_bytes(), mtime=0)


def _hour_of(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H")
