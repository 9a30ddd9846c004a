"""How late looks are: from a picture's arrival until it was judged, counted by length."""

import threading
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

BOUNDS_S = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True)
class Counted:
    """`within` is how many lags were no longer than each of `BOUNDS_S`; `seconds` their sum."""

    within: tuple[int, ...]
    count: int
    seconds: float


class Lags:
    """Of one camera, since the detector started. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = [0] * (len(BOUNDS_S) + 1)
        self._seconds = 0.0

    def add(self, seconds: float) -> None:
        """Count one lag."""
        with self._lock:
            self._counts[bisect_left(BOUNDS_S, seconds)] += 1
            self._seconds += seconds

    def counted(self) -> Counted:
        """All lags so far."""
        with self._lock:
            up_to = tuple(accumulate(self._counts))
            return Counted(up_to[:-1], up_to[-1], self._seconds)
