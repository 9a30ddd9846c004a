"""The detector's threads: each goes on after a fault that nobody foresaw."""

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

PAUSE_S = 2.0
"""Seconds before a thread that failed goes on, so that a lasting fault does not fill the log."""


class Threads:
    """Threads that work until their work returns, or until `stop` is set after a fault."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._threads: list[threading.Thread] = []

    def start(self, name: str, work: Callable[[], None]) -> None:
        """Do `work` on a thread of its own; it is called again when it raises."""

        def go_on() -> None:
            while True:
                try:
                    return work()
                except Exception:  # the outermost loop of every thread
                    log.exception("%s failed and starts again", name)
                if self._stop.wait(PAUSE_S):
                    return None

        thread = threading.Thread(target=go_on, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def any_alive(self, prefix: str) -> bool:
        """Whether a thread whose name begins so is still at work."""
        return any(t.is_alive() for t in self._threads if t.name.startswith(prefix))

    def join(self, seconds: float) -> None:
        """Wait for all of them to end, together at most so many seconds."""
        latest = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, latest - time.monotonic()))
        self._threads.clear()
