"""What a camera's rules were given, line by line, to be judged again without video."""

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from viahe_detector.errors import ConfigError
from viahe_rules.domain import Event
from viahe_rules.recorded import Malformed, from_line, to_line


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
