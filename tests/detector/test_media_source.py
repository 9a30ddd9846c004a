"""What cannot be watched is refused in one line that names it and never its password."""

import contextlib
import socket
import socketserver
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.detector.footage import SHARED, Footage, received
from viahe_detector.errors import CannotOpen, NotVideo, SourceError
from viahe_detector.media import Timeouts, open_stream

SOON = Timeouts(open_s=1.0, packet_s=1.0)


def refusal(source: str, timeouts: Timeouts = SOON) -> SourceError:
    with pytest.raises(SourceError) as refused:
        open_stream(source, timeouts)
    message = str(refused.value)
    assert "\n" not in message
    assert "s3cret" not in message
    # FFmpeg's own error repeats the password, so it may not follow in a traceback.
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None or refused.value.__suppress_context__
    return refused.value


@contextmanager
def camera(answer: bytes | None) -> Iterator[str]:
    """A camera that answers every request with `answer`, or never; gives its address."""
    over = threading.Event()

    class Answers(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            if answer is None:
                over.wait(10)
                return
            with contextlib.suppress(ConnectionResetError):
                self.converse()

        def converse(self) -> None:
            while answer and (request := self.request.recv(4096)):
                number = request.split(b"CSeq: ")[1].split(b"\r\n")[0]
                self.request.sendall(answer.replace(b"{n}", number))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"rtsp://admin:s3cret@127.0.0.1:{server.server_address[1]}/live"
        finally:
            over.set()
            server.shutdown()


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    error = refusal(str(tmp_path / "gone.mp4"))
    assert isinstance(error, CannotOpen)
    assert "gone.mp4" in str(error)
    assert "no such file" in str(error)


def test_a_folder_is_refused_by_name(tmp_path: Path) -> None:
    assert str(tmp_path) in str(refusal(str(tmp_path)))


@pytest.mark.parametrize("content", [b"", b"no video at all\n" * 50, bytes(range(256)) * 64])
def test_a_file_that_is_no_video_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    error = refusal(str(path))
    assert isinstance(error, NotVideo)
    assert "notes.txt" in str(error)


def test_a_truncated_clip_whose_index_is_missing_is_refused_by_name(tmp_path: Path) -> None:
    whole = Footage().write(tmp_path / "whole.mp4")
    data = whole.read_bytes()
    index = data.index(b"moov")
    assert index < len(data) // 2  # the index comes first in it, so cut inside the index
    path = tmp_path / "cut.mp4"
    path.write_bytes(data[: index + 40])
    error = refusal(str(path))
    assert isinstance(error, NotVideo)
    assert "cut.mp4" in str(error)


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    with wave.open(str(tmp_path / "sound.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16000))
    path.write_bytes((tmp_path / "sound.wav").read_bytes())
    assert isinstance(refusal(str(path)), NotVideo)


def test_a_bare_stream_without_a_clock_is_no_video_for_us(tmp_path: Path) -> None:
    assert isinstance(refusal(str(Footage().write(tmp_path / "bare.h264"))), NotVideo)


def test_a_camera_nobody_answers_for_is_refused_without_its_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    error = refusal(f"rtsp://admin:s3cret@127.0.0.1:{port}/live")
    assert isinstance(error, CannotOpen)
    assert f"127.0.0.1:{port}/live" in str(error)


def test_a_camera_that_accepts_and_says_nothing_is_given_up_in_time() -> None:
    with camera(None) as address:
        error = refusal(address)
    assert isinstance(error, CannotOpen)
    assert "in time" in str(error)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("401 Unauthorized", "user name or password"),
        ("403 Forbidden", "403"),
        ("404 Not Found", "404"),
    ],
)
def test_what_a_camera_refuses_is_said_in_words(status: str, said: str) -> None:
    answer = (
        f"RTSP/1.0 {status}\r\nCSeq: {{n}}\r\n"
        'WWW-Authenticate: Basic realm="camera"\r\nContent-Length: 0\r\n\r\n'
    )
    with camera(answer.encode()) as address:
        error = refusal(address)
    assert isinstance(error, CannotOpen)
    assert said in str(error)


def test_a_camera_that_offers_sound_alone_is_no_video() -> None:
    description = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=x\r\nm=audio 0 RTP/AVP 0\r\n"
    answer = (
        f"RTSP/1.0 200 OK\r\nCSeq: {{n}}\r\nContent-Type: application/sdp\r\n"
        f"Content-Length: {len(description)}\r\n\r\n{description}"
    )
    with camera(answer.encode()) as address:
        assert isinstance(refusal(address), NotVideo)


def test_rotation_is_read_from_a_files_tag(tmp_path: Path) -> None:
    turned = received(Footage(seconds=1, rotation=90).write(tmp_path / "turned.mp4"))
    straight = received(Footage(seconds=1).write(tmp_path / "straight.mp4"))
    assert turned.facts.rotation == 90
    assert turned.facts.shown_size == (120, 160)
    assert straight.facts.rotation == 0
    assert straight.facts.shown_size == (160, 120)


@pytest.mark.skipif(not SHARED.exists(), reason=f"real clips are not at {SHARED}")
@pytest.mark.parametrize("name", ["hanoi_walk_bag_1.mp4", "hanoi_walk_bag_17.mp4"])
def test_rotation_of_real_telephone_clips_is_read(name: str) -> None:
    stream = open_stream(str(SHARED / name), SOON)
    stream.close()
    width, height = stream.facts.shown_size
    assert stream.facts.rotation == 90
    assert height > width
