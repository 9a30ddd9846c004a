"""Hours really seen: for each clock hour the seconds a camera's packets cover."""

import threading
from collections import defaultdict

from viahe_detector.media import Packet

HOUR_S = 3600.0
LARGEST_STEP_S = 2.0
"""Packets further apart than this leave a gap that nobody saw."""

HOURS_REPORTED = 3
"""Hours back that are still reported: an hour's total is final once the hour is over."""


class SeenHours:
    """Adds up the seconds between packets that follow each other. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds: dict[float, float] = defaultdict(float)
        self._last: Packet | None = None

    def add(self, packet: Packet) -> None:
        """Count the time since the packet before, if both are of one run and close together."""
        last, self._last = self._last, packet
        if last is None or last.run != packet.run:
            return
        step = packet.arrived_at - last.arrived_at
        media = packet.dts_t - last.dts_t
        if 0 < media <= LARGEST_STEP_S and step <= HOUR_S:
            with self._lock:
                self._seconds[packet.at // HOUR_S * HOUR_S] += media

    def hours(self) -> tuple[tuple[float, float], ...]:
        """(start of the hour in UTC seconds, seconds seen in it), the newest hours."""
        with self._lock:
            newest = sorted(self._seconds)[-HOURS_REPORTED:]
            for hour in [hour for hour in self._seconds if hour not in newest]:
                del self._seconds[hour]
            return tuple((hour, min(HOUR_S, self._seconds[hour])) for hour in newest)
