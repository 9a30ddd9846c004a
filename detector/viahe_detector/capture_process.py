"""A process that captures cameras for the detector: `python -m viahe_detector.capture_process FD`.

In a process that does nothing else, threads that read streams hardly meet; beside threads that
look at pictures each of them would fight for the interpreter. A stream that brings FFmpeg down
takes a process with it that holds nothing.

Over the connection come a `Watch` for each camera and the addresses the review API tells, and
back go lists of what was captured. When it closes, the process ends, whatever its threads wait
for.
"""

import logging
import logging.handlers
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection

from viahe_detector.addresses import AddressBook
from viahe_detector.assignment import Addresses
from viahe_detector.capture import Capture, Source
from viahe_detector.captured import (
    Began,
    Came,
    Captured,
    Failed,
    Logged,
    Over,
    Told,
    Used,
    Watch,
    fields,
)
from viahe_detector.connecting import few_at_a_time
from viahe_detector.freed_memory import keep_freed_memory
from viahe_detector.media import Packet, StreamFacts, open_stream
from viahe_detector.rounds import Rounds

MOST_WAITING_BYTES = 64 * 2**20
"""What may wait to be handed over; beyond it captures wait, and what sends to them with them."""
GATHERED_S = 0.1
"""Seconds in which packets gather to be handed over together: as often as cameras are read."""
USED_EVERY_S = 1.0


class Outgoing:
    """What waits to be handed over; safe for several threads, bounded in bytes."""

    def __init__(self, most_bytes: int = MOST_WAITING_BYTES) -> None:
        self._most = most_bytes
        self._waiting: deque[Captured] = deque()
        self._bytes = 0
        self._changed = threading.Condition()

    def put(self, captured: Captured, size: int = 0) -> None:
        """Add what was captured, of so many bytes; blocks while too much waits."""
        with self._changed:
            while self._bytes > self._most:
                self._changed.wait()
            self._waiting.append(captured)
            self._bytes += size
            if len(self._waiting) == 1:
                self._changed.notify_all()

    def take(self) -> list[Captured]:
        """Everything that waits; blocks until there is something."""
        with self._changed:
            while not self._waiting:
                self._changed.wait()
            taken = list(self._waiting)
            self._waiting.clear()
            self._bytes = 0
            self._changed.notify_all()
            return taken


class _Forwarding:
    """The sink of one camera: hands everything over."""

    def __init__(self, camera: str, outgoing: Outgoing) -> None:
        self._camera = camera
        self._outgoing = outgoing
        self.offset: Callable[[], float | None] = lambda: None

    def on_run(self, run: str, facts: StreamFacts) -> None:
        self._outgoing.put(Began(self._camera, run, facts))

    def on_packet(self, packet: Packet) -> None:
        self._outgoing.put(Came(self._camera, fields(packet), self.offset()), len(packet.data))


class Captures:
    """The captures of this process: each has a thread that opens it, and waits for it to end.

    What can be read in turn is read by one thread for all.
    """

    def __init__(self, outgoing: Outgoing, at_once: int) -> None:
        self._outgoing = outgoing
        self._book = AddressBook()
        self._opener = few_at_a_time(self._book.opening(open_stream), at_once)
        self._stops: dict[str, threading.Event] = {}
        self._rounds = Rounds()
        threading.Thread(target=self._rounds.run, name="rounds", daemon=True).start()

    def watch(self, source: Source) -> None:
        """Capture a source from now on."""
        before = self._stops.get(source.camera)
        if before is not None:
            before.set()  # its thread ends with its next packet or its patience
        stop = self._stops[source.camera] = threading.Event()
        threading.Thread(
            target=self._run, args=(source, stop), name=f"capture {source.camera}", daemon=True
        ).start()

    def tell(self, addresses: Mapping[str, Addresses]) -> None:
        """These are the addresses from now on."""
        self._book.take(addresses)

    def _run(self, source: Source, stop: threading.Event) -> None:
        sink = _Forwarding(source.camera, self._outgoing)
        capture = Capture(source, sink, self._opener, rounds=self._rounds)
        sink.offset = lambda: capture.clock_offset_s
        capture.run(stop, lambda error: self._outgoing.put(Failed(source.camera, error)))
        if not stop.is_set():
            self._outgoing.put(Over(source.camera))


class _Forwarded(logging.handlers.QueueHandler):
    """Hands log records over; `prepare` makes them fit to be sent."""

    def __init__(self, outgoing: Outgoing) -> None:
        super().__init__(None)  # type: ignore[arg-type]  # there is no queue but ours
        self._outgoing = outgoing

    def enqueue(self, record: logging.LogRecord) -> None:
        self._outgoing.put(Logged(record))


def main(connection: Connection, at_once: int) -> None:
    """Capture until the connection closes."""
    keep_freed_memory()
    outgoing = Outgoing()
    logging.getLogger().handlers = [_Forwarded(outgoing)]
    logging.getLogger().setLevel(logging.INFO)
    captures = Captures(outgoing, at_once)
    sending = threading.Thread(target=_send, args=(connection, outgoing), daemon=True)
    sending.start()
    try:
        while True:
            told = connection.recv()
            if isinstance(told, Watch):
                captures.watch(told.source)
            elif isinstance(told, Told):
                captures.tell(told.addresses)
    except (EOFError, OSError):
        pass


def _send(connection: Connection, outgoing: Outgoing) -> None:
    used_at = 0.0
    try:
        while True:
            captured = outgoing.take()
            if time.monotonic() - used_at >= USED_EVERY_S:
                used_at = time.monotonic()
                captured.append(Used(time.process_time()))
            connection.send(captured)
            time.sleep(GATHERED_S)
    except OSError:
        os._exit(0)  # the detector is gone: nothing that waits here is of use to anybody


if __name__ == "__main__":
    # The detector ends this process by closing the connection, after it has ended itself.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    main(Connection(int(sys.argv[1])), int(sys.argv[2]))
    os._exit(0)  # captures that wait for a camera are not waited for
