"""Over RTSP, from the samples' own camera server: what cameras do on good and on bad days."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.detector.footage import Footage, Received, coded
from tests.waiting import until
from viahe_detector.capture import Capture, Source
from viahe_detector.errors import CannotOpen, Ended, SourceError, Stalled
from viahe_detector.media import Timeouts, decode_span, write_clip
from viahe_samples.rtsp import CameraServer, Faults

SOON = Timeouts(open_s=5.0, packet_s=0.6)


@pytest.fixture(scope="module")
def server() -> Iterator[CameraServer]:
    with CameraServer() as running:
        yield running


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Footage(seconds=2, fps=25, group=25).write(tmp_path_factory.mktemp("street") / "s.mp4")


def watched(address: str) -> tuple[Received, Capture, SourceError]:
    sink = Received()
    capture = Capture(Source("cam-1", address, timeouts=SOON), sink)
    with pytest.raises(SourceError) as ended:
        capture.run_once()
    return sink, capture, ended.value


def test_every_picture_of_a_camera_comes_once_and_makes_a_clip(
    server: CameraServer, street: Path, tmp_path: Path
) -> None:
    sink, _, ended = watched(server.serve("whole", street))
    assert isinstance(ended, Ended)
    assert [round(p.t, 3) for p in sink.packets] == [round(n / 25, 3) for n in range(50)]
    assert len(list(decode_span(sink.facts, sink.packets))) == 50
    write_clip(tmp_path / "clip.mp4", sink.facts, [sink.packets])
    assert len(coded(tmp_path / "clip.mp4")) == 50


def test_wall_times_are_those_of_this_machine_and_the_cameras_own_clock_is_measured(
    server: CameraServer, street: Path
) -> None:
    began = time.time()
    sink, capture, _ = watched(server.serve("ahead", street, clock_offset_s=7.5))
    assert began < sink.packets[0].at < sink.packets[-1].at < time.time()
    assert all(packet.at <= packet.arrived_at + 1e-3 for packet in sink.packets)
    assert capture.clock_offset_s == pytest.approx(-7.5, abs=0.5)


def test_a_file_tells_no_cameras_clock(street: Path) -> None:
    capture = Capture(Source("cam-1", str(street)), Received())
    with pytest.raises(Ended):
        capture.run_once()
    assert capture.clock_offset_s is None


def test_a_camera_that_falls_silent_has_stalled(server: CameraServer, street: Path) -> None:
    address = server.serve("silent", street, faults=Faults(stall_after_s=1.5))
    sink, _, ended = watched(address)
    assert isinstance(ended, Stalled)
    assert 20 < len(sink.packets) < 50


def test_a_camera_that_hangs_up_is_opened_again_as_another_run(
    server: CameraServer, street: Path
) -> None:
    address = server.serve("dropping", street, faults=Faults(drop_after_s=0.8))
    sink, failed, stop = Received(), list[SourceError](), threading.Event()
    capture = Capture(Source("cam-1", address, timeouts=SOON), sink)
    thread = threading.Thread(target=capture.run, args=(stop, failed.append))
    thread.start()
    try:
        until(lambda: len(sink.runs) > 1 and sink.packets[-1].run == sink.runs[1][0])
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    assert len({run for run, _ in sink.runs}) == len(sink.runs)
    again = [packet for packet in sink.packets if packet.run == sink.runs[1][0]]
    assert (again[0].index, again[0].t, again[0].keyframe) == (0, 0.0, True)


def test_a_wrong_password_is_said_and_not_shown(server: CameraServer, street: Path) -> None:
    address = server.serve("closed", street, credentials=("admin", "right"))
    assert isinstance(watched(address.replace("//", "//admin:right@"))[2], Ended)
    _, _, refused = watched(address.replace("//", "//admin:wr0ng@"))
    assert isinstance(refused, CannotOpen)
    assert "user name or password" in str(refused)
    assert "wr0ng" not in str(refused)
