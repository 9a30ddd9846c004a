"""What is known of a coded stream, and the packets it consists of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

# What follows "://" up to the last "@" before the path: a password may hold any sign, "@" too.
_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@")
_SECRET_KEYS = re.compile(r"(?i)(pass|pwd|user|token|auth|key|secret|sig)")


def redacted(source: str) -> str:
    """The address of a camera or file as it may be logged.

    User and password go, and so does the value of every query field whose name speaks of
    one; the rest stays, so that the camera can be told from its neighbours.
    """
    bare = _CREDENTIALS.sub("", source)
    if "://" not in bare or "?" not in bare:
        return bare
    parts = urlsplit(bare)
    query = "&".join(_silenced(pair) for pair in parts.query.split("&"))
    return urlunsplit(parts._replace(query=query))


def _silenced(pair: str) -> str:
    name, separator, _ = pair.partition("=")
    return f"{name}=***" if separator and _SECRET_KEYS.search(name) else pair


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """What stays the same throughout one run.

    `width` and `height` are those of the coded picture; `rotation` (0, 90, 180 or 270) is how
    many degrees it must be turned clockwise to stand upright. `time_base` is the seconds of one
    tick. `extradata` holds the parameter sets as the container had them. `header` is an MP4
    file without pictures: the only form in which FFmpeg hands all of a stream's parameters on
    once its source is closed.
    """

    codec: str
    width: int
    height: int
    rotation: int
    time_base: Fraction
    extradata: bytes = field(repr=False)
    average_fps: float | None
    profile: str | None
    header: bytes = field(repr=False)

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height of the upright picture."""
        turned = self.rotation in {90, 270}
        return (self.height, self.width) if turned else (self.width, self.height)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: until a source must have answered, and between two packets."""

    open_s: float = 10.0
    packet_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Coded:
    """A packet as the container gives it; times in ticks, None where the container has none.

    `camera_at` is when the picture was taken by the camera's own clock, in UTC seconds, where a
    camera tells (in its RTCP sender reports).
    """

    pts: int | None
    dts: int | None
    duration: int
    keyframe: bool
    data: bytes = field(repr=False)
    camera_at: float | None = None


class OpenedStream(Protocol):
    """An open source: its facts, which may change between two packets, and its packets."""

    @property
    def facts(self) -> StreamFacts:
        """Those of the packet yielded last; another object as soon as anything differs."""
        ...

    def packets(self) -> Iterator[Coded]:
        """Yields until the stream ends. Raises `Stalled` or another `SourceError`."""
        ...

    def arriving(self) -> "Iterator[Coded | None] | None":
        """The same for whoever reads many streams in turn: None where `packets` would wait.

        None altogether of a stream that can only be waited for.
        """
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Packet:
    """One coded picture as the camera sent it.

    `index` counts the run's packets in decode order. `t` is when the picture is shown and
    `dts_t` when it has to be decoded, in media seconds of the run (0 is its first picture; both
    may be slightly negative at the start); `pts` and `dts` are the same in ticks of the
    stream's own clock. `arrived_at` is when it was received, and `at` the best estimate of when
    the picture was taken, in UTC seconds since 1970.
    """

    run: str
    index: int
    t: float
    dts_t: float
    duration_s: float
    keyframe: bool
    data: bytes = field(repr=False)
    pts: int
    dts: int
    arrived_at: float
    at: float


def showable(packets: Sequence[Packet]) -> list[Packet]:
    """Packets in decode order from a key frame, without those shown before that key frame.

    Such leading pictures (after an open group's key frame) need the group before to be decoded.
    """
    return [packet for packet in packets if packet.t >= packets[0].t]
