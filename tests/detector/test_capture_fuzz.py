"""Whatever a camera sends: errors stay in their tree, memory in its bounds."""

import random
import resource
from pathlib import Path

import pytest

from tests.detector.footage import Footage
from viahe_detector.capture import Capture, Source
from viahe_detector.errors import Ended, EvidenceError, SourceError
from viahe_detector.media import KeyDecoder, Packet, StreamFacts, write_clip
from viahe_detector.ring import Ring

RING_BYTES = 12_000
TIMES = 40


class Watched:
    """Into the ring with every packet, and every key frame decoded, as a camera watch does."""

    def __init__(self) -> None:
        self.ring = Ring(1.5, RING_BYTES, max_holdings=2, max_held_bytes=RING_BYTES)
        self.packets = 0
        self.largest = 0
        self._decoder: KeyDecoder | None = None

    def on_run(self, run: str, facts: StreamFacts) -> None:
        self.ring.on_run(run, facts)
        self._decoder = KeyDecoder(facts)

    def on_packet(self, packet: Packet) -> None:
        self.ring.on_packet(packet)
        self.packets += 1
        self.largest = max(self.largest, self.ring.bytes_held)
        if packet.keyframe and self._decoder is not None:
            self._decoder.picture(packet)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Bits turned, pieces lost, doubled and moved: what networks and dying disks do."""
    broken = bytearray(data)
    for _ in range(chance.choice([1, 3, 30])):
        if len(broken) < 100:
            break
        place = chance.randrange(len(broken))
        length = chance.choice([1, 8, 200, 2000])
        piece = broken[place : place + length]
        kind = chance.choice(["turn", "lose", "double", "noise", "cut"])
        if kind == "turn":
            broken[place] ^= 1 << chance.randrange(8)
        elif kind == "lose":
            del broken[place : place + length]
        elif kind == "double":
            broken[place:place] = piece
        elif kind == "noise":
            broken[place : place + length] = chance.randbytes(len(piece))
        elif len(broken) > len(data) // 2:
            del broken[chance.randrange(len(broken) // 2, len(broken)) :]
    return bytes(broken)


@pytest.mark.parametrize(
    ("encoder", "suffix"),
    [
        ("libx264", ".mp4"),
        ("libx264", ".ts"),
        ("libx264", ".avi"),
        ("libx264", ".mkv"),
        ("libx265", ".mp4"),
        ("libx265", ".ts"),
    ],
)
def test_a_damaged_stream_never_raises_anything_but_a_source_error(
    tmp_path: Path, encoder: str, suffix: str
) -> None:
    whole = Footage(seconds=3, b_frames=3, encoder=encoder).write(tmp_path / f"whole{suffix}")
    chance = random.Random(20261122)
    path = tmp_path / f"broken{suffix}"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ended = read = 0
    for _ in range(TIMES):
        path.write_bytes(mutated(whole.read_bytes(), chance))
        watched = Watched()
        with pytest.raises(SourceError) as error:
            Capture(Source("cam-1", str(path)), watched).run_once()
        ended += isinstance(error.value, Ended)
        assert "\n" not in str(error.value)
        read += watched.packets
        assert watched.largest <= RING_BYTES
        cut_whatever_is_there(watched.ring, tmp_path)
    assert ended > 3, "nothing was readable enough to test anything"
    assert read > 50
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 300 * 1024


def cut_whatever_is_there(ring: Ring, folder: Path) -> None:
    span = ring.span()
    if span is None:
        return
    run, start, end = span
    cut = ring.cut(run, start - 1, end + 1)
    ring.keep("case", cut)
    assert ring.bytes_kept <= RING_BYTES
    for segment in cut.segments:
        try:
            write_clip(folder / "clip.mp4", segment.facts, [segment.packets])
        except EvidenceError:
            continue
