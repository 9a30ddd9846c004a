"""Waiting for what happens beside a test: on another thread, in another process, on disk."""

import time
from collections.abc import Callable


def until(happened: Callable[[], bool], within_s: float = 20.0) -> None:
    """Return as soon as it has. Raises AssertionError if it has not by then."""
    deadline = time.monotonic() + within_s
    while not happened():
        assert time.monotonic() < deadline, f"it has not happened within {within_s} s"
        time.sleep(0.02)  # nothing tells of it
