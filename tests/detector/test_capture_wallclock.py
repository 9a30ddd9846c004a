"""When a picture was taken, told from when its packet came."""

import logging
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_detector.wallclock import ArrivalTime, FileTime


class HandClock:
    """A clock that is set by hand; waiting moves it on."""

    def __init__(self, now: float = 1_795_000_000.0) -> None:
        self.utc = now
        self.running = 500.0

    def now(self) -> float:
        return self.utc

    def monotonic(self) -> float:
        return self.running

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        self.go(seconds)
        return stop.is_set()

    def go(self, seconds: float) -> None:
        self.utc += seconds
        self.running += seconds


def test_the_packet_that_came_soonest_places_all_the_others() -> None:
    clock = HandClock()
    wall = ArrivalTime(clock, "cam-1")
    wall.begin()
    clock.go(0.3)
    assert wall.stamp(0.0) == (clock.utc, pytest.approx(1_795_000_000.3))
    clock.go(0.8)  # 1.1 s after the start: picture 1.0 was under way for 0.1 s only
    assert wall.stamp(1.0)[1] == pytest.approx(1_795_000_001.1)
    clock.go(1.9)  # late: 3.0 for picture 2.0
    arrived, at = wall.stamp(2.0)
    assert arrived == pytest.approx(1_795_000_003.0)
    assert at == pytest.approx(1_795_000_002.1)


@given(delays=st.lists(st.floats(0.0, 1.5), min_size=2, max_size=200))
def test_no_picture_was_taken_after_it_arrived_and_all_keep_their_distance(
    delays: list[float],
) -> None:
    clock = HandClock()
    wall = ArrivalTime(clock, "cam-1")
    wall.begin()
    began = clock.running
    stamped = []
    for number, delay in enumerate(delays):
        t = number * 2.0
        clock.go(began + t + delay - clock.running)
        arrived, at = wall.stamp(t)
        assert at <= arrived + 1e-5
        stamped.append((t, at))
    error = stamped[-1][1] - (1_795_000_000.0 + stamped[-1][0])
    assert error == pytest.approx(min(delays), abs=1e-4)


def test_a_camera_whose_clock_drifts_is_followed() -> None:
    clock = HandClock()
    wall = ArrivalTime(clock, "cam-1")
    wall.begin()
    at = 0.0
    for second in range(7200):
        clock.go(1.0)
        _, at = wall.stamp(second * 0.999)  # loses 3.6 s an hour
    assert abs(at - clock.utc) < 1.0


def test_a_clock_that_is_set_moves_wall_times_at_once_and_is_told_in_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = HandClock()
    wall = ArrivalTime(clock, "cam-1")
    wall.begin()
    wall.stamp(0.0)
    clock.go(1.0)
    clock.utc -= 3600.0
    with caplog.at_level(logging.WARNING):
        _, at = wall.stamp(1.0)
        clock.go(1.0)
        wall.stamp(2.0)
    assert at == pytest.approx(1_795_000_001.0 - 3600.0)
    assert [record.getMessage() for record in caplog.records] == [
        "camera cam-1: this machine's clock was set by -3600.0 s; wall times follow it, "
        "media times do not"
    ]


def test_a_recording_was_taken_from_the_instant_given(tmp_path: Path) -> None:
    path = tmp_path / "street.mp4"
    path.write_bytes(b"")
    wall = FileTime(HandClock(), str(path), 1_700_000_000.0)
    wall.begin()
    assert wall.stamp(2.5)[1] == 1_700_000_002.5
    wall.begin()  # a second run follows the first
    assert wall.stamp(0.5)[1] == 1_700_000_003.0


def test_without_an_instant_it_was_taken_when_the_file_was_written(tmp_path: Path) -> None:
    path = tmp_path / "street.mp4"
    path.write_bytes(b"")
    wall = FileTime(HandClock(), str(path), None)
    wall.begin()
    assert wall.stamp(0.0)[1] == path.stat().st_mtime
