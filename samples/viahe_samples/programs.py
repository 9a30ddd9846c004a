"""The demo's programs: started, kept running, stopped together."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

PAUSE_BEFORE_RESTART_S = 2.0
SHORT_LIFE_S = 15.0
"""A program that ends this soon cannot start, and starting it again will not help."""


class CannotStart(Exception):
    """A program ended as it started; the message is the last line it printed."""


@dataclass(slots=True)
class Program:
    """A command of ours as a process of its own, its output in a log file."""

    name: str
    command: str
    arguments: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    ended_at: float | None = None

    def start(self) -> None:
        """Start it; what it prints is added to its log."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [Path(sys.executable).with_name(self.command), *self.arguments],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
            )
        self.started_at, self.ended_at = time.monotonic(), None

    @property
    def lived_s(self) -> float:
        """Seconds from its start to its end, or to now."""
        return (self.ended_at or time.monotonic()) - self.started_at

    def last_words(self) -> str:
        """The last line of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "it said nothing")


class Programs:
    """Several programs that go down together, and come up again one by one if they fall."""

    def __init__(self) -> None:
        self._programs: list[Program] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for program in reversed(self._programs):
            _stop(program)

    def start(self, program: Program) -> None:
        """Start a program and keep it running from now on."""
        program.start()
        self._programs.append(program)

    def keep_running(self) -> tuple[str, ...]:
        """Start again what has ended for a moment; the names of those it starts again.

        Raises CannotStart for a program that ended by itself as soon as it was started.
        """
        restarted = []
        for program in self._programs:
            if program.process is None or program.process.poll() is None:
                continue
            if program.ended_at is None:
                program.ended_at = time.monotonic()
                if program.process.returncode > 0 and program.lived_s < SHORT_LIFE_S:
                    raise CannotStart(f"{program.name} cannot start: {program.last_words()}")
            elif time.monotonic() - program.ended_at >= PAUSE_BEFORE_RESTART_S:
                program.start()
                restarted.append(program.name)
        return tuple(restarted)


def _stop(program: Program) -> None:
    if program.process is None:
        return
    program.process.terminate()
    try:
        program.process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        program.process.kill()
        program.process.wait()
