"""Trying a camera's streams for somebody who waits at its page: a still, and what was measured."""

import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from viahe_detector.addresses import AddressBook
from viahe_detector.assignment import Addresses, AskedTest
from viahe_detector.capture import Capture, Source, StreamOpener
from viahe_detector.errors import CannotOpen, ReportError, SourceError, Undecodable
from viahe_detector.media import Packet, StreamFacts, Timeouts, decode_key, jpeg

MEASURED_S = 6.0
"""Media seconds that suffice where they hold two key frames."""
LONGEST_S = 15.0
"""Media seconds after which a stream is measured, with or without a second key frame."""
TIMEOUTS = Timeouts(open_s=8.0, packet_s=5.0)
SENDING_TRIES = 5
LONGEST_REASON = 300

log = logging.getLogger(__name__)


class Answered(Protocol):
    """Where answers go: the review API."""

    def show_test_still(self, test: int, jpeg: bytes) -> None:
        """Raises ReportError."""
        ...

    def answer_test(self, test: int, streams: list[dict[str, Any]]) -> None:
        """Raises ReportError."""
        ...


@dataclass(frozen=True, slots=True)
class Tried:
    """One stream: its measured facts as the contract has them, or the one-line reason."""

    facts: Mapping[str, Any] | None
    reason: str = ""
    still: bytes | None = field(default=None, repr=False)


class ConnectionTests:
    """Takes tests that are asked and answers each once, on a thread of its own."""

    def __init__(
        self, api: Answered, book: AddressBook, own: Mapping[str, Addresses], opener: StreamOpener
    ) -> None:
        """`own` are the addresses of the detector's own settings, by camera."""
        self._api, self._book, self._own, self._opener = api, book, own, opener
        self._asked: deque[AskedTest] = deque()
        self._newest = 0
        self._wake = threading.Event()

    def take(self, tests: Iterable[AskedTest]) -> None:
        """Note the tests that were not asked before; from any one thread."""
        for test in sorted(tests, key=lambda test: test.id):
            if test.id > self._newest:
                self._newest = test.id
                self._asked.append(test)
                self._wake.set()

    def run(self, stop: threading.Event) -> None:
        """Try and answer until `stop` is set."""
        while not stop.is_set():
            self._wake.wait(0.5)
            self._wake.clear()
            self.settle(stop)

    def settle(self, stop: threading.Event) -> None:
        """Try and answer all that was asked, on the caller's thread."""
        while self._asked and not stop.is_set():
            test = self._asked.popleft()
            results = {name: self._tried(test.camera, at) for name, at in self._streams(test)}
            self._send(test, results, stop)

    def _streams(self, test: AskedTest) -> Iterator[tuple[str, str]]:
        """The streams to try by name; one that serves for both is tried once, as recorded."""
        addresses = self._own.get(test.camera) or self._book.of(test.camera)
        if addresses is None:
            yield "record", ""
            return
        yield "record", addresses.record
        if addresses.watch != addresses.record:
            yield "watch", addresses.watch

    def _tried(self, camera: str, address: str) -> Tried:
        if not address:
            return Tried(None, "no address is kept for this camera")
        try:
            return tried(camera, address, self._opener)
        except SourceError as error:
            return Tried(None, str(error)[:LONGEST_REASON])

    def _send(self, test: AskedTest, results: Mapping[str, Tried], stop: threading.Event) -> None:
        streams = [
            {"stream": name, "facts": result.facts, "reason": result.reason}
            for name, result in results.items()
        ]
        still = next((result.still for result in results.values() if result.still), None)
        for _ in range(SENDING_TRIES):
            try:
                if still is not None:
                    self._api.show_test_still(test.id, still)
                self._api.answer_test(test.id, streams)
            except ReportError as error:
                log.warning("connection test of %s: %s", test.camera, error)
                if stop.wait(2.0):
                    return
            else:
                log.info("connection test of %s answered", test.camera)
                return


def tried(camera: str, address: str, opener: StreamOpener) -> Tried:
    """What a stream is, measured over some seconds of it.

    Blocks for `LONGEST_S` and the timeouts at most. Raises SourceError where it cannot be opened,
    or breaks off before a picture can be had.
    """
    enough = threading.Event()
    measure = _Measure(enough)
    capture = Capture(Source(camera, address, timeouts=TIMEOUTS), measure, opener)
    try:
        capture.run_once(enough)
    except SourceError:
        if not measure.packets:
            raise
    if measure.facts is None:
        raise CannotOpen("the stream opens and sends no picture")
    return Tried(_measured(measure, capture.clock_offset_s), still=_still(measure))


class _Measure:
    """Counts a stream's packets until there are enough; keeps the first key frame."""

    def __init__(self, enough: threading.Event) -> None:
        self.facts: StreamFacts | None = None
        self.packets: list[tuple[float, bool, int]] = []
        self.key: Packet | None = None
        self._enough = enough

    def on_run(self, run: str, facts: StreamFacts) -> None:
        self.facts, self.packets, self.key = facts, [], None

    def on_packet(self, packet: Packet) -> None:
        self.packets.append((packet.dts_t, packet.keyframe, len(packet.data)))
        if packet.keyframe and self.key is None:
            self.key = packet
        span = self.packets[-1][0] - self.packets[0][0]
        if span >= LONGEST_S or (span >= MEASURED_S and len(key_times(self.packets)) > 1):
            self._enough.set()


def key_times(packets: Iterable[tuple[float, bool, int]]) -> list[float]:
    """Media seconds of the key frames."""
    return [at for at, is_key, _ in packets if is_key]


def _measured(measure: _Measure, clock_offset_s: float | None) -> dict[str, Any]:
    assert measure.facts is not None  # noqa: S101 - asked by the caller
    width, height = measure.facts.shown_size
    packets, keys = measure.packets, key_times(measure.packets)
    span = packets[-1][0] - packets[0][0]
    sent = sum(size for _, _, size in packets[:-1])  # the last one's time is not over
    return {
        "codec": measure.facts.codec,
        "width": width,
        "height": height,
        "pictures_per_s": round((len(packets) - 1) / span, 2) if span else None,
        "key_every_s": round((keys[-1] - keys[0]) / (len(keys) - 1), 2) if len(keys) > 1 else None,
        "kbit_per_s": round(sent * 8 / span / 1000, 1) if span else None,
        "clock_offset_s": None if clock_offset_s is None else round(clock_offset_s, 2),
        "measured_s": round(span, 1),
    }


def _still(measure: _Measure) -> bytes | None:
    if measure.key is None or measure.facts is None:
        return None
    try:
        return jpeg(decode_key(measure.facts, measure.key))
    except Undecodable:
        return None
