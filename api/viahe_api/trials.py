"""Trials under way: one at a time, each in a process of its own, told stretch by stretch."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from enum import StrEnum

from viahe_api.backtest import Prepared
from viahe_api.backtest_worker import Findings, together
from viahe_api.errors import NotFound, TrialBusy
from viahe_rules.recorded import from_json, to_json

MOST_KEPT = 8
"""Trials whose findings are still told when they are over."""


class Course(StrEnum):
    """How a trial is going, or has ended. BROKEN has judged less than it was asked to."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Progress:
    """What a trial has found so far."""

    course: Course
    findings: Findings


class Running:
    """One trial of somebody's. `digest` is of the drawing it is about."""

    def __init__(self, number: int, owner: int, digest: str, prepared: Prepared) -> None:
        self.number, self.owner, self.digest, self.prepared = number, owner, digest, prepared
        self._parts: list[Findings] = []
        self._course = Course.RUNNING
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._worker = subprocess.Popen(
            [sys.executable, "-m", "viahe_api.backtest_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        threading.Thread(target=self._follow, name=f"trial {number}", daemon=True).start()

    @property
    def progress(self) -> Progress:
        with self._lock:
            return Progress(self._course, together(self._parts))

    def wait(self, seconds: float) -> None:
        """Until it is over, at most so many seconds."""
        self._over.wait(seconds)

    def cancel(self) -> None:
        """End it; what it has found so far stays."""
        with self._lock:
            if self._course is Course.RUNNING:
                self._course = Course.CANCELLED
        self._worker.kill()

    def _follow(self) -> None:
        with self._worker as worker:
            assert worker.stdin is not None  # noqa: S101 - as it was opened
            assert worker.stdout is not None  # noqa: S101
            try:
                worker.stdin.write(json.dumps(to_json(self.prepared.trial)))
                worker.stdin.close()
                for line in worker.stdout:
                    part = from_json(Findings, json.loads(line))
                    with self._lock:
                        self._parts.append(part)
            except (OSError, ValueError):
                worker.kill()
        with self._lock:
            if self._course is Course.RUNNING:
                whole = sum(part.judged for part in self._parts)
                complete = whole == len(self.prepared.trial.stretches)
                self._course = Course.DONE if complete else Course.BROKEN
        self._over.set()


class Trials:
    """Runs one trial at a time, for so many seconds at most: it takes a whole processor."""

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self._lock = threading.Lock()
        self._kept: dict[int, Running] = {}
        self._count = 0

    def start(self, owner: int, digest: str, prepared: Prepared) -> Running:
        """Begin; a trial of the same person's that still runs is given up for it.

        Raises TrialBusy while somebody else's runs.
        """
        with self._lock:
            for running in self._kept.values():
                if running.progress.course is not Course.RUNNING:
                    continue
                if running.owner != owner:
                    raise TrialBusy("another zone is being tried: try again in a minute")
                running.cancel()
            self._count += 1
            timed = replace(prepared.trial, seconds=self._longest_s)
            begun = Running(self._count, owner, digest, replace(prepared, trial=timed))
            self._kept[begun.number] = begun
            for number in sorted(self._kept)[:-MOST_KEPT]:
                del self._kept[number]
        return begun

    def of(self, owner: int, number: int) -> Running:
        """Somebody's own trial. Raises NotFound, also for one that is no longer kept."""
        with self._lock:
            found = self._kept.get(number)
        if found is None or found.owner != owner:
            raise NotFound(f"no trial {number}: it was too long ago, or the program was restarted")
        return found

    def close(self) -> None:
        """End whatever runs."""
        with self._lock:
            for running in self._kept.values():
                running.cancel()
