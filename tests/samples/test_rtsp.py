"""Files served as cameras, read over a real socket by the client the detector uses."""

import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import pytest

from viahe_samples.coded_video import CodedVideo, nal_type, read_video, split_nal_units
from viahe_samples.rtsp import CameraServer, Faults
from viahe_samples.timeline import Timeline, last_seconds

Clips = dict[str, Path]


@pytest.fixture
def server() -> Iterator[CameraServer]:
    with CameraServer() as cameras:
        yield cameras


def opened(url: str, timeout_s: float = 5.0) -> Any:
    return av.open(url, options={"rtsp_transport": "tcp"}, timeout=(timeout_s, timeout_s))


def received(url: str, count: int | None = None) -> list[Any]:
    """The camera's packets, all until it ends or the first `count`, and when each came."""
    packets = []
    with opened(url) as container:
        for packet in container.demux(video=0):
            if packet.size:
                packets.append((time.monotonic(), packet))
            if len(packets) == count:
                break
    return packets


def units_of(packets: list[Any]) -> list[bytes]:
    return [unit for _, packet in packets for unit in split_nal_units(bytes(packet))]


def units_in(video: CodedVideo) -> list[bytes]:
    return [unit for picture in video.pictures for unit in picture.nal_units]


@pytest.mark.parametrize("kind", ["h264", "h264 with B-frames", "hevc"])
def test_every_coded_byte_of_the_file_arrives(
    kind: str, server: CameraServer, clips: Clips
) -> None:
    video = read_video(clips[kind])
    units = units_in(video)
    assert max(map(len, units)) > 1400  # some are sent in fragments
    assert units_of(received(server.serve("cam", clips[kind]))) == units


def test_the_bframes_clip_really_has_pictures_out_of_order(clips: Clips) -> None:
    ticks = [picture.ticks for picture in read_video(clips["h264 with B-frames"]).pictures]
    assert ticks != sorted(ticks)


