"""Cameras captured in processes of their own: real processes, real RTSP."""

import logging
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.detector.footage import Footage, Received, coded
from tests.waiting import until
from viahe_detector.capture import Source
from viahe_detector.captured import fields
from viahe_detector.errors import CannotOpen, SourceError
from viahe_detector.feeding import CAMERAS_A_PROCESS, FEW_CAMERAS, Apart, Feed, processes_for
from viahe_detector.media import Packet
from viahe_detector.threads import Threads
from viahe_samples.rtsp import CameraServer


@dataclass
class Told(Received):
    """What came of one camera."""

    failures: list[SourceError] = field(default_factory=list)


def fed(camera: str, address: str) -> tuple[Feed, Told]:
    told = Told()
    return Feed(Source(camera, address), told, told.failures.append), told


@contextmanager
def running(feeds: Sequence[Feed], processes: int = 1) -> Iterator[Apart]:
    stop = threading.Event()
    threads = Threads(stop)
    apart = Apart(feeds, processes)
    apart.start(threads, stop)
    try:
        yield apart
    finally:
        stop.set()
        apart.close()
        threads.join(10.0)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Footage(seconds=4, group=10).write(tmp_path_factory.mktemp("street") / "street.mp4")


@pytest.fixture(scope="module")
def cameras(street: Path) -> Iterator[tuple[str, ...]]:
    """Four cameras that show the street over and over."""
    with CameraServer() as server:
        yield tuple(server.serve(f"cam-{n}", street, loop=True) for n in range(4))


def test_every_packet_of_every_camera_arrives_in_order(
    cameras: tuple[str, ...], street: Path
) -> None:
    sent = len(coded(street))
    pairs = [fed(f"cam-{n}", url) for n, url in enumerate(cameras)]
    with running([feed for feed, _ in pairs], processes=2) as apart:
        until(lambda: all(len(told.packets) >= sent for _, told in pairs))
        assert len(set(apart.processes)) == 2
    for _, told in pairs:
        assert len(told.runs) == 1
        assert [packet.index for packet in told.packets] == list(range(len(told.packets)))
        assert {packet.run for packet in told.packets} == {told.run}
        assert told.packets[0].keyframe


def test_a_process_that_is_killed_is_started_again_and_its_cameras_are_named(
    cameras: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    feed, told = fed("cam-0", cameras[0])
    with running([feed]) as apart:
        until(lambda: len(told.packets) > 5)
        (killed,) = apart.processes
        os.kill(killed, signal.SIGKILL)
        until(lambda: len(told.runs) == 2 and told.packets[-1].run == told.run)
        assert set(apart.processes).isdisjoint({killed})
    assert "the process that captured cam-0 has ended" in caplog.text


def test_no_process_is_left_behind(cameras: tuple[str, ...]) -> None:
    feed, told = fed("cam-0", cameras[0])
    with running([feed]) as apart:
        until(lambda: len(told.packets) > 0)
        (process,) = apart.processes
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert apart.processes == ()


def test_a_camera_that_cannot_be_opened_is_told_without_its_password(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    feed, told = fed("gate", "rtsp://ward:s3cret@127.0.0.1:9/main")
    with running([feed]):
        until(lambda: len(told.failures) > 0)
    assert isinstance(told.failures[0], CannotOpen)
    until(lambda: "camera gate: rtsp://127.0.0.1:9/main cannot be opened" in caplog.text)
    assert "s3cret" not in caplog.text + str(told.failures[0])


def test_a_source_that_ends_is_over(street: Path) -> None:
    over = threading.Event()
    told = Told()
    source = Source("file", str(street), realtime=True, starts_at=1_795_000_000.0)
    stop = threading.Event()
    threads = Threads(stop)
    apart = Apart([Feed(source, told, told.failures.append, over.set)], 1)
    apart.start(threads, stop)
    assert over.wait(20.0)
    assert [packet.data for packet in told.packets] == coded(street)
    until(lambda: not threads.any_alive("capture"))


def test_how_far_a_camera_s_clock_is_off_is_told(street: Path) -> None:
    with CameraServer() as server:
        url = server.serve("late", street, loop=True, clock_offset_s=-30.0)
        feed, _ = fed("late", url)
        with running([feed]):
            until(lambda: feed.clock_offset_s is not None)
            assert feed.clock_offset_s == pytest.approx(30.0, abs=2.0)


def test_a_packet_is_the_same_after_it_was_handed_over() -> None:
    packet = Packet("r-1", 7, 0.28, 0.24, 0.04, True, b"coded", 25200, 21600, 5.5, 5.25)
    assert Packet(*fields(packet)) == packet


def test_few_cameras_need_no_process_and_many_share_a_few() -> None:
    assert processes_for(FEW_CAMERAS) == 0
    assert processes_for(FEW_CAMERAS + 1) == 1
    assert processes_for(CAMERAS_A_PROCESS * 3 + 1) == 4
