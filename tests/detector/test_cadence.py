"""Which packets are looked at."""

import itertools
from dataclasses import replace

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


def busy(packets: list[Packet], start: float, end: float) -> list[Packet]:
    """The packets, ten times as large between two seconds."""
    return [
        replace(p, data=p.data * (1000 if start <= p.t < end and not p.keyframe else 100))
        for p in packets
    ]


def test_one_more_look_is_of_use_where_something_stirs_and_nowhere_else() -> None:
    cadence = Cadence(2.0)
    due, more = [], []
    for packet in busy(stream(60, 2.0), 30.0, 36.0):
        if cadence.wants(packet):
            due.append(packet.t)
        elif cadence.would_use(packet):
            more.append(packet.t)
    assert 2 <= len(more) <= 4
    assert all(30.0 <= t <= 36.5 for t in more)
    assert all(min(abs(t - other) for other in due) >= 0.7 for t in more)


def test_a_camera_that_always_moves_is_not_told_to_stir() -> None:
    cadence = Cadence(2.0)
    everything = busy(stream(60, 2.0), 0.0, 60.0)
    assert not any(not cadence.wants(p) and cadence.would_use(p) for p in everything)


def test_slow_growth_of_packets_becomes_usual() -> None:
    cadence = Cadence(2.0)
    growing = [
        replace(p, data=b"x" * round(1000 * (1 + p.t / 300))) for p in stream(600, 2.0, fps=5.0)
    ]
    assert not any(not cadence.wants(p) and cadence.would_use(p) for p in growing)
