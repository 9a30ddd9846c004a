"""How a running detector writes its log: lines for a person, or JSON for a program.

A line about a camera begins with the camera's name; that, the run and the key of a suspicion are
fields of their own in JSON. Wherever a line comes from, addresses in it lose their credentials.
"""

import json
import logging
import re
import sys
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TextIO

from viahe_detector.media import redacted
from viahe_detector.timing import iso

ABOUT = re.compile(r"(?:camera )?(?P<camera>[a-z0-9][a-z0-9-]{0,62})(?:: | )")
RUN = re.compile(r"\b(?:r-\d{8}T\d{6}\.\d{3}|f-[0-9a-f]{12}(?:-\d+)?)\b")
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
UNQUOTED = re.compile(r"(?<=://)[^/@\s]*:(?!\d{1,5}/)[^\s]*@")
"""A password that holds a slash, which nobody can open, but which is in the message saying so."""
FIELDS = ("camera", "run", "key")
"""What a line may be about, as given to the logger in `extra`, or else as its text says."""


class Lines(logging.Formatter):
    """One line for a person to read."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname).1s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        return without_credentials(super().format(record))


class Objects(logging.Formatter):
    """One JSON object a line: `at`, `level`, `logger`, `message`, what it is about, `error`."""

    def __init__(self, cameras: Collection[str] = ()) -> None:
        """`cameras` are the names a line may begin with."""
        super().__init__()
        self._cameras = frozenset(cameras)

    def format(self, record: logging.LogRecord) -> str:
        message = without_credentials(record.getMessage())
        told = {
            "at": iso(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
            **self._about(record, message),
        }
        if record.exc_info:
            told["error"] = without_credentials(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    def _about(self, record: logging.LogRecord, message: str) -> dict[str, str]:
        about = {}
        if (first := ABOUT.match(message)) and first["camera"] in self._cameras:
            about["camera"] = first["camera"]
        if run := RUN.search(message):
            about["run"] = run[0]
        given = {name: getattr(record, name, None) for name in FIELDS}
        return about | {name: str(value) for name, value in given.items() if value is not None}


class LastLines(logging.Handler):
    """Keeps the last lines, for where they cannot be written as they come. Safe for threads."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.setFormatter(Lines())
        self._lines: deque[str] = deque(maxlen=most)

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.extend(self.format(record).splitlines())

    def lines(self) -> tuple[str, ...]:
        """The last lines, the oldest first."""
        self.acquire()
        try:
            return tuple(self._lines)
        finally:
            self.release()


def without_credentials(text: str) -> str:
    """The text with the users and passwords of every address in it taken out."""
    return ADDRESS.sub(lambda found: redacted(UNQUOTED.sub("", found[0])), text)


@contextmanager
def written(
    stream: TextIO, wanted: str, cameras: Collection[str], verbose: bool = False
) -> Iterator[None]:
    """Write every line to `stream` for as long as this lasts, in place of what wrote before.

    `wanted` is one of `config.LOG_FORMATS`.
    """
    as_json = wanted == "json" or (wanted == "auto" and not stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Objects(cameras) if as_json else Lines())
    root, level = logging.getLogger(), logging.getLogger().level
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    try:
        with _handled_by(handler, instead_of_writing=True):
            yield
    finally:
        root.setLevel(level)


@contextmanager
def kept(lines: LastLines, instead_of_writing: bool) -> Iterator[None]:
    """Keep the last lines for as long as this lasts, beside writing them or instead of it.

    Those that were not written are written afterwards, for whoever reads on.
    """
    try:
        with _handled_by(lines, instead_of_writing):
            yield
    finally:
        if instead_of_writing:
            sys.stderr.write("".join(line + "\n" for line in lines.lines()))


@contextmanager
def _handled_by(handler: logging.Handler, instead_of_writing: bool) -> Iterator[None]:
    """Handlers of other kinds than those that write are somebody else's, and stay."""
    root = logging.getLogger()
    before = root.handlers[:]
    others = [each for each in before if type(each) is not logging.StreamHandler]
    root.handlers = [*(others if instead_of_writing else before), handler]
    try:
        yield
    finally:
        root.handlers = before
