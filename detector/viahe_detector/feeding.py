"""What feeds cameras their packets: captures on threads here, or in processes of their own."""

import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import Protocol

from viahe_detector.assignment import Addresses
from viahe_detector.capture import Capture, Sink, Source, StreamOpener
from viahe_detector.captured import Began, Came, Captured, Failed, Logged, Over, Told, Used, Watch
from viahe_detector.connecting import AT_ONCE, few_at_a_time
from viahe_detector.errors import SourceError
from viahe_detector.media import Packet
from viahe_detector.threads import PAUSE_S, Threads

log = logging.getLogger(__name__)

CAMERAS_A_PROCESS = 32
FEW_CAMERAS = 8
"""Up to so many are captured on threads here: a process takes 40 MiB and half a second to start."""


@dataclass(slots=True)
class Feed:
    """One camera's source and who takes what comes of it.

    `failed` is told each failure and `over` that a source that can end has ended, on the thread
    that calls the sink. `clock_offset_s` is what to add to the camera's clock, None where it
    tells no time.
    """

    source: Source
    sink: Sink
    failed: Callable[[SourceError], None]
    over: Callable[[], None] = lambda: None
    clock_offset_s: float | None = None

    @property
    def clock_source(self) -> str:
        """Where wall times come from: `arrival` for cameras, `file` for files."""
        by_arrival = self.source.live or (self.source.realtime and self.source.starts_at is None)
        return "arrival" if by_arrival else "file"


class Feeding(Protocol):
    """Captures cameras."""

    def start(self, threads: Threads, stop: threading.Event) -> None:
        """Begin to feed. Threads named `capture …` live until every source is over."""
        ...

    def tell(self, addresses: Mapping[str, Addresses]) -> None:
        """These are the addresses from now on, by camera, of those opened by a name."""
        ...

    def close(self) -> None:
        """Feed no more."""
        ...

    @property
    def cpu_s(self) -> float:
        """CPU seconds used by processes that feed, this one left out."""
        ...

    @property
    def processes(self) -> Sequence[int]:
        """The numbers of the processes that feed, this one left out."""
        ...


class Here:
    """A thread of this process for each camera. `opener` knows the addresses it is to be told."""

    cpu_s = 0.0
    processes: Sequence[int] = ()

    def __init__(self, feeds: Sequence[Feed], opener: StreamOpener) -> None:
        self._feeds = tuple(feeds)
        self._opener = few_at_a_time(opener)

    def start(self, threads: Threads, stop: threading.Event) -> None:
        for feed in self._feeds:
            threads.start(f"capture {feed.source.camera}", partial(self._capture, feed, stop))

    def tell(self, addresses: Mapping[str, Addresses]) -> None:
        """The opener knows them."""

    def close(self) -> None:
        """The threads end with `stop`."""

    def _capture(self, feed: Feed, stop: threading.Event) -> None:
        sink = _Clocked(feed)
        sink.capture = Capture(feed.source, sink, self._opener)
        sink.capture.run(stop, feed.failed)
        feed.over()


class _Clocked:
    """Passes packets on and notes what is known of the camera's clock."""

    capture: Capture

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.on_run = feed.sink.on_run

    def on_packet(self, packet: Packet) -> None:
        self._feed.clock_offset_s = self.capture.clock_offset_s
        self._feed.sink.on_packet(packet)


