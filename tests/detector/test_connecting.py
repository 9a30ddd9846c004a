"""Many cameras that come back at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from viahe_detector.connecting import few_at_a_time
from viahe_detector.errors import CannotOpen
from viahe_detector.media import OpenedStream, Timeouts


class Refusing:
    """An opener that counts how many wait at its door, and lets nobody in."""

    def __init__(self) -> None:
        self.waiting = self.most = self.calls = 0
        self._lock = threading.Lock()

    def __call__(self, source: str, timeouts: Timeouts) -> OpenedStream:
        with self._lock:
            self.calls += 1
            self.waiting += 1
            self.most = max(self.most, self.waiting)
        threading.Event().wait(0.01)
        with self._lock:
            self.waiting -= 1
        raise CannotOpen(f"{source} cannot be opened: a test")


def refused(opener: Refusing, addresses: list[str], at_once: int) -> None:
    door = few_at_a_time(opener, at_once)

    def knock(address: str) -> None:
        with pytest.raises(CannotOpen):
            door(address, Timeouts())

    with ThreadPoolExecutor(len(addresses)) as threads:
        list(threads.map(knock, addresses))


def test_two_hundred_cameras_are_opened_a_few_at_a_time_and_none_is_forgotten() -> None:
    opener = Refusing()
    refused(opener, [f"rtsp://192.0.2.1/{n}" for n in range(200)], at_once=8)
    assert opener.calls == 200
    assert 1 < opener.most <= 8


def test_a_file_waits_for_no_camera() -> None:
    opener = Refusing()
    refused(opener, [f"{n}.mp4" for n in range(20)], at_once=1)
    assert opener.most > 1
