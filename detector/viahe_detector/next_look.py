"""Which packet of a camera is looked at next: the newest that is due, and at times one more."""

import threading
import time

from viahe_detector.cadence import Cadence
from viahe_detector.media import Packet


class NextLook:
    """Holds the packet that waits to be looked at. Safe for several threads.

    Newest wins: a packet that becomes due replaces one still waiting, and the replaced one is
    counted. One more look, between two that are due, is only ever offered: it goes uncounted
    when nobody has the time for it.
    """

    def __init__(self, look_every_s: float) -> None:
        self.dropped = 0
        self._cadence = Cadence(look_every_s)
        self._lock = threading.Lock()
        self._waiting: Packet | None = None
        self._since: float | None = None
        self._more: Packet | None = None

    def offer(self, packet: Packet, in_action: bool) -> bool:
        """Take the next packet in decode order; whether there is something new to look at.

        Only a camera `in_action` is offered for one more look.
        """
        is_due = self._cadence.wants(packet)
        would_use = not is_due and in_action and self._cadence.would_use(packet)
        if not (is_due or would_use):
            return False
        with self._lock:
            if would_use:
                self._more = packet
                return True
            self._more = None
            if self._waiting is None:
                self._since = time.monotonic()
            else:
                self.dropped += 1
            self._waiting = packet
        return True

    @property
    def since(self) -> float | None:
        """Since when a look has been due (monotonic seconds), None if none is.

        A packet that replaces a waiting one does not make the wait shorter.
        """
        with self._lock:
            return None if self._waiting is None else self._since

    @property
    def has_more(self) -> bool:
        """Whether one more look, that is not due, would be of use."""
        with self._lock:
            return self._more is not None and self._waiting is None

    def take(self) -> Packet | None:
        """The packet to look at: one that is due, else the one that is offered; None without."""
        with self._lock:
            packet = self._waiting or self._more
            self._waiting = self._more = None
            return packet

    def take_due(self) -> Packet | None:
        """The packet whose look is due; what is offered beside it is let go."""
        with self._lock:
            packet, self._waiting, self._more = self._waiting, None, None
            return packet
