"""Cameras read without FFmpeg: the same pictures, and what only our own reading has to mind."""

import contextlib
import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.detector.footage import Footage, coded
from viahe_detector.errors import CannotOpen, Ended, NotVideo, SourceError, Stalled
from viahe_detector.media import Coded, Timeouts
from viahe_detector.media import source as by_ffmpeg
from viahe_detector.media.facts import facts_of
from viahe_detector.media.nal import units
from viahe_detector.media.rtsp import RtspStream, open_rtsp
from viahe_samples.rtsp import CameraServer

SOON = Timeouts(open_s=3.0, packet_s=1.0)


@pytest.fixture(scope="module")
def server() -> Iterator[CameraServer]:
    with CameraServer() as running:
        yield running


def read(address: str) -> tuple[RtspStream, list[Coded]]:
    stream = open_rtsp(address, SOON)
    assert stream is not None
    try:
        return stream, list(stream.packets())
    finally:
        stream.close()


def read_by_ffmpeg(address: str) -> list[Coded]:
    container = by_ffmpeg._open(address, SOON)
    video = container.streams.video[0]
    stream = by_ffmpeg._AvStream(address, container, video, facts_of(video, 0), 1.0)
    try:
        return list(stream.packets())
    finally:
        stream.close()


@pytest.mark.parametrize(
    "footage",
    [
        Footage(seconds=2, fps=25, group=25),
        Footage(seconds=2, fps=25, group=25, b_frames=3),
        Footage(seconds=2, fps=25, group=25, b_frames=3, open_groups=True),
        Footage(seconds=2, fps=25, group=25, encoder="libx265"),
        Footage(seconds=2, fps=25, group=25, b_frames=3, encoder="libx265"),
    ],
    ids=["h264", "h264-b", "h264-open-groups", "h265", "h265-b"],
)
def test_what_is_read_is_to_the_byte_and_tick_what_ffmpeg_reads(
    server: CameraServer, footage: Footage, tmp_path: Path
) -> None:
    address = server.serve("same", footage.write(tmp_path / "s.mp4"))
    theirs = read_by_ffmpeg(address)
    stream, ours = read(address)
    assert len(ours) == len(coded(tmp_path / "s.mp4"))
    assert [list(units(each.data)) for each in ours] == [list(units(each.data)) for each in theirs]
    first, their_first = ours[0].pts or 0, theirs[0].pts or 0
    assert [(c.pts or 0) - first for c in ours] == [(c.pts or 0) - their_first for c in theirs]
    assert [c.keyframe for c in ours] == [c.keyframe for c in theirs]
    assert (stream.facts.width, stream.facts.height) == (160, 120)
    assert stream.facts.header, "a clip can be written of it"


class Script:
    """A camera of few words: answers each request with the next text of a list."""

    def __init__(self, answers: list[bytes], then: Callable[[socket.socket], None]) -> None:
        self.asked: list[str] = []
        self._answers, self._then = answers, then

    def serve(self, listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            for answer in self._answers:
                request = b""
                while b"\r\n\r\n" not in request:
                    received = connection.recv(4096)
                    if not received:
                        return
                    request += received
                self.asked.append(request.decode().split("\r\n")[0])
                number = request.decode().partition("CSeq: ")[2].partition("\r\n")[0]
                connection.sendall(answer.replace(b"#", number.encode()))
            self._then(connection)


@contextmanager
def scripted(
    *answers: bytes, then: Callable[[socket.socket], None] = lambda _: None
) -> Iterator[tuple[Script, str]]:
    script = Script(list(answers), then)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=script.serve, args=(listening,), daemon=True)
        thread.start()
        yield script, f"rtsp://viewer:Kh0-Do4n@127.0.0.1:{listening.getsockname()[1]}/live"
        thread.join(5.0)


def answer(status: str = "200 OK", headers: str = "", body: str = "") -> bytes:
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"RTSP/1.0 {status}\r\nCSeq: #\r\n{headers}{length}\r\n{body}".encode()


SDP = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n"
SET_UP = answer(headers="Transport: RTP/AVP/TCP;interleaved=4-5\r\nSession: 7;timeout=2\r\n")
PLAYS = (answer(), answer(body=SDP), SET_UP, answer())


def payload(unit: bytes, number: int, stamp: int) -> bytes:
    packet = b"\x80\xe0" + number.to_bytes(2, "big") + stamp.to_bytes(4, "big") + b"\0\0\0\1" + unit
    return b"$\x04" + len(packet).to_bytes(2, "big") + packet


@pytest.mark.parametrize(
    ("status", "reason"),
    [("401 No", "password"), ("403 No", "let this user in"), ("404 No", "of that name")],
)
def test_a_no_is_said_in_words_and_without_the_password(status: str, reason: str) -> None:
    with (
        scripted(answer(), answer(status)) as (_, address),
        pytest.raises(CannotOpen, match=reason) as refused,
    ):
        open_rtsp(address, SOON)
    assert "Kh0-Do4n" not in str(refused.value)


@pytest.mark.parametrize(
    "answers",
    [
        (answer(), answer("461 Unsupported Transport")),
        (answer(), answer(body="v=0\r\nm=video 0 RTP/AVP 26\r\n")),
        (answer(), answer(body=SDP), answer(headers="Transport: RTP/AVP;unicast\r\n")),
        (b"220 mail.example ESMTP\r\n\r\n",),
        (),
    ],
    ids=["refuses", "another codec", "another transport", "no RTSP at all", "hangs up"],
)
def test_what_is_unusual_is_left_to_ffmpeg(answers: tuple[bytes, ...]) -> None:
    with scripted(*answers) as (_, address):
        assert open_rtsp(address, SOON) is None


