"""Streams of packets made by hand: numbers are all that a ring looks at."""

import contextlib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from viahe_detector.media import Packet, StreamFacts
from viahe_detector.ring import Ring
from viahe_detector.tape import Tape

FACTS = StreamFacts("h264", 160, 120, 0, Fraction(1, 1000), b"sets", 10.0, "High", b"")
GROUP_BYTES = 104_000
"""What a group of `stream` takes in memory; on disk it takes about 101,000."""
ORDER = (0, 4, 2, 1, 3, 8, 6, 5, 7, 9)
"""How a group of ten pictures with B-frames is sent: by the place each is shown at."""


def stream(
    run: str = "r-1",
    groups: int = 6,
    at: float = 1_000.0,
    size: int = 10_000,
    order: Sequence[int] = ORDER,
) -> list[Packet]:
    """Groups of one second, ten pictures each, in decode order; a key frame leads each group."""
    packets = []
    for index in range(groups * len(order)):
        group, place = divmod(index, len(order))
        tick = group * 1000 + order[place] * 100
        packets.append(
            Packet(
                run=run,
                index=index,
                t=tick / 1000,
                dts_t=index / 10 - 0.2,
                duration_s=0.1,
                keyframe=place == 0,
                data=bytes(size),
                pts=tick,
                dts=index * 100 - 200,
                arrived_at=at + tick / 1000,
                at=at + tick / 1000,
            )
        )
    return packets


def fill(ring: Ring, *streams: Sequence[Packet]) -> Ring:
    """Give a ring these streams, one run after another, written down before the next packet."""
    for packets in streams:
        ring.on_run(packets[0].run, FACTS)
        for packet in packets:
            ring.on_packet(packet)
            ring.write_behind()
    return ring


@contextlib.contextmanager
def on_disk(folder: Path, reel_s: float | None = 2.0, seconds: float = 1000.0) -> Iterator[Ring]:
    """A ring that goes on in a folder, as after a start, and is closed in order at the end."""
    tape = Tape(folder, seconds, 10**9, reel_s=reel_s)
    yield Ring(seconds, 10**9, tape=tape)
    tape.close()
