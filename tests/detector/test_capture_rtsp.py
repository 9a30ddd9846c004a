"""Over a real RTSP server: GStreamer's, run by the operating system's own Python."""

import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.detector.footage import Footage, Received, coded, has_b_frames
from tests.waiting import until
from viahe_detector.capture import Capture, Source
from viahe_detector.errors import CannotOpen, Ended, SourceError, Stalled
from viahe_detector.media import Timeouts, write_clip
from viahe_detector.media.nal import units
from viahe_detector.ring import Ring

SYSTEM_PYTHON = "/usr/bin/python3"

SERVER = """
import sys
import gi
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
path, codec, port = sys.argv[1:]
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(port)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    f"( filesrc location={path} ! qtdemux ! {codec}parse ! video/x-{codec},alignment=au"
    f" ! rtp{codec}pay name=pay0 pt=96 config-interval=-1 )"
)
server.get_mount_points().add_factory("/cam", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
"""


def gstreamer_is_here() -> bool:
    check = (
        "import gi; gi.require_version('GstRtspServer', '1.0'); import gi.repository.GstRtspServer"
    )
    if shutil.which(SYSTEM_PYTHON) is None:
        return False
    tried = subprocess.run([SYSTEM_PYTHON, "-c", check], check=False, capture_output=True)
    return tried.returncode == 0


pytestmark = [
    pytest.mark.rtsp,
    pytest.mark.skipif(
        not gstreamer_is_here(), reason="GStreamer's RTSP server (gir1.2-gst-rtsp-server-1.0)"
    ),
]


@contextmanager
def serving(path: Path, codec: str, port: int = 0) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A server of one file as a live camera; the process and its port."""
    command = [SYSTEM_PYTHON, "-c", SERVER, str(path), codec, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def pictures_of(data: bytes, codec: str) -> list[bytes]:
    """The units that code pictures: servers add and repeat parameter sets as they like."""
    number = (lambda u: u[0] & 0x1F) if codec == "h264" else (lambda u: u[0] >> 1 & 0x3F)
    last = 5 if codec == "h264" else 31
    return [unit for unit in units(data) if number(unit) <= last]


def lengths_off(data: bytes) -> bytes:
    framed = b""
    while data:
        size = int.from_bytes(data[:4], "big")
        framed += b"\x00\x00\x01" + data[4 : 4 + size]
        data = data[4 + size :]
    return framed


@pytest.mark.parametrize(
    ("codec", "footage"),
    [
        ("h264", Footage(seconds=2, fps=25, b_frames=3, group=25)),
        ("h265", Footage(seconds=2, fps=25, b_frames=3, group=25, encoder="libx265")),
    ],
)
def test_a_clip_cut_from_a_camera_holds_the_pictures_it_sent(
    tmp_path: Path, codec: str, footage: Footage
) -> None:
    path = footage.write(tmp_path / "street.mp4")
    assert has_b_frames(path)
    sink = Received()
    with serving(path, codec) as (_, port):
        source = Source("cam-1", f"rtsp://127.0.0.1:{port}/cam")
        with pytest.raises(Ended):
            Capture(source, sink).run_once()
    assert len(sink.runs) == 1
    assert sink.run.startswith("r-")
    sent = [pictures_of(lengths_off(data), codec) for data in coded(path)]
    assert [pictures_of(packet.data, codec) for packet in sink.packets] == sent
    assert sorted(p.t for p in sink.packets) == pytest.approx([n / 25 for n in range(50)], abs=1e-3)

    ring = Ring(60, 10**8)
    ring.on_run(sink.run, sink.facts)
    for packet in sink.packets:
        ring.on_packet(packet)
    cut = ring.cut(sink.run, 1.1, 1.9)
    clip = tmp_path / "clip.mp4"
    write_clip(clip, sink.facts, [segment.packets for segment in cut.segments])
    kept = [packet.index for segment in cut.segments for packet in segment.packets]
    assert [pictures_of(lengths_off(data), codec) for data in coded(clip)] == [
        sent[index] for index in kept
    ]
    if shutil.which("ffprobe") is not None:
        command = ["ffprobe", "-v", "warning", str(clip)]
        judged = subprocess.run(command, check=True, capture_output=True, text=True)
        assert judged.stderr == ""


def test_a_camera_whose_server_dies_comes_back_as_a_new_run(tmp_path: Path) -> None:
    path = Footage(seconds=60, group=10).write(tmp_path / "street.mp4")
    sink, failed, stop = Received(), list[SourceError](), threading.Event()
    with serving(path, "h264") as (process, port):
        source = Source("cam-1", f"rtsp://127.0.0.1:{port}/cam", timeouts=Timeouts(5, 3))
        capture = Capture(source, sink)
        thread = threading.Thread(target=capture.run, args=(stop, failed.append))
        thread.start()
        try:
            until(lambda: len(sink.packets) > 5)
            process.kill()
            process.wait()
            until(lambda: bool(failed))
            with serving(path, "h264", port):
                until(lambda: len(sink.runs) == 2)
        finally:
            stop.set()
            thread.join(20)
    assert not thread.is_alive()
    assert len({run for run, _ in sink.runs}) == 2
    assert isinstance(failed[0], (Ended, Stalled))
    assert sink.packets[-1].run == sink.runs[1][0]


def test_a_camera_that_falls_silent_has_stalled(tmp_path: Path) -> None:
    path = Footage(seconds=60, group=10).write(tmp_path / "street.mp4")
    with serving(path, "h264") as (process, port):

        class Silencing(Received):
            def on_packet(self, packet: object) -> None:
                process.send_signal(signal.SIGSTOP)

        source = Source("cam-1", f"rtsp://127.0.0.1:{port}/cam", timeouts=Timeouts(5, 0.5))
        began = time.monotonic()
        with pytest.raises(Stalled, match=r"no packet for 0\.5 s"):
            Capture(source, Silencing()).run_once()
        assert time.monotonic() - began < 10


def test_a_path_the_camera_does_not_have_is_said_so(tmp_path: Path) -> None:
    path = Footage(seconds=1).write(tmp_path / "street.mp4")
    with serving(path, "h264") as (_, port):
        source = Source("cam-1", f"rtsp://admin:s3cret@127.0.0.1:{port}/none")
        with pytest.raises(CannotOpen, match="404") as refused:
            Capture(source, Received()).run_once()
    assert "s3cret" not in str(refused.value)
