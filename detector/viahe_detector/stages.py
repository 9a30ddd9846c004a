"""What the stages of watching cost: CPU seconds, over all cameras and threads."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class Stages:
    """Adds up the CPU time of the calling threads, by the name of the stage they are in.

    Safe for several threads. A stage must not be entered inside another: its time would count
    in both.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        """Count what the calling thread uses inside as `stage`."""
        began = time.thread_time()
        try:
            yield
        finally:
            used = time.thread_time() - began
            with self._lock:
                self._seconds[stage] += used

    def seconds(self) -> Mapping[str, float]:
        """CPU seconds by stage since the detector started."""
        with self._lock:
            return dict(self._seconds)
