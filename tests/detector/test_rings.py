"""All cameras' rings share their bounds: the oldest of all goes first, and the program says so."""

import logging
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.detector.packets import FACTS, GROUP_BYTES, fill, stream
from viahe_detector.config import WatchSettings
from viahe_detector.errors import ConfigError
from viahe_detector.holdings import Holdings
from viahe_detector.ring import Ring
from viahe_detector.rings import RETRY_S, WRITE_EVERY_S, Rings
from viahe_detector.room import Room
from viahe_detector.tape import Tape

MANY = 10**9
MIB = 2**20


def room_for(groups: float) -> Room:
    return Room(groups * GROUP_BYTES, "watch.ring_total_mib")


def begin_at(ring: Ring, run: str = "r-1") -> list[float]:
    """Wall times of the key frames a ring has of a run."""
    return [packet.at for packet in ring.cut(run, 0.0, 100.0).keyframes()]


def test_the_oldest_group_of_all_cameras_goes_first() -> None:
    room = room_for(5)
    early, late = Ring(1000, MANY, room=room), Ring(1000, MANY, room=room)
    fill(early, stream(groups=3, at=1_000.0))
    fill(late, stream(groups=4, at=1_001.5))
    assert begin_at(early) == [1_002.0]
    assert begin_at(late) == [1_001.5, 1_002.5, 1_003.5, 1_004.5]
    assert (early.dropped_groups, late.dropped_groups) == (2, 0)
    assert early.shortage == "no room: the ring reaches back 1 of 1000 s"
    assert late.shortage == ""


def test_no_camera_loses_the_group_it_is_writing_while_another_has_an_old_one() -> None:
    room = room_for(3)
    silent, busy = Ring(1000, MANY, room=room), Ring(1000, MANY, room=room)
    fill(silent, stream(groups=1, at=1.0))
    fill(busy, stream(groups=9))
    assert begin_at(silent) == [1.0]
    assert begin_at(busy) == [1_007.0, 1_008.0]


def test_groups_being_written_that_are_together_too_large_go_the_largest_first() -> None:
    room = room_for(2)
    small, large = Ring(1000, MANY, room=room), Ring(1000, MANY, room=room)
    fill(small, stream(groups=1))
    fill(large, [replace(p, data=bytes(30_000)) for p in stream(groups=1)])
    assert begin_at(small) == [1_000.0]
    assert begin_at(large) == []
    assert small.bytes_held + large.bytes_held <= 2 * GROUP_BYTES


def test_what_is_held_for_cases_is_bounded_over_all_cameras_the_oldest_first() -> None:
    room = room_for(2)
    rings = [Ring(1000, MANY, Holdings(64, MANY, room)) for _ in range(3)]
    for ring in rings:
        fill(ring, stream())
        ring.keep("case", ring.cut("r-1", 1.0, 1.9))
    assert [ring.dropped_holdings for ring in rings] == [1, 0, 0]
    rings[1].release("case")
    rings[0].keep("case", rings[0].cut("r-1", 1.0, 1.9))
    assert sum(ring.bytes_kept for ring in rings) == 2 * GROUP_BYTES
    assert [ring.dropped_holdings for ring in rings] == [1, 0, 0]


def test_that_room_runs_out_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    ring = Ring(1000, MANY, room=room_for(2))
    fill(ring, stream(groups=9))
    assert len(caplog.records) == 1
    assert "watch.ring_total_mib" in caplog.text


def test_many_threads_keep_the_bound_and_nobody_waits_for_another() -> None:
    room = room_for(20)
    rings = [Ring(1000, MANY, room=room) for _ in range(8)]
    held = list[int]()
    # Added up while rings fill and let go, eight figures of different moments would be one sum.
    all_still = threading.Barrier(8, lambda: held.append(sum(r.bytes_held for r in rings)), 60)

    def write(number: int) -> None:
        rings[number].on_run("r-1", FACTS)
        for count, packet in enumerate(stream(groups=40, at=number / 10)):
            rings[number].on_packet(packet)
            rings[number].cut("r-1", packet.t - 3, packet.t)
            if count % 7 == 0:
                all_still.wait()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert 15 * GROUP_BYTES < max(held) <= 20 * GROUP_BYTES
    assert sum(ring.bytes_held for ring in rings) <= 20 * GROUP_BYTES
    assert all(begin_at(ring) for ring in rings)


def test_small_streams_are_kept_within_what_all_rings_share() -> None:
    rings = Rings(WatchSettings(ring_total_mib=5 * GROUP_BYTES / MIB))
    large, small = rings.of("gate"), rings.of_small()
    fill(large, stream(groups=4))
    fill(small, stream(groups=4))
    assert large.bytes_held + small.bytes_held <= 5 * GROUP_BYTES


