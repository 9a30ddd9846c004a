"""How long a camera's stream has gone on, over all its runs."""

from viahe_detector.media import Packet


class Life:
    """Seconds since the first packet: those of the stream, and of this computer's between runs.

    Never goes back: where a stream's own clock does, nothing passes until it is again where it
    was. Between runs the packets' arrival counts, for a stream may say anything of its pictures'
    times. `last_arrived_at` (UTC seconds) is when something came before this life began, and
    `seconds` counts from there. Not safe for several threads.
    """

    def __init__(self, last_arrived_at: float | None = None) -> None:
        self.seconds = 0.0
        self._run: str | None = None
        self._furthest = 0.0
        self._arrived_at = last_arrived_at

    def grow(self, packet: Packet) -> None:
        """Another packet has come."""
        if packet.run == self._run:
            passed = packet.dts_t - self._furthest
            if passed > 0.0:
                self.seconds += passed
                self._furthest = packet.dts_t
        else:
            if self._arrived_at is not None:
                self.seconds += max(0.0, packet.arrived_at - self._arrived_at)
            self._run, self._furthest = packet.run, packet.dts_t
        self._arrived_at = packet.arrived_at
