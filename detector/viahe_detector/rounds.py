"""Many streams read by one thread, each in its turn, every tenth of a second.

A thread for each stream would wake up as often, and then wait for the others to let go of the
interpreter: that costs more than the reading.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from viahe_detector.media import wait_for_more


@dataclass(slots=True)
class _Reading:
    """A stream's reading, and what ended it."""

    steps: Iterator[None]
    over: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None


_OVER = object()


class Rounds:
    """Goes round the readings it is given; safe for several threads."""

    def __init__(self) -> None:
        self._readings: tuple[_Reading, ...] = ()
        self._changed = threading.Condition()

    def read(self, steps: Iterator[None]) -> None:
        """Have this read in its turn, one step a round, until it ends; raises what it raised."""
        reading = _Reading(steps)
        with self._changed:
            self._readings = (*self._readings, reading)
            self._changed.notify()
        reading.over.wait()
        if reading.error is not None:
            raise reading.error

    def run(self) -> None:
        """Go round for ever."""
        while True:
            with self._changed:
                while not self._readings:
                    self._changed.wait()
                readings = self._readings
            for reading in readings:
                self._step(reading)
            wait_for_more()

    def _step(self, reading: _Reading) -> None:
        try:
            if next(reading.steps, _OVER) is not _OVER:
                return
        # The outermost loop of all readings: one that fails ends no other.
        except Exception as error:  # noqa: BLE001 - raised again where the reading was asked for
            reading.error = error
        with self._changed:
            self._readings = tuple(each for each in self._readings if each is not reading)
        reading.over.set()
