"""A capture opens, reads, gives up in words and tries again; a file gives the same every time."""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from tests.detector.footage import Footage, Received, received
from tests.detector.test_capture_wallclock import HandClock
from viahe_detector.capture import Capture, Source, file_runs
from viahe_detector.errors import CannotOpen, Ended, SourceError, Stalled
from viahe_detector.media import Coded, OpenedStream, StreamFacts, Timeouts, decode_key

FACTS = StreamFacts("h264", 160, 120, 0, Fraction(1, 1000), b"", 10.0, "High", b"")
CAMERA = Source("cam-1", "rtsp://admin:s3cret@10.0.0.7/live")


class Script:
    """A stream opener that plays scenes: what each opening in turn gives.

    A scene is an error to refuse with, or packets and what ends them (None: the stream's end).
    Once all scenes are over, `stop` is set.
    """

    def __init__(self, *scenes: SourceError | tuple[list[Coded], SourceError | None]) -> None:
        self.scenes = list(scenes)
        self.stop = threading.Event()
        self.closed = 0

    def __call__(self, source: str, timeouts: Timeouts) -> OpenedStream:
        if not self.scenes:
            self.stop.set()
            raise CannotOpen("the script is over")
        scene = self.scenes.pop(0)
        if isinstance(scene, SourceError):
            raise scene
        return Played(self, *scene)


class Played:
    """An opened stream of a script."""

    def __init__(self, script: Script, coded: list[Coded], end: SourceError | None) -> None:
        self.facts = FACTS
        self._script, self._coded, self._end = script, coded, end

    def packets(self) -> Iterator[Coded]:
        yield from self._coded
        if self._end is not None:
            raise self._end

    def close(self) -> None:
        self._script.closed += 1


def coded(count: int = 3, start: int = 0) -> list[Coded]:
    return [Coded(start + n * 100, start + n * 100, 100, n == 0, b"x%d" % n) for n in range(count)]


def play(script: Script, clock: HandClock | None = None) -> tuple[Received, list[str]]:
    """Run a capture of the script to its end; what it received and how it failed."""
    sink, failed = Received(), []
    capture = Capture(CAMERA, sink, script, clock or HandClock(), random.Random(1))
    capture.run(script.stop, lambda error: failed.append(str(error)))
    return sink, failed


def test_a_camera_that_comes_back_is_a_new_run_and_nothing_of_either_is_lost() -> None:
    script = Script((coded(), Stalled("nothing came")), CannotOpen("away"), (coded(2), None))
    sink, failed = play(script)
    assert [packet.data for packet in sink.packets] == [b"x0", b"x1", b"x2", b"x0", b"x1"]
    assert len({run for run, _ in sink.runs}) == 2
    assert [packet.t for packet in sink.packets] == pytest.approx([0, 0.1, 0.2, 0, 0.1])
    assert failed[:2] == ["nothing came", "away"]
    assert script.closed == 2


def test_a_failure_is_one_line_in_the_log_without_the_password(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        play(Script((coded(), None)))
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0] == "camera cam-1: rtsp://10.0.0.7/live has ended"
    assert all(record.exc_info is None for record in caplog.records)


def test_pauses_double_up_to_half_a_minute_vary_and_start_over_once_packets_came() -> None:
    pauses: list[float] = []

    class Noting(HandClock):
        def wait(self, stop: threading.Event, seconds: float) -> bool:
            pauses.append(seconds)
            return super().wait(stop, seconds)

    play(Script(*[CannotOpen("away")] * 9, (coded(), None), CannotOpen("away")), Noting())
    full = [1, 2, 4, 8, 16, 30, 30, 30, 30, 1, 2]
    for pause, longest in zip(pauses, full, strict=False):
        assert longest / 2 <= pause <= longest
    assert len({pause / longest for pause, longest in zip(pauses, full, strict=False)}) > 5


def test_a_cameras_run_is_named_by_the_instant_its_first_packet_came() -> None:
    clock = HandClock(1_795_000_000.1235)
    sink, _ = play(Script((coded(), None)), clock)
    assert sink.run == "r-20261118T110640.123"


def test_no_two_runs_of_a_camera_share_a_name_though_the_clock_goes_back() -> None:
    jumping = coded(2) + coded(2, start=50_000) + coded(2, start=0)
    clock = HandClock()
    sink, _ = play(Script((jumping, None), (coded(), None)), clock)
    names = [run for run, _ in sink.runs]
    assert len(names) == len(set(names)) == 4
    assert names == sorted(names)


def test_a_sink_hears_of_a_run_before_its_first_packet() -> None:
    heard: list[str] = []

    class Listening(Received):
        def on_run(self, run: str, facts: StreamFacts) -> None:
            heard.append(f"run {run}")

        def on_packet(self, packet: object) -> None:
            heard.append("packet")

    script = Script((coded(2), None))
    with pytest.raises(Ended):
        Capture(CAMERA, Listening(), script, HandClock()).run_once()
    assert heard[0].startswith("run r-")
    assert heard[1:] == ["packet", "packet"]


def test_a_capture_that_is_told_to_stop_stops_between_two_packets() -> None:
    stop = threading.Event()

    class Stopping(Received):
        def on_packet(self, packet: object) -> None:
            stop.set()

    capture = Capture(CAMERA, sink := Stopping(), Script((coded(50), None)), HandClock())
    capture.run_once(stop)
    assert sink.packets == []
    assert capture.delivered == 1


