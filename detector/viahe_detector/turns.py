"""Whose turn it is to be looked at."""

import threading
from collections.abc import Callable, Sequence

from viahe_detector.camera import CameraWatch


class Turns:
    """Hands out cameras with a look due to several threads, each camera to one at a time.

    The look that has been due for longest comes first; a camera whose waiting packet was
    replaced by a newer one has not lost its place. So none gets a second look before every
    camera that waited longer got one. Where no look is due anywhere and `is_idle` (nothing is
    looked back at, no evidence waits), a camera in action gets one more.
    """

    def __init__(
        self, cameras: Sequence[CameraWatch], is_idle: Callable[[], bool] = lambda: True
    ) -> None:
        self.cameras = tuple(cameras)
        self._is_idle = is_idle
        self._changed = threading.Condition()
        self._taken: set[str] = set()

    def due(self) -> None:
        """A look has become due somewhere."""
        with self._changed:
            self._changed.notify()

    def take(self, wait_s: float) -> CameraWatch | None:
        """The camera whose turn it is, until it is given `back`; None if no look becomes due."""
        with self._changed:
            camera = self._next()
            if camera is None:
                self._changed.wait(wait_s)
                camera = self._next()
            if camera is not None:
                self._taken.add(camera.id)
            return camera

    def back(self, camera: CameraWatch) -> None:
        """The camera has been looked at."""
        with self._changed:
            self._taken.discard(camera.id)

    def _next(self) -> CameraWatch | None:
        free = (camera for camera in self.cameras if camera.id not in self._taken)
        waiting = [(since, c.id, c) for c in free if (since := c.waiting_since) is not None]
        if waiting:
            return min(waiting)[2]
        # While others are being looked at, the thread that is free waits for a look that is due.
        if self._taken or not self._is_idle():
            return None
        return next((camera for camera in self.cameras if camera.would_use_a_look), None)
