"""A reel can be read whatever stopped its being written: what is torn is dropped and counted."""

import random
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detector.packets import fill, on_disk, stream
from viahe_detector.media import Packet
from viahe_detector.ring import Ring
from viahe_detector.tape import Tape

MANY = 10**9
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reel as it is when the process is killed: six groups, not finished."""
    folder = tmp_path_factory.mktemp("cut off")
    tape = Tape(folder / "whole", 1000, MANY, reel_s=1000)
    fill(Ring(1000, MANY, tape=tape), stream(size=500))
    shutil.copytree(folder / "whole", folder / "killed")
    tape.close()
    (reel,) = (folder / "killed").iterdir()
    return reel


def packets_in(ring: Ring) -> list[Packet]:
    segments = ring.cut("r-1", -10.0, 10_000.0).segments
    return [packet for each in segments for packet in each.packets]


def taken_up(reel: bytes) -> tuple[list[Packet], int]:
    """What is there after a start with this reel, and how many torn ends were counted.

    A second start says the same, from the index that the first has put right.
    """
    found = []
    with TemporaryDirectory() as folder:
        (Path(folder) / "00000001.reel").write_bytes(reel)
        for _ in range(2):
            with on_disk(Path(folder)) as ring:
                found.append((packets_in(ring), ring.torn))
    (packets, torn), (again, still_torn) = found
    assert packets == again
    assert still_torn == 0
    return packets, torn


@settings(max_examples=60)
@given(share=st.floats(0, 1))
def test_a_write_torn_anywhere_loses_what_was_torn_and_nothing_before(
    cut_off: Path, share: float
) -> None:
    whole = cut_off.read_bytes()
    length = round(share * len(whole))
    packets, torn = taken_up(whole[:length])
    assert packets == stream(size=500)[: len(packets)]
    # The facts and the records' heads take about as much as a packet.
    assert len(packets) >= length / (len(whole) / 60) - 2
    assert torn in (0, 1)
    if length == len(whole):
        assert (len(packets), torn) == (60, 0)


@settings(max_examples=60)
@given(share=st.floats(0, 1), length=st.integers(1, 3000), noise=st.booleans())
def test_what_a_power_cut_left_unwritten_is_never_taken_for_packets(
    cut_off: Path, share: float, length: int, noise: bool
) -> None:
    whole = bytearray(cut_off.read_bytes())
    start = round(share * len(whole))
    length = min(length, len(whole) - start)
    whole[start : start + length] = (
        random.Random(start).randbytes(length) if noise else bytes(length)
    )
    packets, torn = taken_up(bytes(whole))
    assert packets == stream(size=500)[: len(packets)]
    assert len(packets) >= start / (len(whole) / 60) - 2
    assert torn or len(packets) == 60


@settings(max_examples=40)
@given(share=st.floats(0, 0.99), bit=st.integers(0, 7))
def test_a_bit_turned_on_a_dying_disk_is_a_gap_and_never_a_picture(
    cut_off: Path, share: float, bit: int
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "00000001.reel"
        shutil.copy(cut_off, path)
        with on_disk(Path(folder)):
            pass  # it is finished now
        whole = bytearray(path.read_bytes())
        whole[round(share * len(whole))] ^= 1 << bit
        path.write_bytes(whole)
        with on_disk(Path(folder)) as ring:
            packets = packets_in(ring)
    sent = stream(size=500)
    assert all(packet == sent[packet.index] for packet in packets)


WRITING = """
import sys
from pathlib import Path
from tests.detector.packets import FACTS, stream
from viahe_detector.ring import Ring
from viahe_detector.tape import Tape
ring = Ring(1000, 10**9, tape=Tape(Path(sys.argv[1]), 1000, 10**9, reel_s=2.0))
ring.on_run("r-1", FACTS)
for packet in stream(groups=10_000, size=3_000):
    ring.on_packet(packet)
    ring.write_behind()
    print(packet.index, flush=True)
"""


def test_what_was_written_outlives_a_killed_process(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITING, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        lines = process.stdout
        for _ in range(333):
            told = int(lines.readline())
        process.kill()
        told = max([told, *(int(line) for line in lines if line.endswith("\n"))])
    with on_disk(tmp_path) as ring:
        indices = [packet.index for packet in packets_in(ring)]
    assert indices == list(range(len(indices)))
    assert len(indices) > told, "what was said to be written is there"


def test_a_file_that_is_no_reel_does_not_keep_the_ring_from_starting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "00000007.reel").write_bytes(b"")
    (tmp_path / "00000008.reel").mkdir()
    (tmp_path / "notes.reel").touch()
    with on_disk(tmp_path) as ring:
        fill(ring, stream())
        assert ring.cut("r-1", 0.0, 5.9).gaps == ()
        assert ring.torn == 1
    assert "00000008.reel: is left alone" in caplog.text
    assert not (tmp_path / "00000007.reel").exists()
