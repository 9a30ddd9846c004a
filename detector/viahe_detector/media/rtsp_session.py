"""A conversation with a camera in RTSP (RFC 2326), pictures interleaved in its answers."""

import contextlib
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from viahe_detector.media.rtsp_login import Login

USUAL_PORT = 554
_READ_BYTES = 256 * 1024
_WAITING_BYTES = 128 * 1024
"""After a read of so much there is more, and it is read at once."""
_READS_AT_ONCE = 8
"""Reads after which others have their turn, whatever is there."""
_SENDING_S = 1.0
"""Seconds a camera may leave a request in its socket."""
_LONGEST_HEAD = 64 * 1024
_DOLLAR = 0x24


class Refused(Exception):
    """The camera answered a request with an error; `status` is its number."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Nonsense(Exception):
    """What came is no RTSP."""


class HungUp(Exception):
    """The camera has closed the connection."""


@dataclass(frozen=True, slots=True)
class Frames:
    """What one read brought: of each frame the channel, and where in `data` its packet lies."""

    data: bytes
    each: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """`headers` are by name in lower case; one that came several times has all, in order."""

    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: str

    def header(self, name: str) -> str:
        """The first header of this name, empty if there is none."""
        return self.headers.get(name, ("",))[0]


class Session:
    """One connection, used from one thread. Every message leaves name and password out."""

    def __init__(self, address: str, open_s: float) -> None:
        """Connects within `open_s`. Raises OSError, or ValueError for what is no address."""
        parts = urlsplit(address)
        if not parts.hostname:
            raise ValueError("no host")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        port = "" if parts.port is None else f":{parts.port}"
        query = f"?{parts.query}" if parts.query else ""
        self.url = f"rtsp://{host}{port}{parts.path}{query}"
        self._login = Login(unquote(parts.username or ""), unquote(parts.password or ""))
        self._deadline = time.monotonic() + open_s
        where = parts.hostname, parts.port or USUAL_PORT
        self._socket = socket.create_connection(where, timeout=open_s)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unread = b""
        self._number = 0
        self._name = ""
        self.keep_alive_s = 30.0

    def ask(self, method: str, url: str, **headers: str) -> Reply:
        """The camera's answer, proved who asks if it wants to know.

        Raises Refused, Nonsense, HungUp or OSError.
        """
        reply = self._asked(method, url, headers)
        challenges = reply.headers.get("www-authenticate", ())
        if reply.status == 401 and self._login.take(challenges):
            reply = self._asked(method, url, headers)
        if reply.status != 200:
            raise Refused(reply.status)
        if name := reply.header("session"):
            self._name, _, rest = (part.strip() for part in name.partition(";"))
            _, _, seconds = rest.partition("timeout=")
            if seconds.strip().isdecimal():
                self.keep_alive_s = max(1.0, int(seconds) / 2)
        return reply

    def tell(self, method: str, url: str) -> None:
        """Ask without waiting for the answer. Raises OSError."""
        self._socket.settimeout(_SENDING_S)
        self._send(method, url, {})
        self._socket.setblocking(False)

    def frames(self) -> Iterator[Frames | None]:
        """All that is interleaved, for as long as the connection lasts; never waits.

        None where no more is there for now. Answers in between are passed over. Raises HungUp,
        Nonsense or OSError.
        """
        self._socket.setblocking(False)
        yield self._whole_frames()  # they may have come with the answer to PLAY
        while True:
            for _ in range(_READS_AT_ONCE):
                received = self._received_by_now()
                yield self._whole_frames()
                if received < _WAITING_BYTES:
                    break
            yield None

    def close(self) -> None:
        """Hang up; the camera is told, if it still listens."""
        try:
            if self._name:
                self._socket.settimeout(0.2)
                self._send("TEARDOWN", self.url, {})
        except OSError:
            pass
        finally:
            self._socket.close()

    def _whole_frames(self) -> Frames:
        """Every frame that is whole, taken from what is unread."""
        data, at, each = self._unread, 0, []
        last = len(data) - 4
        while at <= last:
            if data[at] == _DOLLAR:
                begin = at + 4
                end = begin + (data[at + 2] << 8 | data[at + 3])
                if end > last + 4:
                    break
                each.append((data[at + 1], begin, end))
                at = end
            elif (reply_end := self._reply_end(at)) is not None:
                at = reply_end
            else:
                break
        self._unread = data[at:]
        return Frames(data, tuple(each))

    def _reply_end(self, at: int) -> int | None:
        """Where an answer ends that begins there; None if it is not whole. Raises Nonsense."""
        if not self._unread.startswith(b"RTSP", at):
            raise Nonsense
        head = self._unread.find(b"\r\n\r\n", at)
        if head < 0:
            if len(self._unread) - at > _LONGEST_HEAD:
                raise Nonsense
            return None
        size = _parsed(self._unread[at:head]).header("content-length")
        end = head + 4 + (int(size) if size.isdecimal() else 0)
        return end if end <= len(self._unread) else None

    def _asked(self, method: str, url: str, headers: Mapping[str, str]) -> Reply:
        self._send(method, url, headers)
        while True:
            reply = self._reply()
            # Pictures may come before the answer to PLAY, and answers to what was asked before.
            if reply is not None and reply.header("cseq") in ("", str(self._number)):
                return reply

    def _send(self, method: str, url: str, headers: Mapping[str, str]) -> None:
        self._number += 1
        lines = {"CSeq": str(self._number), "User-Agent": "Viahe", **headers}
        if self._name:
            lines["Session"] = self._name
        proof = self._login.header(method, url)
        if proof is not None:
            lines["Authorization"] = proof
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._socket.sendall(f"{method} {url} RTSP/1.0\r\n{text}\r\n".encode())

    def _reply(self) -> Reply | None:
        """The next answer, None for a frame that was passed over."""
        while (end := self._first_end()) is None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            self._receive()
        whole, self._unread = self._unread[:end], self._unread[end:]
        if whole[0] == _DOLLAR:
            return None
        head, _, body = whole.partition(b"\r\n\r\n")
        reply = _parsed(head)
        return Reply(reply.status, reply.headers, body.decode("utf-8", "replace"))

    def _first_end(self) -> int | None:
        """Where the frame or answer ends that comes first; None if it is not whole."""
        unread = self._unread
        if len(unread) < 4:
            return None
        if unread[0] != _DOLLAR:
            return self._reply_end(0)
        end = 4 + (unread[2] << 8 | unread[3])
        return end if end <= len(unread) else None

    def _received_by_now(self) -> int:
        """Read what is there; how many bytes it was. Raises HungUp or OSError."""
        with contextlib.suppress(BlockingIOError):
            return self._receive()
        return 0

    def _receive(self) -> int:
        """Read what there is, something at least; how many bytes it was."""
        try:
            received = self._socket.recv(_READ_BYTES)
        except ConnectionError:
            raise HungUp from None
        if not received:
            raise HungUp
        self._unread += received
        return len(received)


def _parsed(head: bytes) -> Reply:
    first, *lines = head.decode("latin-1").split("\r\n")
    _, status, *_ = [*first.split(" "), "", ""]
    headers: dict[str, tuple[str, ...]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        key = name.strip().lower()
        headers[key] = (*headers.get(key, ()), value.strip())
    if not status.isdecimal():
        raise Nonsense
    return Reply(int(status), headers, "")
