"""Wall time: when the pictures of a stream were taken, as far as this machine can tell."""

import logging
import math
import threading
import time
from collections import deque
from pathlib import Path
from typing import Protocol

log = logging.getLogger(__name__)

_WINDOW_S = 600.0
_BUCKET_S = 10.0
_STEP_S = 1.0


class Clock(Protocol):
    """The time, and a way to wait; one of the two seams that tests replace."""

    def now(self) -> float:
        """UTC seconds since 1970; may jump."""
        ...

    def monotonic(self) -> float:
        """Seconds since some instant; never jumps."""
        ...

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Sleep, at most `seconds`; true as soon as `stop` is set."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        return stop.wait(seconds)


class WallTime(Protocol):
    """Gives packets their wall time."""

    def begin(self) -> None:
        """A run begins: its media seconds count from 0 again."""
        ...

    def stamp(self, t: float) -> tuple[float, float]:
        """For a packet received just now: when it arrived and when its picture was taken."""
        ...


class ArrivalTime:
    """Wall time of a camera that tells none: a picture was taken when it arrived, at best.

    Networks only ever delay. So the packet that came soonest, measured against media time, is
    believed, and every other is placed by its media time relative to that one: `at` is `t` plus
    the smallest (arrival - t) of the last ten minutes, which also follows a camera whose clock
    drifts. What a camera needs to code and send its quickest packet is not known and stays in.
    Delays are measured on the monotonic clock; when the wall clock is set, times follow it at
    once, with a line in the log.
    """

    def __init__(self, clock: Clock, camera: str) -> None:
        self._clock = clock
        self._camera = camera
        self._ahead: float | None = None
        self._lags: deque[tuple[int, float]] = deque(maxlen=math.ceil(_WINDOW_S / _BUCKET_S))
        self._soonest = math.inf
        """The least of all lags that are remembered."""

    def begin(self) -> None:
        self._lags.clear()
        self._soonest = math.inf

    def stamp(self, t: float) -> tuple[float, float]:
        now, running = self._clock.now(), self._clock.monotonic()
        self._mind_steps(now - running)
        self._note(running, running - t)
        return now, t + self._soonest + (now - running)

    def _note(self, running: float, lag: float) -> None:
        bucket = int(running // _BUCKET_S)
        if self._lags and self._lags[-1][0] == bucket:
            if lag < self._lags[-1][1]:
                self._lags[-1] = (bucket, lag)
                self._soonest = min(lag, self._soonest)
        else:
            self._lags.append((bucket, lag))
            self._soonest = min(each for _, each in self._lags)

    def _mind_steps(self, ahead: float) -> None:
        if self._ahead is not None and abs(ahead - self._ahead) > _STEP_S:
            log.warning(
                "camera %s: this machine's clock was set by %+.1f s; wall times follow it, "
                "media times do not",
                self._camera,
                ahead - self._ahead,
            )
        self._ahead = ahead


class FileTime:
    """Wall time of a recording: it began at a given instant, and its runs follow each other."""

    def __init__(self, clock: Clock, path: str, starts_at: float | None) -> None:
        """`starts_at` in UTC seconds; None is the file's modification time."""
        self._clock = clock
        self._origin = Path(path).stat().st_mtime if starts_at is None else starts_at
        self._newest = self._origin

    def begin(self) -> None:
        self._origin = self._newest

    def stamp(self, t: float) -> tuple[float, float]:
        at = self._origin + t
        self._newest = max(self._newest, at)
        return self._clock.now(), at
