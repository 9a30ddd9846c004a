"""The load a detector is measured under: footage, its cameras, and somebody to report to.

Footage is staged and served by processes of their own: their CPU time is not the detector's,
and the detector knows nothing of samples.
"""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viahe_detector.errors import BenchError
from viahe_rules.domain import GROUP, THING, Act
from viahe_rules.plan import Rule, Surface, Zone
from viahe_rules.recorded import from_json

IN_ACTION_EVERY = 4
"""Of this many cameras one shows a street in action, the others a quiet one."""
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Footage:
    """A video, whether something happens in it, and the ground that is watched in it.

    `small` is the same street as a camera's small stream, if it has one.
    """

    file: Path
    happens: bool
    zones: tuple[Zone, ...]
    small: Path | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What the cameras sent: pictures by camera, the latest one's delay, and the CPU it took."""

    pictures: tuple[int, ...]
    latest_s: float
    cpu_s: float


class Serving:
    """A process that serves cameras; `small_urls` are empty where one has no small stream."""

    def __init__(
        self, program: "_Program", urls: tuple[str, ...], small_urls: tuple[str, ...]
    ) -> None:
        self.urls = urls
        self.small_urls = small_urls
        self._program = program

    def end(self) -> Sent:
        """Have the cameras send nothing more; what they sent still arrives."""
        told = self._program.end()
        return Sent(tuple(told["pictures"]), told["latest_s"], told["cpu_s"])


class Receiving:
    """A process that acknowledges suspicions."""

    def __init__(self, program: "_Program", address: str) -> None:
        self.address = address
        self._program = program

    def acknowledged(self) -> dict[str, float]:
        """When each suspicion was complete, UTC seconds by key, and an end to it."""
        return {told["key"]: told["at"] for told in self._program.rest()}


@dataclass(frozen=True, slots=True)
class Coded:
    """How staged footage is coded: h264 or h265, seconds from key frame to key frame, and how
    many B-frames in a row."""

    codec: str = "h264"
    group_s: float = 2.0
    b_frames: int = 0


AS_USUAL = Coded()


def staged(cache: Path, coded: Coded, with_small: bool = False) -> tuple[Footage, ...]:
    """The staged streets, made in `cache` the first time. Raises BenchError."""
    command = [sys.executable, "-m", "viahe_samples.footage", str(cache), "--codec", coded.codec]
    command += ["--group", str(coded.group_s), "--b-frames", str(coded.b_frames)]
    command += ["--small"] if with_small else []
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        last = (made.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise BenchError(f"no footage could be staged: {last}; name some with --footage")
    return tuple(_footage(json.loads(line)) for line in made.stdout.splitlines())


def given(files: Sequence[Path]) -> tuple[Footage, ...]:
    """Footage of the user's own, watched all over. Raises BenchError if a file is absent."""
    for file in files:
        if not file.is_file():
            raise BenchError(f"there is no footage {file}")
    return tuple(Footage(file, True, (_everywhere(),)) for file in files)


def spread(footage: Sequence[Footage], cameras: int) -> tuple[Footage, ...]:
    """What each of so many cameras shows: one in four a street in action, if there are any."""
    quiet = [each for each in footage if not each.happens]
    action = [each for each in footage if each.happens]
    if not quiet or not action:
        return tuple(footage[n % len(footage)] for n in range(cameras))
    return tuple(
        quiet[n % len(quiet)] if n % IN_ACTION_EVERY else action[n // IN_ACTION_EVERY % len(action)]
        for n in range(cameras)
    )


@contextmanager
def serving(shown: Sequence[Footage]) -> Iterator[Serving]:
    """Each as a live camera. Raises BenchError."""
    files = [f"{each.file}:{each.small}" if each.small else str(each.file) for each in shown]
    with _program("viahe_samples.serve", *files) as program:
        told = program.next()
        yield Serving(program, tuple(told["urls"]), tuple(told["small_urls"]))


@contextmanager
def receiving() -> Iterator[Receiving]:
    """Somebody to report to. Raises BenchError."""
    with _program("viahe_samples.receiver") as program:
        yield Receiving(program, program.next()["address"])


class _Program:
    """A process that says JSON lines, and ends when its standard input does."""

    def __init__(self, name: str, process: "subprocess.Popen[str]") -> None:
        self._name = name
        self._process = process
        self._said: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def next(self) -> dict[str, Any]:
        """The next line. Raises BenchError if there is none."""
        try:
            said = self._said.get(timeout=PATIENCE_S)
        except queue.Empty:
            said = None
        if said is None:
            raise BenchError(f"{self._name} ended or fell silent; see what it printed above")
        return said

    def end(self) -> dict[str, Any]:
        """End its input; its last word."""
        self.close_input()
        return self.next()

    def rest(self) -> Iterator[dict[str, Any]]:
        """End its input; everything it said that nobody asked for."""
        self.close_input()
        self._reader.join(PATIENCE_S)
        while (said := self._said.get(timeout=PATIENCE_S)) is not None:
            yield said

    def close_input(self) -> None:
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._said.put(json.loads(line))
        self._said.put(None)


@contextmanager
def _program(module: str, *arguments: str) -> Iterator[_Program]:
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        program = _Program(module, process)
        try:
            yield program
        finally:
            program.close_input()
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _footage(told: dict[str, Any]) -> Footage:
    zones = tuple(from_json(Zone, zone) for zone in told["zones"])
    small = Path(told["small"]) if told["small"] else None
    return Footage(Path(told["file"]), told["happens"], zones, small)


def _everywhere() -> Zone:
    dwell_s = 60.0
    whole = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    labels = ("car", "truck", "bus", "motorcycle", GROUP)
    rules = (
        Rule("dumping", Act.DUMPING, ((THING, dwell_s),)),
        Rule("encroachment", Act.ENCROACHMENT, tuple((label, dwell_s) for label in labels)),
    )
    return Zone("everywhere", 1, "Everywhere", whole, Surface.PAVEMENT, rules)
