"""Which packets are looked at."""

import itertools

import pytest

from viahe_detector.cadence import Cadence
from viahe_detector.media import Packet


def stream(seconds: float, key_every_s: float, fps: float = 25.0) -> list[Packet]:
    keys = round(key_every_s * fps)
    return [
        Packet("r1", i, i / fps, i / fps, 1 / fps, i % keys == 0, b"x", i, i, 0.0, 0.0)
        for i in range(round(seconds * fps))
    ]


def looked_at(packets: list[Packet], every_s: float) -> list[Packet]:
    cadence = Cadence(every_s)
    return [packet for packet in packets if cadence.wants(packet)]


@pytest.mark.parametrize(("every_s", "key_every_s"), [(2.0, 2.0), (2.0, 1.0), (1.0, 1.0)])
def test_where_key_frames_come_often_only_they_are_looked_at(
    every_s: float, key_every_s: float
) -> None:
    looks = looked_at(stream(60, key_every_s), every_s)
    assert all(packet.keyframe for packet in looks)
    assert len(looks) == pytest.approx(60 / every_s, abs=1)


@pytest.mark.parametrize("key_every_s", [2.0, 5.0, 10.0, 60.0])
def test_where_key_frames_are_rare_pictures_between_them_are_looked_at(key_every_s: float) -> None:
    times = [packet.t for packet in looked_at(stream(60, key_every_s), 1.0)]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert max(gaps) <= 1.6
    assert len(times) >= 45


def test_a_new_run_is_looked_at_from_its_first_packet() -> None:
    cadence = Cadence(2.0)
    first = [p for p in stream(5, 2.0) if cadence.wants(p)]
    again = Packet("r2", 0, 0.0, 0.0, 0.04, True, b"x", 0, 0, 0.0, 0.0)
    assert first
    assert cadence.wants(again)