def test_a_camera_that_accepts_and_says_nothing_is_given_up_in_time() -> None:
    def listens(connection: socket.socket) -> None:
        connection.settimeout(6.0)
        connection.recv(4096)
        connection.recv(1)

    with scripted(then=listens) as (_, address), pytest.raises(TimeoutError):
        open_rtsp(address, Timeouts(open_s=0.3))


def test_where_a_camera_says_its_track_is_it_is_set_up_and_played() -> None:
    with scripted(*PLAYS) as (script, address):
        stream = open_rtsp(address, SOON)
        assert stream is not None
        stream.close()
    bare = address.replace("viewer:Kh0-Do4n@", "")
    assert script.asked == [
        f"OPTIONS {bare} RTSP/1.0",
        f"DESCRIBE {bare} RTSP/1.0",
        f"SETUP {bare}/trackID=1 RTSP/1.0",
        f"PLAY {bare} RTSP/1.0",
    ]


def ended(address: str) -> SourceError:
    stream = open_rtsp(address, SOON)
    assert stream is not None
    with pytest.raises(SourceError) as error:
        list(stream.packets())
    stream.close()
    assert "Kh0-Do4n" not in str(error.value)
    return error.value


def test_a_camera_that_turns_to_nonsense_has_ended() -> None:
    with scripted(*PLAYS, then=lambda c: c.sendall(b"\xde\xad\xbe\xef" * 64)) as (_, address):
        assert isinstance(ended(address), Ended)


def test_pictures_no_decoder_can_read_are_no_video() -> None:
    with scripted(*PLAYS, then=lambda c: c.sendall(payload(b"\x65" * 40, 1, 0))) as (_, address):
        assert isinstance(ended(address), NotVideo)


def test_a_camera_that_sends_reports_alone_has_stalled_and_is_kept_alive_meanwhile() -> None:
    heard: list[bytes] = []

    def reports(connection: socket.socket) -> None:
        report = b"\x80\xc9\x00\x01\0\0\0\1"
        try:
            for _ in range(40):
                connection.sendall(b"$\x05" + len(report).to_bytes(2, "big") + report)
                threading.Event().wait(0.05)
            heard.append(connection.recv(4096))
        except OSError:
            pass

    with scripted(*PLAYS, then=reports) as (_, address):
        assert isinstance(ended(address), Stalled)


def test_a_session_is_kept_alive_and_the_answer_is_no_picture(tmp_path: Path) -> None:
    """The camera lets go of a session nobody asks about for two seconds."""
    film = coded_units(tmp_path)
    asked: list[str] = []

    def plays(connection: socket.socket) -> None:
        connection.settimeout(0.01)
        number = 0
        for n, picture in enumerate(film):
            for unit in picture:
                connection.sendall(payload(unit, number % 65536, n * 3600))
                number += 1
            threading.Event().wait(0.05)
            try:
                asked.append(connection.recv(4096).decode().split(" ")[0])
                connection.sendall(answer(body="still here").replace(b"#", b"99"))
            except TimeoutError:
                continue

    with scripted(*PLAYS, then=plays) as (_, address):
        stream = open_rtsp(address, SOON)
        assert stream is not None
        pictures = until_it_ends(stream)
        stream.close()
    assert "OPTIONS" in asked
    assert len(pictures) == len(film)


def until_it_ends(stream: RtspStream) -> list[Coded]:
    pictures = []
    try:
        for each in stream.packets():
            pictures.append(each)
    except Ended:
        return pictures
    return pictures


def coded_units(folder: Path) -> list[list[bytes]]:
    """The units of each picture of a small film, none larger than one RTP packet."""
    path = Footage(seconds=3, fps=15, group=15, width=96, height=64).write(folder / "f.h264")
    pictures: list[list[bytes]] = [[]]
    for unit in units(path.read_bytes()):
        pictures[-1].append(unit)
        if 1 <= unit[0] & 0x1F <= 5:
            pictures.append([])
    return [picture for picture in pictures if picture]


@pytest.mark.parametrize("seed", range(20))
def test_a_stream_damaged_anywhere_ends_in_a_named_error_and_what_came_is_pictures(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    film = [
        payload(unit, number, n * 3600)
        for n, picture in enumerate(coded_units(tmp_path))
        for number, unit in enumerate(picture, start=n * 8)
    ]
    sent = bytearray(b"".join(film))
    for _ in range(chance.choice([1, 5, 50])):
        at = chance.randrange(len(sent))
        way = chance.choice(["flip", "cut", "repeat"])
        if way == "flip":
            sent[at] ^= 1 << chance.randrange(8)
        elif way == "cut":
            del sent[at : at + chance.randrange(1, 2000)]
        else:
            sent[at:at] = sent[max(0, at - chance.randrange(1, 2000)) : at]
    with scripted(*PLAYS, then=lambda c: c.sendall(sent)) as (_, address):
        stream = open_rtsp(address, SOON)
        assert stream is not None
        pictures = []
        with contextlib.suppress(SourceError):
            for each in stream.packets():
                pictures.append(each)
        stream.close()
    assert len(pictures) <= len(film)
    assert all(each.data.startswith(b"\0\0\0\1") for each in pictures)
    assert not pictures or pictures[0].keyframe