def test_a_file_played_twice_gives_the_same_run_and_the_same_packets(tmp_path: Path) -> None:
    path = Footage(b_frames=3).write(tmp_path / "street.mp4")
    copy = tmp_path / "elsewhere.mp4"
    copy.write_bytes(path.read_bytes())
    first, second = received(path), received(copy)
    assert first.run == second.run
    assert first.run.startswith("f-")
    assert [(p.index, p.t, p.at, p.data) for p in first.packets] == [
        (p.index, p.t, p.at, p.data) for p in second.packets
    ]
    assert first.packets[0].at == 1_795_000_000.0


def test_another_file_is_another_run_and_further_runs_of_a_file_are_numbered(
    tmp_path: Path,
) -> None:
    one = Footage(seconds=1).write(tmp_path / "one.mp4")
    other = Footage(seconds=1, seed=2).write(tmp_path / "other.mp4")
    runs = file_runs(str(one))
    first = next(runs)
    assert first != next(file_runs(str(other)))
    assert [next(runs), next(runs)] == [f"{first}-2", f"{first}-3"]


def test_a_file_whose_picture_size_changes_in_the_middle_becomes_two_runs(tmp_path: Path) -> None:
    small = Footage(seconds=1).write(tmp_path / "small.ts")
    large = Footage(seconds=1, width=320, height=240).write(tmp_path / "large.ts")
    path = tmp_path / "both.ts"
    path.write_bytes(small.read_bytes() + large.read_bytes())
    sink = received(path)
    assert [facts.shown_size for _, facts in sink.runs] == [(160, 120), (320, 240)]
    assert len(sink.packets) == 20
    for (run, facts), size in zip(sink.runs, [(120, 160, 3), (240, 320, 3)], strict=True):
        key = next(packet for packet in sink.packets if packet.run == run)
        assert decode_key(facts, key).bgr.shape == size


def test_a_broken_file_ends_in_words_after_what_could_be_read(tmp_path: Path) -> None:
    whole = Footage(seconds=4).write(tmp_path / "whole.ts").read_bytes()
    path = tmp_path / "broken.ts"
    path.write_bytes(whole[: len(whole) // 2])
    sink = Received()
    with pytest.raises(Ended, match=r"broken\.ts"):
        Capture(Source("cam-1", str(path)), sink).run_once()
    assert 10 < len(sink.packets) < 40


def test_a_file_is_over_when_it_is_over(tmp_path: Path) -> None:
    path = Footage(seconds=1).write(tmp_path / "street.mp4")
    sink, failed = Received(), []
    Capture(Source("cam-1", str(path)), sink).run(threading.Event(), failed.append)
    assert len(sink.packets) == 10
    assert [type(error) for error in failed] == [Ended]


def test_a_file_that_is_missing_is_said_once_and_not_tried_for_ever(tmp_path: Path) -> None:
    failed: list[SourceError] = []
    Capture(Source("cam-1", str(tmp_path / "gone.mp4")), Received()).run(
        threading.Event(), failed.append
    )
    assert [type(error) for error in failed] == [CannotOpen]


def test_a_file_played_in_real_time_takes_its_time_and_is_stamped_on_arrival(
    tmp_path: Path,
) -> None:
    path = Footage(seconds=2).write(tmp_path / "street.mp4")
    sink, clock = Received(), HandClock()
    capture = Capture(Source("cam-1", str(path), realtime=True), sink, clock=clock)
    with pytest.raises(Ended):
        capture.run_once()
    assert capture.clock_source == "arrival"
    assert clock.running == pytest.approx(501.9)
    for packet in sink.packets:
        assert packet.arrived_at == pytest.approx(1_795_000_000.0 + packet.dts_t, abs=1e-5)
        assert packet.at == pytest.approx(1_795_000_000.0 + packet.t, abs=1e-5)


@pytest.mark.parametrize(
    ("source", "clock_source"),
    [
        (CAMERA, "arrival"),
        (Source("cam-1", "street.mp4"), "file"),
        (Source("cam-1", "street.mp4", realtime=True), "arrival"),
        (Source("cam-1", "street.mp4", realtime=True, starts_at=1.0), "file"),
    ],
)
def test_where_wall_times_come_from_is_said(source: Source, clock_source: str) -> None:
    assert Capture(source, Received()).clock_source == clock_source


def test_the_system_clock_stops_waiting_when_told(tmp_path: Path) -> None:
    path = Footage(seconds=4).write(tmp_path / "street.mp4")
    stop = threading.Event()
    capture = Capture(Source("cam-1", str(path), realtime=True), Received())
    began = time.monotonic()
    in_a_while(0.2, stop.set)
    capture.run(stop)
    assert time.monotonic() - began < 2


def in_a_while(seconds: float, act: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


def test_a_stream_clock_that_jumps_is_one_line_that_names_the_camera_and_no_password(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sink, _ = play(Script((coded() + coded(start=50_000), None)))
    assert len(sink.runs) == 2
    assert len(sink.packets) == 6
    (line,) = [line for line in caplog.messages if "jumped" in line]
    assert "cam-1" in line
    assert "s3cret" not in line
