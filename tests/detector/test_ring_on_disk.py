"""A ring on disk is the ring in memory, and is there again however the program ended."""

import threading
import tracemalloc
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detector.footage import Footage, Received, coded, has_b_frames, received
from tests.detector.packets import FACTS, fill, on_disk, stream
from viahe_detector.media import Packet, write_clip
from viahe_detector.ring import Ring

MANY = 10**9
FOOTAGE = {
    "0 B-frames": Footage(seconds=6),
    "3 B-frames": Footage(seconds=6, b_frames=3),
    "3 B-frames, open groups, H.265": Footage(
        seconds=6, b_frames=3, open_groups=True, encoder="libx265"
    ),
}


@cache
def filmed(name: str) -> tuple[Received, list[bytes]]:
    with TemporaryDirectory() as folder:
        path = FOOTAGE[name].write(Path(folder) / "street.mp4")
        assert has_b_frames(path) == bool(FOOTAGE[name].b_frames)
        return received(path), coded(path)


@pytest.mark.parametrize("name", FOOTAGE)
@settings(max_examples=15)
@given(
    start=st.floats(-1, 6),
    length=st.floats(0, 6),
    every=st.integers(1, 30),
    reel_s=st.sampled_from([0.0, 2.0, 100.0]),
)
def test_a_cut_is_the_one_from_memory_wherever_its_packets_lie(
    name: str, start: float, length: float, every: int, reel_s: float
) -> None:
    source, sent = filmed(name)
    memory = Ring(1000, MANY)
    memory.on_run(source.run, source.facts)
    with TemporaryDirectory() as folder, on_disk(Path(folder), reel_s) as ring:
        ring.on_run(source.run, source.facts)
        for packet in source.packets:
            memory.on_packet(packet)
            ring.on_packet(packet)
            if packet.index % every == 0:
                ring.write_behind()
        cut = ring.cut(source.run, start, start + length)
        assert cut == memory.cut(source.run, start, start + length)
        for segment in cut.segments:
            assert [p.data for p in segment.packets] == [sent[p.index] for p in segment.packets]


@settings(max_examples=30)
@given(start=st.floats(-4, 9), length=st.floats(0, 9), groups=st.integers(0, 6))
def test_it_is_the_same_over_a_reconnection_and_a_restart(
    start: float, length: float, groups: int
) -> None:
    first, second = stream("r-1", groups=3), stream("r-2", groups=3, at=1_005.5)
    both = [*first, *second]
    whole = fill(Ring(1000, MANY), first, second)
    with TemporaryDirectory() as folder:
        for part in (both[: 10 * groups], both[10 * groups :]):
            with on_disk(Path(folder)) as ring:
                for packet in part:
                    ring.on_run(packet.run, FACTS)
                    ring.on_packet(packet)
                ring.write_behind()
                cuts = [ring.cut(run, start, start + length) for run in ("r-1", "r-2")]
        assert cuts == [whole.cut(run, start, start + length) for run in ("r-1", "r-2")]


def test_seconds_go_on_by_the_wall_clock_over_a_restart(tmp_path: Path) -> None:
    with on_disk(tmp_path, reel_s=0.0, seconds=20.0) as ring:
        fill(ring, stream("r-1", groups=6, at=1_000.0))
    with on_disk(tmp_path, reel_s=0.0, seconds=20.0) as ring:
        fill(ring, stream("r-2", groups=3, at=1_019.5))
        assert [p.at for p in ring.cut("r-1", 0.0, 6.0).keyframes()] == [
            1_002.0,
            1_003.0,
            1_004.0,
            1_005.0,
        ]
        assert ring.seconds_held == pytest.approx(20.4, abs=0.2)


def test_a_clip_can_be_made_of_what_was_there_before_a_restart(tmp_path: Path) -> None:
    source, sent = filmed("3 B-frames")
    with on_disk(tmp_path / "ring") as ring:
        ring.on_run(source.run, source.facts)
        for packet in source.packets:
            ring.on_packet(packet)
        ring.write_behind()
    with on_disk(tmp_path / "ring") as ring:
        cut = ring.cut(source.run, 1.25, 3.55)
        assert cut.gaps == ()
        facts = ring.facts(source.run)
        assert facts == source.facts
        assert facts is not None
        write_clip(tmp_path / "clip.mp4", facts, [segment.packets for segment in cut.segments])
    kept = [packet.index for segment in cut.segments for packet in segment.packets]
    assert coded(tmp_path / "clip.mp4") == [sent[index] for index in kept]


def test_what_is_removed_while_it_is_read_is_a_gap(tmp_path: Path) -> None:
    with on_disk(tmp_path, reel_s=0.0) as ring:
        fill(ring, stream())
        (tmp_path / "00000003.reel").unlink()
        cut = ring.cut("r-1", 0.0, 5.9)
    assert [(round(start, 3), round(end, 3)) for start, end in cut.gaps] == [(2.0, 3.0)]


def test_cuts_go_on_while_packets_come_and_reels_go(tmp_path: Path) -> None:
    sent = stream(groups=60, size=500)
    wrong, over = list[Packet](), threading.Event()

    def look_back() -> None:
        while not over.is_set():
            for segment in ring.cut("r-1", 0.0, 100.0).segments:
                wrong.extend(packet for packet in segment.packets if packet != sent[packet.index])

    with on_disk(tmp_path, reel_s=0.0, seconds=3.0) as ring:
        threads = [threading.Thread(target=look_back) for _ in range(2)]
        for thread in threads:
            thread.start()
        fill(ring, sent)
        over.set()
        for thread in threads:
            thread.join(20)
        assert not any(thread.is_alive() for thread in threads)
        span = ring.span()
    assert wrong == []
    assert span is not None
    assert 3.0 <= span[2] - span[1] < 5.0


def test_an_hour_takes_little_memory(tmp_path: Path) -> None:
    key, *rest = stream(groups=1, size=500)
    with on_disk(tmp_path, reel_s=None, seconds=3600.0) as ring:
        ring.on_run("r-1", FACTS)
        tracemalloc.start()
        for second in range(3600):
            for each in (key, *rest[:1]):
                index = 2 * second + each.index
                ring.on_packet(
                    replace(each, index=index, t=each.t + second, dts_t=each.dts_t + second)
                )
            ring.write_behind()
        taken, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert taken < 3600 * 700
        assert ring.seconds_held > 3590
        assert len(list(tmp_path.iterdir())) < 40
        assert [p.index for p in ring.cut("r-1", 1800.0, 1800.0).keyframes()] == [3600]
