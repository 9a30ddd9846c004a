"""A camera's packets, with media time, wall time and run: opened, read, opened again."""

import hashlib
import logging
import math
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Protocol

from viahe_detector.errors import Ended, NotGiven, NotVideo, SourceError
from viahe_detector.media import (
    Coded,
    OpenedStream,
    Packet,
    StreamFacts,
    Timeouts,
    is_live,
    open_stream,
    redacted,
)
from viahe_detector.rounds import Rounds
from viahe_detector.timeline import Placed, Timeline
from viahe_detector.wallclock import ArrivalTime, Clock, FileTime, SystemClock, WallTime

__all__ = ["Capture", "Clock", "Sink", "Source", "StreamOpener", "SystemClock"]

StreamOpener = Callable[[str, Timeouts], OpenedStream]

_LONGEST_PAUSE_S = 30.0
_NOT_GIVEN_PAUSE_S = 2.0
"""Asking whether there is such a stream by now costs nothing and is not logged."""

log = logging.getLogger(__name__)


class Sink(Protocol):
    """Who receives packets. Called on the thread that runs the capture; must not block long."""

    def on_run(self, run: str, facts: StreamFacts) -> None:
        """A run begins; its packets follow."""
        ...

    def on_packet(self, packet: Packet) -> None:
        """The next packet of the run, in decode order."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """What to open for a camera, and how its time is read.

    `address` is a path or an RTSP address. A file is read as fast as the sink takes it unless
    `realtime`; its pictures were taken from `starts_at` (UTC seconds) on, or, where that is
    None, from the file's modification time on. A `realtime` file without `starts_at` is treated
    as a camera: its pictures are taken when they arrive.
    """

    camera: str
    address: str
    realtime: bool = False
    starts_at: float | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)

    @property
    def live(self) -> bool:
        """Whether there is a camera at the other end rather than a file."""
        return is_live(self.address)


class Capture:
    """Reads one source, on the thread that calls it unless it is told otherwise. Never decodes."""

    def __init__(
        self,
        source: Source,
        sink: Sink,
        opener: StreamOpener = open_stream,
        clock: Clock | None = None,
        jitter: random.Random | None = None,
        rounds: Rounds | None = None,
    ) -> None:
        """With `rounds`, a stream that can be read in turn with others is, on their thread."""
        self._source = source
        self._sink = sink
        self._opener = opener
        self._clock = clock or SystemClock()
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads reconnections, no secret
        self._rounds = rounds
        self._delivered = 0
        self._clock_offset_s: float | None = None
        self._named = 0

    @property
    def clock_source(self) -> str:
        """Where wall times come from: `arrival` for cameras, `file` for files."""
        return "arrival" if self._by_arrival else "file"

    @property
    def clock_offset_s(self) -> float | None:
        """Seconds to add to the camera's own clock to get this machine's.

        Measured at the last packet, coding and network included (a tenth of a second or so);
        None for files, and for cameras that do not tell the time.
        """
        return self._clock_offset_s

    @property
    def delivered(self) -> int:
        """Packets given to the sink so far."""
        return self._delivered

    def run_once(self, stop: threading.Event | None = None) -> None:
        """Open and read until something ends it, which is raised as a `SourceError`.

        Returns only when `stop` is set. Opening blocks up to `timeouts.open_s`, reading up to
        `timeouts.packet_s`; `stop` is looked at between packets.
        """
        stop = stop or threading.Event()
        stream = self._opener(self._source.address, self._source.timeouts)
        try:
            arriving = None if self._rounds is None else stream.arriving()
            if self._rounds is not None and arriving is not None:
                self._rounds.read(self._reading(stream, arriving, stop))
            else:
                for _ in self._reading(stream, stream.packets(), stop):
                    """It waits by itself."""
        finally:
            stream.close()
        if not stop.is_set():
            raise Ended(f"{redacted(self._source.address)} has ended")

    def run(
        self, stop: threading.Event, on_error: Callable[[SourceError], None] | None = None
    ) -> None:
        """Read for as long as `stop` is not set, opening a camera again after every failure.

        The pause doubles from 1 s to 30 s, less up to half of it by chance so that cameras do
        not return all at once, and starts over once packets have come. Every failure is logged
        in one line and given to `on_error`, but that a camera has no such stream (`NotGiven`),
        which is no failure. Returns when `stop` is set, or when a file is over
        or cannot be read.
        """
        pause = 1.0
        while not stop.is_set():
            delivered = self._delivered
            try:
                self.run_once(stop)
            except NotGiven:
                self._clock.wait(stop, _NOT_GIVEN_PAUSE_S)
            except SourceError as error:
                over = isinstance(error, Ended) and not self._source.live
                log.log(
                    logging.INFO if over else logging.WARNING,
                    "camera %s: %s",
                    self._source.camera,
                    error,
                )
                if on_error is not None:
                    on_error(error)
                if not self._source.live:
                    return
                if self._delivered > delivered:
                    pause = 1.0
                self._clock.wait(stop, pause * self._jitter.uniform(0.5, 1.0))
                pause = min(2 * pause, _LONGEST_PAUSE_S)

    @property
    def _by_arrival(self) -> bool:
        return self._source.live or (self._source.realtime and self._source.starts_at is None)

    def _wall(self) -> WallTime:
        if self._by_arrival:
            return ArrivalTime(self._clock, self._source.camera)
        return FileTime(self._clock, self._source.address, self._source.starts_at)

    def _reading(
        self, stream: OpenedStream, arriving: Iterator[Coded | None], stop: threading.Event
    ) -> Iterator[None]:
        """Yields where no more has arrived for now."""
        timeline, wall = Timeline(), self._wall()
        self._clock_offset_s = None
        runs = self._camera_runs() if self._source.live else file_runs(self._source.address)
        pace = _Pace(self._clock) if self._source.realtime and not self._source.live else None
        run = ""
        for coded in arriving:
            if coded is None:
                if stop.is_set():
                    return
                yield
                continue
            placed = timeline.place(coded, stream.facts)
            if placed is None:
                continue
            if pace is not None:
                pace.wait(stop, placed)
            if stop.is_set():
                return
            if placed.begins:
                self._refuse_sizeless(stream.facts)
                if run:
                    log.warning(
                        "camera %s: the stream's clock or its pictures' form jumped after run %s; "
                        "a new run begins",
                        self._source.camera,
                        run,
                    )
                run = next(runs)
                wall.begin()
                self._sink.on_run(run, stream.facts)
            packet = _packet(run, placed, coded, wall)
            if self._source.live and coded.camera_at is not None:
                self._clock_offset_s = packet.at - coded.camera_at
            self._sink.on_packet(packet)
            self._delivered += 1

    def _refuse_sizeless(self, facts: StreamFacts) -> None:
        if not facts.width or not facts.height:
            raise NotVideo(
                f"{redacted(self._source.address)} never says how large its pictures are"
            )

    def _camera_runs(self) -> Iterator[str]:
        """Names by the instant a run's first packet came; never twice, should the clock go back."""
        while True:
            millisecond = math.floor(self._clock.now() * 1000)
            self._named = max(millisecond, self._named + 1)
            began = datetime.fromtimestamp(self._named / 1000, UTC)
            yield f"r-{began:%Y%m%dT%H%M%S}.{self._named % 1000:03d}"