class Apart:
    """Processes that capture a few dozen cameras each; one that ends is started again."""

    def __init__(self, feeds: Sequence[Feed], processes: int) -> None:
        groups = [feeds[n::processes] for n in range(processes)]
        at_once = max(1, AT_ONCE // processes)
        self._parts = tuple(_Part(group, at_once) for group in groups if group)

    def start(self, threads: Threads, stop: threading.Event) -> None:
        for number, part in enumerate(self._parts, start=1):
            threads.start(f"capture process {number}", partial(part.run, stop))

    def tell(self, addresses: Mapping[str, Addresses]) -> None:
        for part in self._parts:
            part.tell(addresses)

    def close(self) -> None:
        for part in self._parts:
            part.close()

    @property
    def cpu_s(self) -> float:
        return sum(part.cpu_s for part in self._parts)

    @property
    def processes(self) -> Sequence[int]:
        return tuple(part.process for part in self._parts if part.process is not None)


def processes_for(cameras: int) -> int:
    """How many processes capture so many cameras; 0 is none but this one."""
    return 0 if cameras <= FEW_CAMERAS else -(-cameras // CAMERAS_A_PROCESS)


class _Part:
    """One process and the cameras it captures."""

    def __init__(self, feeds: Sequence[Feed], at_once: int) -> None:
        self.process: int | None = None
        self._feeds = {feed.source.camera: feed for feed in feeds}
        self._at_once = at_once
        self._connection: Connection | None = None
        self._addresses: Mapping[str, Addresses] = {}
        self._telling = threading.Lock()
        self._before_s = self._used_s = 0.0

    @property
    def cpu_s(self) -> float:
        return self._before_s + self._used_s

    def run(self, stop: threading.Event) -> None:
        """Take what the process captures until `stop` is set or every source is over."""
        while not stop.is_set() and self._feeds:
            with _started(self._at_once) as (connection, process):
                self.process = process.pid
                with self._telling:
                    self._connection = connection
                    connection.send(Told(self._addresses))
                    for feed in self._feeds.values():
                        connection.send(Watch(feed.source))
                self._take(connection, stop)
            self._before_s, self._used_s = self.cpu_s, 0.0
            with self._telling:
                self._connection = self.process = None
            if stop.is_set() or not self._feeds:
                return
            log.error(
                "the process that captured %s has ended; it is started again",
                ", ".join(sorted(self._feeds)),
            )
            stop.wait(PAUSE_S)

    def tell(self, addresses: Mapping[str, Addresses]) -> None:
        """Tell the process, and every one after it."""
        with self._telling:
            self._addresses = dict(addresses)
            if self._connection is not None:
                with contextlib.suppress(OSError):  # it is gone: the next one will be told
                    self._connection.send(Told(self._addresses))

    def close(self) -> None:
        """End the process; `run` returns."""
        connection = self._connection
        if connection is not None:
            with (
                contextlib.suppress(OSError),
                socket.socket(fileno=os.dup(connection.fileno())) as same,
            ):
                same.shutdown(socket.SHUT_RDWR)

    def _take(self, connection: Connection, stop: threading.Event) -> None:
        try:
            while self._feeds and not stop.is_set():
                for captured in connection.recv():
                    self._pass_on(captured)
        except (EOFError, OSError):
            return

    def _pass_on(self, captured: Captured) -> None:
        if isinstance(captured, Logged):
            logger = logging.getLogger(captured.record.name)
            if logger.isEnabledFor(captured.record.levelno):
                logger.handle(captured.record)
            return
        if isinstance(captured, Used):
            self._used_s = captured.cpu_s
            return
        feed = self._feeds.get(captured.camera)
        if feed is None:
            return
        if isinstance(captured, Came):
            feed.clock_offset_s = captured.clock_offset_s
            feed.sink.on_packet(Packet(*captured.packet))
        elif isinstance(captured, Began):
            feed.sink.on_run(captured.run, captured.facts)
        elif isinstance(captured, Failed):
            feed.failed(captured.error)
        elif isinstance(captured, Over):
            del self._feeds[captured.camera]
            feed.over()


@contextlib.contextmanager
def _started(at_once: int) -> Iterator[tuple[Connection, "subprocess.Popen[bytes]"]]:
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "viahe_detector.capture_process"]
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - our own program, no word of anybody else's
            [*command, str(theirs.fileno()), str(at_once)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
    connection = Connection(ours.detach())
    try:
        yield connection, process
    finally:
        connection.close()
        try:
            process.wait(5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
