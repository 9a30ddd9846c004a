"""Which packets are looked at: key frames where they come often enough, else the next due one.

A camera in action may be looked at once more between two looks that are due, where its packets
tell that something stirs; whether there is time for it is decided elsewhere.
"""

from viahe_detector.media import Packet
from viahe_detector.stirring import Stirring

SLACK = 0.3
"""The share of the interval by which a look may come early or late to fall on a key frame."""


EARLIEST, LATEST = 0.45, 0.6
"""The share of the interval after a look in which one more is of use: not beside the next one."""


class Cadence:
    """Decides for one camera, packet by packet, whether a look is due at it.

    Key frames are ten times cheaper to look at than the pictures between them, so a look waits
    for a key frame that is about to come. Where key frames are further apart than the interval
    (cameras with smart codecs), the pictures between them are looked at as well.
    """

    def __init__(self, look_every_s: float) -> None:
        self._every = look_every_s
        self._run = ""
        self._due = 0.0
        self._last_key = 0.0
        self._key_interval: float | None = None
        self._stirring = Stirring()
        self._looked = 0.0
        self._had_more = False

    def wants(self, packet: Packet) -> bool:
        """Whether to look at this packet; packets come in decode order, each once."""
        self._stirring.add(packet)
        if packet.run != self._run:
            self._run, self._due = packet.run, packet.t
            self._last_key, self._key_interval = packet.t, None
        elif packet.keyframe:
            self._key_interval = packet.t - self._last_key
            self._last_key = packet.t
        if not self._is_due(packet):
            return False
        self._due = max(self._due + self._every, packet.t + self._every * (1 - SLACK))
        self._looked, self._had_more = packet.t, False
        return True

    def would_use(self, packet: Packet) -> bool:
        """Whether one more look, at this packet that is not due, would tell something new."""
        since = (packet.t - self._looked) / self._every
        if self._had_more or not EARLIEST <= since <= LATEST or not self._stirring.stirs:
            return False
        self._had_more = True
        return True

    def _is_due(self, packet: Packet) -> bool:
        if packet.keyframe:
            return packet.t >= self._due - SLACK * self._every
        if packet.t < self._due:
            return False
        if self._key_interval is None:
            return packet.t >= self._due + SLACK * self._every
        next_key = self._last_key + self._key_interval
        return not packet.t < next_key <= self._due + SLACK * self._every
