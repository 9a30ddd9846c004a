"""Streams broken at random, through the capture and the rings, for as long as one likes.

`python -m tests.detector.fuzz --minutes 5` says what was tried, and fails at the first thing that
is not as it must be; the seed it prints makes the same stream again.
"""

import argparse
import contextlib
import logging
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import av.error

from tests.detector.broken_streams import Unsteady, mutated, whole
from viahe_detector.capture import Capture, Source
from viahe_detector.errors import EvidenceError, SourceError
from viahe_detector.holdings import Holdings
from viahe_detector.media import (
    Coded,
    KeyDecoder,
    OpenedStream,
    Packet,
    StreamFacts,
    Timeouts,
    open_stream,
    write_clip,
)
from viahe_detector.ring import Ring
from viahe_detector.tape import Tape

KINDS = (
    ("libx264", ".mp4"),
    ("libx264", ".ts"),
    ("libx264", ".avi"),
    ("libx264", ".mkv"),
    ("libx264", ".flv"),
    ("libx265", ".mp4"),
    ("libx265", ".ts"),
    ("libx265", ".mkv"),
)
AMPLE = 10**9
TIGHT_BYTES = 30_000


@dataclass
class Tried:
    """What came of the streams so far."""

    streams: int = 0
    read: int = 0
    packets: int = 0
    runs: int = 0
    clips: int = 0


class Watched:
    """Into every ring with each packet, and every key frame decoded, as a camera watch does."""

    def __init__(self, folder: Path) -> None:
        self.tapes = [
            Tape(folder / "ample", 1000, AMPLE, reel_s=1.0),
            Tape(folder / "tight", 1.5, TIGHT_BYTES, reel_s=0.0),
        ]
        self.ample = [Ring(1000, AMPLE), Ring(1000, AMPLE, tape=self.tapes[0])]
        self.tight = [
            Ring(1.5, TIGHT_BYTES, Holdings(2, TIGHT_BYTES)),
            Ring(1.5, AMPLE, Holdings(2, TIGHT_BYTES), tape=self.tapes[1]),
        ]
        self.runs: dict[str, list[Packet]] = {}
        self.packets: list[Packet] = []
        self._decoder: KeyDecoder | None = None

    def on_run(self, run: str, facts: StreamFacts) -> None:
        assert run not in self.runs, "a run has begun twice"
        self.runs[run] = []
        for ring in (*self.ample, *self.tight):
            ring.on_run(run, facts)
        self._decoder = KeyDecoder(facts)

    def on_packet(self, packet: Packet) -> None:
        self.runs[packet.run].append(packet)
        self.packets.append(packet)
        for ring in (*self.ample, *self.tight):
            ring.on_packet(packet)
            if packet.index % 3 == 0:
                ring.write_behind()
        assert self.tight[0].bytes_held <= TIGHT_BYTES
        assert self.tight[1].bytes_on_disk <= TIGHT_BYTES
        if packet.keyframe and self._decoder is not None:
            self._decoder.picture(packet)

    def close(self) -> None:
        for tape in self.tapes:
            tape.close()


def try_one(seed: int, kind: tuple[str, str], folder: Path, tried: Tried) -> None:
    """Make one stream, break it, watch it, and compare what is kept with what it still holds.

    Raises AssertionError if anything is lost, added or changed that the stream itself did not.
    """
    encoder, suffix = kind
    chance = random.Random(seed)
    path = folder / f"broken{suffix}"
    path.write_bytes(mutated(whole(encoder, suffix, chance.choice([0, 3])), chance))
    often = chance.choice([0.0, 0.0, 0.02, 0.3])
    opened: list[Unsteady] = []

    def opener(source: str, timeouts: Timeouts) -> OpenedStream:
        opened.append(Unsteady(open_stream(source, timeouts), chance, often))
        return opened[0]

    source = Source("cam-1", str(path), starts_at=1_795_000_000.0)
    with TemporaryDirectory(dir=folder) as rings:
        watched = Watched(Path(rings))
        said = ""
        try:
            Capture(source, watched, opener).run_once()
        except SourceError as error:
            said = str(error)
        assert "\n" not in said
        given = opened[0].given if opened else []
        if not often:
            assert [coded.data for coded in given] == list(_coded(path))[: len(given)]
        _check_capture(given, watched)
        _check_rings(watched, folder, tried)
        watched.close()
    tried.streams += 1
    tried.read += bool(watched.packets)
    tried.packets += len(watched.packets)
    tried.runs += len(watched.runs)


def _check_capture(given: Sequence[Coded], watched: Watched) -> None:
    """Nothing is missing but what came before a run's first key frame."""
    place = 0
    for packets in watched.runs.values():
        assert packets[0].keyframe
        assert [packet.index for packet in packets] == list(range(len(packets)))
        while not (given[place].keyframe and given[place].data == packets[0].data):
            assert not given[place].keyframe, "a key frame was passed over"
            place += 1
        held = [packet.data for packet in packets]
        assert [coded.data for coded in given[place : place + len(held)]] == held
        place += len(held)


def _coded(path: Path) -> Iterator[bytes]:
    """What FFmpeg alone reads of a file's first video, up to where it gives up."""
    with (
        contextlib.suppress(av.error.FFmpegError, ValueError),
        av.open(str(path), metadata_errors="replace") as container,
    ):
        streams = [s for s in container.streams.video if getattr(s, "codec_context", None)]
        for packet in container.demux():
            if streams and packet.stream_index == streams[0].index and packet.size:
                yield bytes(packet)


def _check_rings(watched: Watched, folder: Path, tried: Tried) -> None:
    """Ample rings have everything; tight ones have its end; no cut has anything else."""
    for run, packets in watched.runs.items():
        start = min(p.t for p in packets) - 1
        end = max(p.t + p.duration_s for p in packets) + 1
        in_memory, on_disk = (ring.cut(run, start, end) for ring in watched.ample)
        assert in_memory == on_disk
        held = [p for segment in in_memory.segments for p in segment.packets if p.run == run]
        assert held == packets[: len(held)]
        assert len(held) == len(packets)
        middle = start + (end - start) / 2
        assert watched.ample[0].cut(run, middle, end) == watched.ample[1].cut(run, middle, end)
        for ring in watched.tight:
            cut = ring.cut(run, start, end)
            ring.keep("case", cut)
            assert ring.bytes_kept <= TIGHT_BYTES
            for segment in cut.segments:
                source = watched.runs[segment.run]
                first = segment.packets[0].index
                assert list(segment.packets) == source[first : first + len(segment.packets)]
        for segment in in_memory.segments:
            with contextlib.suppress(EvidenceError):
                write_clip(folder / "clip.mp4", segment.facts, [segment.packets])
                tried.clips += 1


def resident_mib() -> float:
    """Memory of this process now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    tried, seed, ends = Tried(), arguments.seed, time.monotonic() + 60 * arguments.minutes
    told = time.monotonic()
    with TemporaryDirectory() as folder:
        while time.monotonic() < ends:
            kind = KINDS[seed % len(KINDS)]
            try:
                try_one(seed, kind, Path(folder), tried)
            except Exception:
                print(f"seed {seed}, {kind}")
                raise
            seed += 1
            if time.monotonic() - told > 15:
                told = time.monotonic()
                files = len(list(Path("/proc/self/fd").iterdir()))
                print(f"{tried}, {resident_mib():.0f} MiB, {files} files open", flush=True)
    print(f"{tried}, {resident_mib():.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
