"""Real streams, broken: as files on dying disks are, and as cameras send them."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.detector.footage import Footage
from viahe_detector.media import Coded, OpenedStream, StreamFacts


class Unsteady:
    """An open stream whose packets come with times and losses that no file could hold."""

    def __init__(self, stream: OpenedStream, chance: random.Random, often: float) -> None:
        self.given: list[Coded] = []
        self._stream = stream
        self._chance = chance
        self._often = often
        self._off = 0

    @property
    def facts(self) -> StreamFacts:
        return self._stream.facts

    def close(self) -> None:
        self._stream.close()

    def packets(self) -> Iterator[Coded]:
        for coded in self._stream.packets():
            steady = self._chance.random() >= self._often
            for each in [coded] if steady else self._disturbed(coded):
                self.given.append(each)
                yield each

    def _disturbed(self, coded: Coded) -> list[Coded]:
        """One of the things that cameras do, to one packet."""
        chance = self._chance
        back = replace(coded, pts=_less(coded.pts, 10**5), dts=_less(coded.dts, 10**5))
        far = chance.choice([-1, 1]) * 10 ** chance.randrange(3, 18)
        return chance.choice(
            [
                [],
                [coded, coded],
                [back],
                [back, coded],
                [replace(coded, pts=_less(coded.pts, far), dts=_less(coded.dts, far))],
                [replace(coded, pts=_less(coded.pts, far))],
                [replace(coded, pts=None)],
                [replace(coded, dts=None)],
                [replace(coded, pts=None, dts=None, duration=0)],
                [replace(coded, duration=far)],
                [replace(coded, data=b"\0")] * chance.randrange(300),
                [replace(coded, data=coded.data + bytes(chance.choice([10, 10**4, 10**6])))],
                [replace(coded, keyframe=not coded.keyframe)],
            ]
        )


def _less(ticks: int | None, by: int) -> int | None:
    return None if ticks is None else ticks - by


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Bits turned, pieces lost, doubled and moved: what networks and dying disks do."""
    broken = bytearray(data)
    for _ in range(chance.choice([0, 1, 3, 30])):
        if len(broken) < 100:
            break
        place = chance.randrange(len(broken))
        length = chance.choice([1, 8, 200, 2000])
        piece = broken[place : place + length]
        kind = chance.choice(["turn", "lose", "double", "noise", "move", "cut"])
        if kind == "turn":
            broken[place] ^= 1 << chance.randrange(8)
        elif kind == "lose":
            del broken[place : place + length]
        elif kind == "double":
            broken[place:place] = piece
        elif kind == "noise":
            broken[place : place + length] = chance.randbytes(len(piece))
        elif kind == "move":
            del broken[place : place + length]
            to = chance.randrange(len(broken) + 1)
            broken[to:to] = piece
        elif len(broken) > len(data) // 2:
            del broken[chance.randrange(len(broken) // 2, len(broken)) :]
    return bytes(broken)


@cache
def whole(encoder: str, suffix: str, b_frames: int) -> bytes:
    with TemporaryDirectory() as folder:
        footage = Footage(seconds=3, b_frames=b_frames, encoder=encoder)
        return footage.write(Path(folder) / f"whole{suffix}").read_bytes()
