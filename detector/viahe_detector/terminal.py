"""A person's terminal while the detector runs: the live table, and the last lines of the log.

Plain ANSI, no more than any terminal understands. It is drawn on the terminal's other screen, so
that what was there is there again afterwards; the log's last lines are then written below it.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from viahe_detector import logs
from viahe_detector.app import Detector, Watched
from viahe_detector.live_table import Row, Totals, drawn

EVERY_S = 1.0
LINES_KEPT = 200
OTHER_SCREEN, FIRST_SCREEN = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
HOME, TO_LINE_END, TO_SCREEN_END = "\x1b[H", "\x1b[K", "\x1b[J"


def is_possible(stream: TextIO) -> bool:
    """Whether somebody sits at a terminal there that can be drawn on."""
    return stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


@contextmanager
def watching(detector: Detector, stream: TextIO) -> Iterator[None]:
    """Show on a terminal how the detector is, every second, for as long as this lasts.

    The log goes on being written to a standard error that is no terminal; otherwise its last
    lines are shown below the table.
    """
    lines = logs.LastLines(LINES_KEPT)
    over = threading.Event()
    screen = Screen(detector, stream, lines)
    drawing = threading.Thread(target=screen.draw_until, args=(over,), name="table", daemon=True)
    with logs.kept(lines, instead_of_writing=sys.stderr.isatty()):
        stream.write(OTHER_SCREEN)
        drawing.start()
        try:
            yield
        finally:
            over.set()
            drawing.join(2 * EVERY_S)
            stream.write(FIRST_SCREEN)
            stream.flush()


class Screen:
    """Draws what is to be seen of one detector; from one thread."""

    def __init__(self, detector: Detector, stream: TextIO, lines: logs.LastLines) -> None:
        self._detector = detector
        self._stream = stream
        self._lines = lines
        self._began = self._before = time.monotonic()
        self._cpu_s = self._used_s()
        self._looks = 0

    def draw_until(self, over: threading.Event) -> None:
        """Draw at once, and every second until it is over."""
        while True:
            self.draw()
            if over.wait(EVERY_S):
                return

    def draw(self) -> None:
        """Show how things are now in the place of what was shown before."""
        rows = [self._row(watched) for watched in self._detector.watched]
        lines = drawn(rows, self._totals(rows), self._lines.lines(), _size(self._stream))
        # All in one write, and no line end after the last: a terminal would scroll.
        text = "\n".join(line + TO_LINE_END for line in lines)
        self._stream.write(HOME + text + TO_SCREEN_END)
        self._stream.flush()

    def _row(self, watched: Watched) -> Row:
        camera = watched.camera
        state, counts = self._detector.condition.state_of(camera), camera.counts
        since, delays = camera.waiting_since, camera.look_delays_s
        return Row(
            camera=camera.id,
            state=state.word,
            condition=state.condition,
            detail=state.detail.removeprefix(f"{state.condition}: "),
            looks=counts.looks,
            gap_s=camera.look_gap_s,
            waiting_s=None if since is None else time.monotonic() - since,
            lag_s=delays[-1] if delays else None,
            suspicions=self._detector.casework.tally.of(camera.id),
            ring_s=camera.ring.seconds_held,
            dropped=counts.looks_dropped,
        )

    def _totals(self, rows: list[Row]) -> Totals:
        now, cpu_s, looks = time.monotonic(), self._used_s(), sum(row.looks for row in rows)
        passed = max(now - self._before, 1e-3)
        totals = Totals(
            running_s=now - self._began,
            cores=(cpu_s - self._cpu_s) / passed,
            looks_per_s=(looks - self._looks) / passed,
            outbox=self._detector.outbox.count(),
        )
        self._before, self._cpu_s, self._looks = now, cpu_s, looks
        return totals

    def _used_s(self) -> float:
        feeding = sum(feeding.cpu_s for feeding in self._detector.feeding)
        return time.process_time() + feeding


def _size(stream: TextIO) -> tuple[int, int]:
    """Columns and lines; what every terminal has, where it does not say."""
    try:
        size = os.get_terminal_size(stream.fileno())
    except OSError:
        return 80, 24
    return (size.columns or 80, size.lines or 24)
