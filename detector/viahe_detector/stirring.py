"""Whether something stirs before a camera, told from the sizes of its coded packets alone.

Between key frames a coder spends its bytes on what has changed. So packets that are larger than
this camera's usual ones say that something moves, for free: nothing is decoded.
"""

from viahe_detector.media import Packet

BRIEF_S = 0.6
"""Seconds over which what stirs now is averaged: one large packet alone is no movement."""
USUAL_S = 120.0
"""Seconds over which what is usual for this camera is averaged."""
SETTLING_S = 10.0
"""Seconds of a run in which nothing is said yet."""
LARGER = 1.6
"""How many times the usual size tells that something stirs; a sensor's grain varies by a tenth."""


class Stirring:
    """Follows one camera's packets in decode order."""

    def __init__(self) -> None:
        self._run = ""
        self._began_s = self._last_s = 0.0
        self._brief = self._usual = 0.0

    def add(self, packet: Packet) -> None:
        """Take the next packet; key frames say nothing."""
        if packet.run != self._run:
            self._run, self._began_s = packet.run, packet.dts_t
            self._brief = self._usual = 0.0
        step, self._last_s = max(0.0, packet.dts_t - self._last_s), packet.dts_t
        if packet.keyframe:
            return
        size = float(len(packet.data))
        if not self._usual:
            self._brief = self._usual = size
        # While a camera is new its usual size is the mean of all there was.
        watched = min(USUAL_S, packet.dts_t - self._began_s + step)
        self._brief += (size - self._brief) * min(1.0, step / BRIEF_S)
        self._usual += (size - self._usual) * min(1.0, step / max(watched, step, 1e-3))

    @property
    def stirs(self) -> bool:
        """Whether the newest packets are larger than is usual for this camera."""
        known = self._last_s - self._began_s >= SETTLING_S
        return known and self._brief >= LARGER * self._usual