def test_on_disk_the_oldest_reel_of_all_cameras_goes_first(tmp_path: Path) -> None:
    room = room_for(5)
    tapes = [Tape(tmp_path / name, 1000, MANY, room, reel_s=0.0) for name in ("early", "late")]
    early, late = (Ring(1000, MANY, tape=tape) for tape in tapes)
    fill(early, stream(groups=3, at=1_000.0))
    fill(late, stream(groups=4, at=1_001.5))
    assert begin_at(early) == [1_002.0]
    assert begin_at(late) == [1_001.5, 1_002.5, 1_003.5, 1_004.5]
    assert early.dropped_groups == 2
    on_disk = sum(path.stat().st_size for path in tmp_path.rglob("*.reel"))
    assert on_disk <= 5 * GROUP_BYTES
    for tape in tapes:
        tape.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one MiB of its own, where the system lets us have one."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", tmp_path],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("no disk of its own: mounting is not allowed here")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_on_a_full_disk_the_ring_goes_on_in_memory_and_comes_back_when_there_is_room(
    small_disk: Path,
) -> None:
    other = small_disk / "other"
    other.write_bytes(bytes(700_000))
    tape = Tape(small_disk / "cam-1", 1000, MANY, reel_s=0.0)
    ring = Ring(1000, 4 * GROUP_BYTES, tape=tape)
    ring.on_run("r-1", FACTS)
    refused = 0
    for packet in stream(groups=9):
        ring.on_packet(packet)
        try:
            ring.write_behind()
        except OSError:
            refused += 1
    assert refused > 20
    assert ring.bytes_held <= 4 * GROUP_BYTES
    before = begin_at(ring)
    assert before[-4:] == [1_005.0, 1_006.0, 1_007.0, 1_008.0]
    assert len(before) > 5, "what was written before is there too"
    other.unlink()
    ring.write_behind()
    assert begin_at(ring) == before
    assert ring.bytes_held <= GROUP_BYTES, "all but the group in hand is on disk"
    tape.close()


def test_what_is_old_goes_even_while_the_disk_takes_nothing(tmp_path: Path) -> None:
    tape = Tape(tmp_path, 3.0, MANY, reel_s=0.0)
    ring = Ring(3.0, MANY, tape=tape)
    fill(ring, stream(groups=3))
    tape.close()
    full = Tape(tmp_path, 3.0, MANY, reel_s=0.0, leave_free=2**60)
    ring = Ring(3.0, MANY, tape=full)
    for packet in stream("r-2", groups=8, at=1_003.0):
        ring.on_run("r-2", FACTS)
        ring.on_packet(packet)
        with pytest.raises(OSError, match="No space"):
            ring.write_behind()
    assert len(list(tmp_path.iterdir())) == 1, "but for the last, which the ring still ends with"
    assert ring.dropped_groups == 0
    assert begin_at(ring, "r-2") == [1_007.0, 1_008.0, 1_009.0, 1_010.0]


class TestWrittenBehind:
    def test_a_disk_that_refuses_is_said_once_and_then_that_it_takes_again(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        rings = Rings(WatchSettings(ring_folder=str(tmp_path / "rings")))
        ring = rings.of("cam-1")
        aside = tmp_path / "aside"
        (tmp_path / "rings" / "cam-1").rename(aside)
        with caplog.at_level(logging.INFO):
            fill_unwritten(ring, 3)
            rings.close()
            rings.close()
            assert len(caplog.records) == 1
            assert "cam-1" in caplog.text
            assert "go on in memory" in caplog.text
            aside.rename(tmp_path / "rings" / "cam-1")
            rings.close()
        assert "written to disk again" in caplog.records[1].message
        assert len(begin_at(ring)) == 3
        assert ring.bytes_on_disk > 3 * 100_000

    def test_one_thread_writes_for_all_cameras_and_ends_when_told(self, tmp_path: Path) -> None:
        rings = Rings(WatchSettings(ring_folder=str(tmp_path)))
        stop = threading.Event()
        thread = threading.Thread(target=rings.run, args=(stop,))
        both = [rings.of("cam-1"), rings.of("cam-2")]
        thread.start()
        for ring in both:
            fill_unwritten(ring, 3)
        latest = threading.Event()
        while not all(ring.bytes_on_disk > 200_000 for ring in both):
            assert not latest.wait(0.05)
        stop.set()
        thread.join(RETRY_S + WRITE_EVERY_S)
        assert not thread.is_alive()
        rings.close()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["cam-1", "cam-2"]

    def test_the_ring_of_a_camera_nobody_watches_is_named_and_left_alone(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "cam-9").mkdir()
        rings = Rings(WatchSettings(ring_folder=str(tmp_path)))
        rings.of("cam-1")
        stop = threading.Event()
        stop.set()
        rings.run(stop)
        assert "cam-9 is the ring of a camera that is not watched" in caplog.text
        assert "cam-1" not in caplog.text
        assert (tmp_path / "cam-9").exists()

    def test_what_is_not_written_is_told_in_seconds_and_then_in_words(self, tmp_path: Path) -> None:
        ring = Rings(WatchSettings(ring_folder=str(tmp_path))).of("cam-1")
        fill_unwritten(ring, 10)
        assert ring.unwritten_s == pytest.approx(9.9)
        assert ring.shortage == ""
        ring.write_behind()
        assert ring.unwritten_s == 0.0
        fill(ring, stream("r-2", groups=1, at=2_000.0))
        fill_unwritten(ring, 20)
        assert ring.shortage == "the ring's last 20 s are in memory: the disk does not take them"

    def test_in_memory_there_is_nothing_to_write(self, tmp_path: Path) -> None:
        rings = Rings(WatchSettings())
        fill_unwritten(rings.of("cam-1"), 3)
        rings.run(threading.Event())
        rings.close()
        assert rings.of("cam-1").bytes_on_disk == 0
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_cannot_be_made_is_said_by_its_key(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(ConfigError, match=r"watch\.ring_folder: .*cam-1"):
            Rings(WatchSettings(ring_folder=str(tmp_path / "file"))).of("cam-1")

    def test_what_nobody_else_may_see_is_for_its_owner_alone(self, tmp_path: Path) -> None:
        rings = Rings(WatchSettings(ring_folder=str(tmp_path)))
        fill(rings.of("cam-1"), stream())
        rings.close()
        (reel,) = (tmp_path / "cam-1").iterdir()
        assert os.stat(reel).st_mode & 0o077 == 0
        assert os.stat(reel.parent).st_mode & 0o077 == 0


def fill_unwritten(ring: Ring, groups: int) -> None:
    ring.on_run("r-1", FACTS)
    for packet in stream(groups=groups):
        ring.on_packet(packet)
