"""A camera's two streams on one clock: a small one to look at, and the large one that is kept.

What is seen in the small stream has to be placed in the large one, whose media time rules and
evidence use. Both are first placed by when their packets arrive. Since both show the same street,
what moves makes both streams' packets larger at the same moment; where that is plain, it tells
how much later than the other one stream is coded and sent, which arrival alone cannot. Where
sizes do not tell, pictures may (see `twin_pictures`).
"""

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viahe_detector.media import Packet

COMPARED_S = 60.0
"""Seconds of both streams that are compared."""
STEP_S = 0.1
MOST_APART_S = 1.5
"""Streams of one camera are apart by their coders' and senders' queues: a second at the most."""
EVERY_S, SETTLED_EVERY_S = 10.0, 60.0
"""Seconds between comparisons, until as many have told something as are remembered; and then."""
LEAST_LIKENESS = 0.6
"""Correlation from which two streams are taken to tell of the same movement."""
PLAINER, PLAINLY_APART_S = 0.15, 0.5
"""By how much the best shift has to be likelier than any so many seconds from it."""
LEAST_KNOWN = 0.3
"""The share of the steps in which a packet must have come: cameras send five pictures a second."""
LOST_S = 5.0
"""Seconds without a packet after which nothing can be placed in the kept stream."""
REMEMBERED = 9
"""Comparisons whose median is believed."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """By how much the watched stream is later than the kept one, in seconds of wall time.

    `residual_s` is how far the last comparisons lie apart, at least half a step; None where
    neither packets nor pictures have told anything yet of the runs that go on, and both are
    placed by arrival, or as they lay in the runs before.
    """

    late_s: float = 0.0
    residual_s: float | None = None

    @property
    def source(self) -> str:
        """What it rests on: `arrival`, or `content` too."""
        return "arrival" if self.residual_s is None else "content"


class Twins:
    """Places the watched stream's packets in the kept stream. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: Packet | None = None
        self._watched_run: str | None = None
        self._sizes: tuple[deque[tuple[float, int]], deque[tuple[float, int]]] = (deque(), deque())
        self._found: deque[float] = deque(maxlen=REMEMBERED)
        self._compared_at = 0.0
        self._alignment = Alignment()

    @property
    def alignment(self) -> Alignment:
        """How the streams lie to each other, as far as is known."""
        return self._alignment

    def kept(self, packet: Packet) -> None:
        """Take the next packet of the stream that is kept."""
        with self._lock:
            if self._kept is not None and self._kept.run != packet.run:
                self._doubt()
            self._kept = packet
            self._note(self._sizes[0], packet)

    def watched(self, packet: Packet) -> None:
        """Take the next packet of the stream that is looked at, and compare when it is time."""
        with self._lock:
            if self._watched_run not in {None, packet.run}:
                self._doubt()
            self._watched_run = packet.run
            self._note(self._sizes[1], packet)
            settled = len(self._found) == REMEMBERED
            if packet.at - self._compared_at < (SETTLED_EVERY_S if settled else EVERY_S):
                return
            self._compared_at = packet.at
            kept, watched = deque(self._sizes[0]), deque(self._sizes[1])
        late_s = lateness(kept, watched, packet.at)
        if late_s is not None:
            self.take(late_s)

    def take(self, late_s: float) -> None:
        """One more comparison found the watched stream later by so many seconds."""
        with self._lock:
            self._found.append(late_s)
            found = np.array(self._found)
            spread = float(np.median(np.abs(found - np.median(found))))
            self._alignment = Alignment(float(np.median(found)), max(spread, STEP_S / 2))

    def placed(self, at: float) -> tuple[str, float] | None:
        """Run and media second of the kept stream for a picture of the watched one, taken `at`.

        None where the kept stream does not come: before its first packet, and after a while
        without any.
        """
        kept, taken_at = self._kept, at - self._alignment.late_s
        if kept is None or taken_at - kept.at > LOST_S:
            return None
        return kept.run, taken_at - (kept.at - kept.t)

    def _note(self, sizes: deque[tuple[float, int]], packet: Packet) -> None:
        if not packet.keyframe:
            sizes.append((packet.at, len(packet.data)))
        while sizes and sizes[0][0] < packet.at - COMPARED_S - MOST_APART_S:
            sizes.popleft()

    def _doubt(self) -> None:
        """A stream began anew, perhaps with another delay: what was found has to be found again."""
        self._found.clear()
        self._alignment = Alignment(self._alignment.late_s)


def lateness(
    kept: deque[tuple[float, int]], watched: deque[tuple[float, int]], now: float
) -> float | None:
    """By how many seconds `watched` moves later than `kept`; None where they do not tell.

    Both are (UTC seconds, bytes) in order. Told only by movement: where the street is quiet, or
    moves evenly, no shift is likelier than another.
    """
    steps = round(COMPARED_S / STEP_S)
    reach = round(MOST_APART_S / STEP_S)
    one = _movement(kept, now - COMPARED_S, steps)
    other = _movement(watched, now - COMPARED_S, steps)
    if one is None or other is None:
        return None
    shifts = np.arange(-reach, reach + 1)
    inner = slice(reach, steps - reach)
    likely = np.array([likeness(one[inner], np.roll(other, -n)[inner]) for n in shifts])
    return plainest(likely, STEP_S)


def plainest(likely: NDArray[np.float64], step_s: float) -> float | None:
    """The likeliest shift in seconds; None where it is not likely, or others are as likely.

    `likely` has the correlation for each shift, `step_s` apart and as many to both sides of none.
    """
    shifts = np.arange(len(likely)) - len(likely) // 2
    best = int(likely.argmax())
    far = np.abs(shifts - shifts[best]) * step_s >= PLAINLY_APART_S
    if likely[best] < LEAST_LIKENESS or likely[best] - likely[far].max() < PLAINER:
        return None
    return float((shifts[best] + _between(likely, best)) * step_s)


def likeness(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """The correlation of two movements, -1..1; 0 where one is none."""
    together = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / together if together > 0 else 0.0


def _movement(
    sizes: deque[tuple[float, int]], start: float, steps: int
) -> NDArray[np.float64] | None:
    """Bytes in each step, less what is usual around it; None where much of the time is missing."""
    at = np.array([moment for moment, _ in sizes])
    bytes_ = np.array([size for _, size in sizes], np.float64)
    place = np.floor((at - start) / STEP_S).astype(np.int64)
    inside = (place >= 0) & (place < steps)
    counted = np.bincount(place[inside], minlength=steps)
    known = counted > 0
    if np.count_nonzero(known) < LEAST_KNOWN * steps:
        return None
    total = np.bincount(place[inside], bytes_[inside], minlength=steps)
    every = np.arange(steps)
    mean = np.interp(every, every[known], np.log1p(total[known] / counted[known]))
    usual = np.convolve(np.pad(mean, 25, mode="edge"), np.ones(51) / 51, mode="valid")
    return np.asarray(mean - usual, np.float64)


def _between(likely: NDArray[np.float64], best: int) -> float:
    """Where between three steps the peak lies, by the parabola through them."""
    if not 0 < best < len(likely) - 1:
        return 0.0
    left, middle, right = likely[best - 1 : best + 2]
    bend = left - 2 * middle + right
    return float((left - right) / (2 * bend)) if bend < 0 else 0.0
