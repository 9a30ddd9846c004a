"""What a machine holds in other ways of watching, on the same footage and in the same minutes.

Each figure is the seconds of video that go through in a second, with every core at work: as
many cameras as could be held in real time if nothing else were to be done.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from viahe_detector.capture import Capture, Sink, Source
from viahe_detector.errors import BenchError, Ended
from viahe_detector.inference import Network
from viahe_detector.media import KeyDecoder, Packet, StreamFacts, decode_span

PICTURES_A_SECOND = 5.0

Work = Callable[[StreamFacts, Sequence[Packet]], None]


def key_frames_alone(files: Sequence[Path], seconds: float) -> float:
    """The floor: read the packets, decode the key frames, look at nothing."""
    stop = threading.Event()
    sinks = [_KeyFrames() for _ in range(_cores())]
    threads = [threading.Thread(target=_read, args=(files, each, stop)) for each in sinks]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return sum(sink.seconds for sink in sinks) / (time.monotonic() - began)


def everything_decoded(files: Sequence[Path], seconds: float, street: str, precision: str) -> float:
    """Decode every picture, and ask the street network about five a second."""
    network = Network.open(street, precision=precision, lanes=_cores())

    def work(facts: StreamFacts, packets: Sequence[Packet]) -> None:
        for picture in decode_span(facts, packets, fps=PICTURES_A_SECOND):
            network.detect(picture.bgr)

    return _held(files, seconds, work)


def tracking_loop(file: Path, seconds: float, weights: Path | None) -> float | str:
    """Ultralytics' own `YOLO.track(stream=True)`; why it was left out, where it cannot be run."""
    if find_spec("ultralytics") is None:
        return "skipped: Ultralytics is not installed here"
    if weights is None or not weights.exists():
        return "skipped: name YOLO weights with --yolo FILE"
    command = [sys.executable, "-m", "viahe_samples.tracking_loop"]
    command += [str(weights), str(file), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchError(f"Ultralytics' loop failed: {done.stderr.strip().splitlines()[-1]}")
    return float(json.loads(done.stdout.splitlines()[-1])["held"])


def _held(files: Sequence[Path], seconds: float, work: Work) -> float:
    """Seconds of video all cores together take in a second, groups of pictures at a time."""
    groups = [(facts, group) for file in files for facts, group in _groups(file)]
    done = [0.0] * _cores()
    ends = time.monotonic() + seconds

    def run(number: int) -> None:
        at = number
        while time.monotonic() < ends:
            facts, group = groups[at % len(groups)]
            work(facts, group)
            done[number] += sum(packet.duration_s for packet in group)
            at += len(done)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(done))]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.monotonic() - began)


def _read(files: Sequence[Path], sink: Sink, stop: threading.Event) -> None:
    """Give the files' packets to the sink, again and again."""
    while not stop.is_set():
        for file in files:
            with contextlib.suppress(Ended):
                Capture(Source(file.stem, str(file)), sink).run_once(stop)


class _KeyFrames:
    """A sink that decodes key frames, and counts the seconds of all packets."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._decoder: KeyDecoder | None = None

    def on_run(self, run: str, facts: StreamFacts) -> None:
        self._decoder = KeyDecoder(facts)

    def on_packet(self, packet: Packet) -> None:
        self.seconds += packet.duration_s
        if packet.keyframe and self._decoder is not None:
            self._decoder.picture(packet)


class _Packets:
    """A sink that keeps everything."""

    def __init__(self) -> None:
        self.facts: StreamFacts | None = None
        self.packets: list[Packet] = []

    def on_run(self, run: str, facts: StreamFacts) -> None:
        self.facts = facts

    def on_packet(self, packet: Packet) -> None:
        self.packets.append(packet)


def _groups(file: Path) -> Iterator[tuple[StreamFacts, Sequence[Packet]]]:
    """The file's groups, each from its key frame to the next."""
    sink = _Packets()
    with contextlib.suppress(Ended):
        Capture(Source(file.stem, str(file)), sink).run_once()
    keys = [n for n, packet in enumerate(sink.packets) if packet.keyframe]
    for begin, end in zip(keys, [*keys[1:], len(sink.packets)], strict=True):
        if sink.facts is not None:
            yield sink.facts, sink.packets[begin:end]


def _cores() -> int:
    return os.cpu_count() or 1