def test_pictures_arrive_at_the_pace_they_were_taken(server: CameraServer, clips: Clips) -> None:
    began = time.monotonic()
    came = [t for t, _ in received(server.serve("cam", clips["h264"]))]
    assert 1.7 < came[-1] - began < 3.5  # two seconds of pictures, and the opening
    assert came[-1] - came[len(came) // 2] > 0.5


def test_two_clients_each_see_the_file_from_its_beginning(
    server: CameraServer, clips: Clips
) -> None:
    url = server.serve("cam", clips["h264"])
    first = units_in(read_video(clips["h264"]))[:10]
    with opened(url) as one, opened(url) as two:
        packets = [(0.0, next(camera.demux(video=0))) for camera in (one, two)]
    for packet in packets:
        got = units_of([packet])
        assert got == first[: len(got)]


def test_cameras_are_told_apart_by_their_paths(server: CameraServer, clips: Clips) -> None:
    one = server.serve("ward-1/cam-1", clips["h264"])
    two = server.serve("ward-1/cam-2", clips["hevc"])
    for url, codec in ((one, "h264"), (two, "hevc")):
        with opened(url) as container:
            assert container.streams.video[0].codec_context.name == codec


def test_an_unknown_path_is_not_found(server: CameraServer, clips: Clips) -> None:
    url = server.serve("cam", clips["h264"])
    with pytest.raises(av.error.HTTPNotFoundError):
        opened(url + "-2")


def test_a_camera_with_credentials_admits_who_has_them(server: CameraServer, clips: Clips) -> None:
    url = server.serve("cam", clips["h264"], credentials=("camera", "pa:ss word"))
    assert "pa" not in url
    with pytest.raises(av.error.HTTPUnauthorizedError):
        opened(url)
    with pytest.raises(av.error.HTTPUnauthorizedError):
        opened(url.replace("rtsp://", "rtsp://camera:wrong@"))
    assert received(url.replace("rtsp://", "rtsp://camera:pa%3Ass%20word@"), 3)


def test_a_stalled_camera_sends_nothing_and_keeps_the_line(
    server: CameraServer, clips: Clips
) -> None:
    url = server.serve("cam", clips["h264"], faults=Faults(stall_after_s=0.0))
    with Client(url) as client:
        client.play()
        client.socket.settimeout(0.5)
        with pytest.raises(TimeoutError):
            client.socket.recv(1)


def test_a_dropped_connection_ends_the_stream_early(server: CameraServer, clips: Clips) -> None:
    url = server.serve("cam", clips["h264"], loop=True, faults=Faults(drop_after_s=0.6))
    with Client(url) as client:
        began = time.monotonic()
        client.play()
        with pytest.raises(ConnectionError):
            client.units(10_000)
        assert 0.4 < time.monotonic() - began < 1.5


def test_what_is_held_repeats_the_end_and_time_goes_on(server: CameraServer, clips: Clips) -> None:
    video = read_video(clips["h264"])
    timeline = Timeline(video, last_seconds(video, 0.6))
    count = len(video.pictures)
    dues = [timeline.at(index) for index in range(count * 3)]
    times = [due.send_s for due in dues if due]
    steps = [b - a for a, b in pairwise(times)]
    assert steps == pytest.approx([0.04] * (len(dues) - 1))
    repeated = dues[count]
    assert repeated is not None
    assert repeated.is_key
    assert repeated.payloads == timeline.at(36).payloads  # type: ignore[union-attr]
    packets = received(server.serve("cam", clips["h264"], hold_s=0.6), count + 10)
    stamps = [packet.pts for _, packet in packets if packet.pts is not None]
    assert stamps == sorted(stamps)
    assert stamps[-1] - stamps[0] >= (count + 7) * 3600


@pytest.mark.parametrize("repeat_from", [0, 36])
def test_a_late_client_of_a_live_camera_joins_at_the_next_key_frame(
    repeat_from: int, clips: Clips
) -> None:
    timeline = Timeline(read_video(clips["h264"]), repeat_from)
    for t in (0.0, 0.1, 0.48, 1.0, 1.97, 2.0, 2.01, 3.3, 33.3):
        index = timeline.key_from(t)
        due = timeline.at(index)
        assert due is not None
        assert due.is_key
        assert due.send_s >= t - 1e-6
        between = [timeline.at(number) for number in range(max(0, index - 12), index)]
        assert not any(each and each.is_key and each.send_s >= t for each in between)


def test_clients_of_a_live_camera_share_its_time(server: CameraServer, clips: Clips) -> None:
    url = server.serve("cam", clips["h264"], live=True, loop=True)
    pictures = read_video(clips["h264"]).pictures
    with Client(url) as one, Client(url) as two:
        one.play()
        time.sleep(0.7)
        two.play()
        first = two.units(3)
    assert pictures[0].nal_units[:3] != tuple(first)
    assert nal_type("h264", first[0]) == 7  # a key frame begins with its parameter sets


def test_sender_reports_carry_the_cameras_own_clock(server: CameraServer, clips: Clips) -> None:
    url = server.serve("cam", clips["h264"], clock_offset_s=-3600.0)
    with Client(url) as client:
        client.play()
        channel, packet = client.packet()
    seconds, fraction = struct.unpack_from("!II", packet, 8)
    wall = seconds - 2_208_988_800 + fraction / 2**32
    assert channel == 1
    assert packet[1] == 200
    assert wall - (time.time() - 3600) == pytest.approx(0, abs=2)


def test_requests_are_answered_as_cameras_do(server: CameraServer, clips: Clips) -> None:
    url = server.serve("cam", clips["h264"])
    with Client(url) as client:
        assert "DESCRIBE" in client.ask("OPTIONS")
        assert "sprop-parameter-sets=" in client.ask("DESCRIBE")
        assert client.ask("PLAY").startswith("RTSP/1.0 455")
        refused = client.ask("SETUP", "Transport: RTP/AVP;unicast;client_port=5000-5001")
        assert refused.startswith("RTSP/1.0 461")
        assert client.ask("GET_PARAMETER").startswith("RTSP/1.0 200")
        assert client.ask("RECORD").startswith("RTSP/1.0 405")
        assert client.ask("TEARDOWN").startswith("RTSP/1.0 200")
        assert client.socket.recv(1) == b""


def test_a_request_in_pieces_and_two_at_once_are_both_understood(
    server: CameraServer, clips: Clips
) -> None:
    url = server.serve("cam", clips["h264"])
    with Client(url) as client:
        for piece in (b"OPTIONS ", url.encode(), b" RTSP/1.0\r\nCSeq: 1\r\n", b"\r\n"):
            client.socket.sendall(piece)
            time.sleep(0.02)
        assert "CSeq: 1" in client.reply()
        request = "GET_PARAMETER {} RTSP/1.0\r\nCSeq: {}\r\nContent-Length: 4\r\n\r\nping"
        client.socket.sendall((request.format(url, 2) + request.format(url, 3)).encode())
        assert "CSeq: 2" in client.reply()
        assert "CSeq: 3" in client.reply()


def test_a_file_that_is_no_h264_or_h265_is_refused_by_name(
    server: CameraServer, tmp_path: Path
) -> None:
    path = tmp_path / "old.avi"
    with av.open(path, "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        container.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        container.mux(stream.encode(None))
    with pytest.raises(ValueError, match=r"old\.avi is mpeg4"):
        server.serve("cam", path)


class Client:
    """An RTSP client of a few lines, which sees what PyAV does not show."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = url
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=5)
        self._unread = b""
        self._number = 0

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(self, method: str, *headers: str) -> str:
        self._number += 1
        lines = (f"{method} {self.url} RTSP/1.0", f"CSeq: {self._number}", *headers, "", "")
        self.socket.sendall("\r\n".join(lines).encode())
        return self.reply()

    def reply(self) -> str:
        while b"\r\n\r\n" not in self._unread:
            self._read()
        head, _, self._unread = self._unread.partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        return head.decode() + self._take(int(length[1]) if length else 0).decode()

    def play(self) -> None:
        self.ask("SETUP", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
        assert self.ask("PLAY").startswith("RTSP/1.0 200")

    def packet(self) -> tuple[int, bytes]:
        mark, channel, length = struct.unpack("!cBH", self._take(4))
        assert mark == b"$"
        return channel, self._take(length)

    def units(self, count: int) -> list[bytes]:
        """The payloads of the first `count` RTP packets."""
        payloads: list[bytes] = []
        while len(payloads) < count:
            channel, packet = self.packet()
            if channel == 0:
                payloads.append(packet[12:])
        return payloads

    def _take(self, count: int) -> bytes:
        while len(self._unread) < count:
            self._read()
        taken, self._unread = self._unread[:count], self._unread[count:]
        return taken

    def _read(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the camera closed the connection")
        self._unread += data


def test_what_was_sent_until_the_end_was_called_has_all_arrived(
    server: CameraServer, clips: Clips
) -> None:
    url = server.serve("cam", clips["h264"], loop=True, live=True, ahead_s=0.6)
    came: list[Any] = []
    reading = threading.Thread(target=lambda: came.extend(received(url)))
    reading.start()
    time.sleep(1.5)
    sent = server.finish()["cam"]
    reading.join(10)
    assert sent.pictures == len(came) > 10
    assert sent.latest_s >= 0
    with pytest.raises(OSError, match="refused"):
        opened(url)
