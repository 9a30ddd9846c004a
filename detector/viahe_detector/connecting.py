"""Cameras opened a few at a time: a switch that comes back brings all of them at once."""

import threading

from viahe_detector.capture import StreamOpener
from viahe_detector.media import OpenedStream, Timeouts, is_live

AT_ONCE = 16
"""Opening takes some 70 ms of CPU; dead addresses may hold as many places for `open_s` each."""


def few_at_a_time(opener: StreamOpener, at_once: int = AT_ONCE) -> StreamOpener:
    """`opener`, that has cameras wait for their turn while `at_once` others are being opened.

    Files are opened at once. What is waited is not counted against a camera's own time.
    """
    places = threading.BoundedSemaphore(at_once)

    def opened(source: str, timeouts: Timeouts) -> OpenedStream:
        if not is_live(source):
            return opener(source, timeouts)
        with places:
            return opener(source, timeouts)

    return opened
