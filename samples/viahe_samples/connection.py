"""One client's RTSP connection: requests in, replies and interleaved RTP out."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from .camera import Camera
from .playing import Playing
from .rtp import RtpSender, session_description

METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"
REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
}
TRACK = "/trackID=0"
LONGEST_REQUEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


class Connection(asyncio.Protocol):
    """Answers one client out of `cameras`; enters itself in `open_ones` while it is open."""

    _transport: asyncio.Transport

    def __init__(self, cameras: Mapping[str, Camera], open_ones: "set[Connection]") -> None:
        self._cameras = cameras
        self._open_ones = open_ones
        self._unread = b""
        self._sender: RtpSender | None = None
        self._playing: Playing | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # a stream server's are
        self._open_ones.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        self._open_ones.discard(self)
        if self._playing:
            self._playing.stop()

    def drop(self) -> None:
        self._transport.abort()

    def finish(self) -> None:
        """Send nothing more, and close once everything sent has left this process."""
        if self._playing:
            self._playing.stop()
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (request := self._next_request()) is not None:
            self._answer(request)
        if len(self._unread) > LONGEST_REQUEST:
            self.drop()

    def _next_request(self) -> Request | None:
        """Take the next whole request off what came in; a client's own RTCP is passed over."""
        while self._unread[:1] == b"$":
            length = 4 + int.from_bytes(self._unread[2:4])
            if len(self._unread) < max(4, length):
                return None
            self._unread = self._unread[length:]
        head, end, rest = self._unread.partition(b"\r\n\r\n")
        if not end:
            return None
        request = _parsed(head.decode("latin-1"))
        body = _whole(request.headers.get("content-length", ""))
        if len(rest) < body:
            return None
        self._unread = rest[body:]
        return request

    def _answer(self, request: Request) -> None:
        reply = self._reply(request)
        headers = (
            ("CSeq", request.headers.get("cseq", "0")),
            *reply.headers,
            *((("Content-Length", str(len(reply.body))),) if reply.body else ()),
        )
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        start = f"RTSP/1.0 {reply.status} {REASONS[reply.status]}\r\n"
        self._transport.write((start + lines + "\r\n" + reply.body).encode())
        if request.method == "PLAY" and reply.status == 200 and self._playing:
            self._playing.begin()
        if request.method == "TEARDOWN":
            self._transport.close()

    def _reply(self, request: Request) -> Reply:
        if request.method == "OPTIONS":
            return Reply(200, (("Public", METHODS),))
        verb = self._verbs().get(request.method)
        if verb is None:
            return Reply(405, (("Allow", METHODS),))
        camera = self._cameras.get(_camera_name(request.url))
        if camera is None:
            return Reply(404)
        if not camera.admits(request.headers.get("authorization")):
            return Reply(401, (("WWW-Authenticate", 'Basic realm="camera"'),))
        return verb(request, camera)

    def _verbs(self) -> Mapping[str, Callable[[Request, Camera], Reply]]:
        return {
            "DESCRIBE": self._describe,
            "SETUP": self._set_up,
            "PLAY": self._play,
            "GET_PARAMETER": lambda _request, _camera: Reply(200),
            "TEARDOWN": lambda _request, _camera: Reply(200),
        }

    def _describe(self, request: Request, camera: Camera) -> Reply:
        headers = ("Content-Type", "application/sdp"), ("Content-Base", request.url + "/")
        return Reply(200, headers, session_description(camera.video))

    def _set_up(self, request: Request, _: Camera) -> Reply:
        transport = request.headers.get("transport", "")
        if "TCP" not in transport:
            return Reply(461)
        channels = transport.partition("interleaved=")[2].partition(";")[0] or "0-1"
        self._sender = RtpSender(
            ssrc=secrets.randbits(32),
            sequence=secrets.randbits(15),
            first_timestamp=secrets.randbits(31),
            channel=_whole(channels.partition("-")[0]),
        )
        agreed = f"RTP/AVP/TCP;unicast;interleaved={channels};ssrc={self._sender.ssrc:08X}"
        return Reply(200, (("Transport", agreed), ("Session", "1;timeout=60")))

    def _play(self, request: Request, camera: Camera) -> Reply:
        sender = self._sender
        if sender is None or self._playing is not None:
            return Reply(455)
        self._playing = Playing(camera, sender, self._transport)
        return Reply(200, (("Session", "1"), ("Range", "npt=0.000-")))


def _parsed(head: str) -> Request:
    first, *lines = head.lstrip("\r\n").split("\r\n")
    method, url, *_ = [*first.split(" "), "", ""]
    named = (line.partition(":") for line in lines)
    return Request(method, url, {name.strip().lower(): value.strip() for name, _, value in named})


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _camera_name(url: str) -> str:
    return urlsplit(url).path.rstrip("/").removesuffix(TRACK).strip("/")