def file_runs(path: str) -> Iterator[str]:
    """Names that follow from a file's content, so that a replay gives the same keys.

    The first run is `f-` and 12 hexadecimal digits of the SHA-256 of the file's first MiB and
    its size; should the file have more runs, these carry their number, from `-2` on.
    """
    with Path(path).open("rb") as file:
        digest = hashlib.sha256(file.read(2**20))
        digest.update(str(file.seek(0, 2)).encode())
    name = f"f-{digest.hexdigest()[:12]}"
    yield name
    for number in count(2):
        yield f"{name}-{number}"


def _packet(run: str, placed: Placed, coded: Coded, wall: WallTime) -> Packet:
    arrived_at, at = wall.stamp(placed.t)
    return Packet(
        run=run,
        index=placed.index,
        t=placed.t,
        dts_t=placed.dts_t,
        duration_s=placed.duration_s,
        keyframe=coded.keyframe,
        data=coded.data,
        pts=placed.pts,
        dts=placed.dts,
        arrived_at=arrived_at,
        at=at,
    )


class _Pace:
    """Holds a file's packets back until a camera would have sent them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = 0.0

    def wait(self, stop: threading.Event, placed: Placed) -> None:
        now = self._clock.monotonic()
        if placed.begins:
            self._began = now - placed.dts_t
        delay = self._began + placed.dts_t - now
        if delay > 0:
            self._clock.wait(stop, delay)
