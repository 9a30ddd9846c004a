"""The benchmark, with a load any machine carries: what it counts, never how fast."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.detector.footage import Footage
from viahe_detector.bench import Request, percentile, report, report_file
from viahe_detector.capacity import described, sustainable, with_fineness
from viahe_detector.cli import main
from viahe_detector.config import CameraSettings, NetworkSettings, Settings, WatchSettings
from viahe_detector.errors import BenchError
from viahe_detector.fineness import SHAKING_PX, STEADY_PX
from viahe_detector.inference import computes_in_bfloat16
from viahe_detector.load import Footage as Shown
from viahe_detector.load import serving, spread
from viahe_detector.media import Timeouts, open_stream

KEYS = {
    "cameras",
    "seconds",
    "packets_lost",
    "looks",
    "looks_lost",
    "look_gap_p99_s",
    "cores",
    "lag_p95_s",
    "rss_mib",
    "stages",
    "against",
    "ok",
}


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    footage = Footage(seconds=8, fps=25, width=320, height=180, group=50)
    return footage.write(tmp_path_factory.mktemp("street") / "street.mp4")


def test_two_live_cameras_are_watched_without_a_packet_lost(street: Path) -> None:
    request = Request(cameras=2, seconds=5.0, footage=(street,), settling_s=0.0, afterwards_s=0.0)
    *lines, (last, ok) = report(request, with_json=True)
    figures = json.loads(last)
    assert set(figures) >= KEYS
    assert figures["cameras"] == 2
    assert figures["packets_lost"] == 0
    assert figures["packets"] > 0
    assert figures["looks"] >= 2
    assert {"demux", "decode", "change", "network", "rules"} <= set(figures["stages"])
    assert figures["stages"]["decode"] > 0
    assert figures["ok"] is ok
    assert lines[0][0].startswith("2 cameras")


def test_a_camera_may_have_a_small_stream_and_only_what_is_kept_is_counted(
    street: Path, tmp_path: Path
) -> None:
    small = Footage(seconds=8, fps=5, width=160, height=90, group=10).write(tmp_path / "s.mp4")
    shown = [Shown(street, False, (), small), Shown(street, False, ())]
    with serving(shown) as cameras:
        assert cameras.small_urls[0].endswith("cam-000-small")
        assert cameras.small_urls[1] == ""
        stream = open_stream(cameras.small_urls[0], Timeouts())
        packets = stream.packets()
        assert next(packets).keyframe
        assert stream.facts.width == 160
        stream.close()
        assert cameras.end().pictures == (0, 0)


def test_a_file_is_analysed_to_its_end(street: Path) -> None:
    *_, last = report_file(street, Request(), with_json=True)
    figures = json.loads(last)
    assert figures["seconds"] == pytest.approx(8.0, abs=0.05)
    assert figures["looks"] == 4
    assert figures["times_real_time"] > 0


def test_footage_that_is_absent_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = tmp_path / "none.mp4"
    assert main(["bench", "--cameras", "2", "--footage", str(absent)]) == 1
    assert str(absent) in capsys.readouterr().err
    with pytest.raises(BenchError, match="--cameras"):
        next(report(Request(cameras=0)))


def test_one_camera_in_four_shows_a_street_in_action() -> None:
    quiet = Shown(Path("quiet.mp4"), False, ())
    action = [Shown(Path(f"{name}.mp4"), True, ()) for name in "abc"]
    shown = spread([quiet, *action], 16)
    assert sum(each.happens for each in shown) == 4
    assert {each.file for each in shown} == {each.file for each in (quiet, *action)}


def test_a_percentile_is_a_figure_that_was_measured() -> None:
    assert percentile([], 95) is None
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([float(n) for n in range(1, 101)], 95) == 95.0


def test_what_can_be_sustained_follows_from_the_settings_and_is_said_at_the_start() -> None:
    camera = CameraSettings(id="gate", source="rtsp://192.0.2.1/main")
    usual = Settings("data", (camera,), network=NetworkSettings(precision="fp16"))
    often = replace(usual, watch=WatchSettings(look_every_s=1.0))
    exact = replace(usual, network=NetworkSettings(precision="int8"))
    assert sustainable(usual, 4) >= 2 * sustainable(usual, 2) > 0
    assert sustainable(often, 2) < sustainable(usual, 2)
    assert sustainable(exact, 2, in_bfloat16=True) < sustainable(usual, 2, in_bfloat16=True)
    assert sustainable(exact, 2, in_bfloat16=False) > sustainable(usual, 2, in_bfloat16=False)
    small = replace(camera, small_source="rtsp://192.0.2.1/small")
    assert sustainable(replace(usual, cameras=(small,)), 2) > sustainable(usual, 2)
    cores = os.cpu_count() or 1
    expected = f"about {sustainable(usual, cores, computes_in_bfloat16())} cameras"
    assert any(expected in line for line in described(usual))


def test_pictures_are_compared_finely_where_half_of_what_can_be_sustained_is_watched() -> None:
    camera = CameraSettings(id="gate", source="rtsp://192.0.2.1/main")
    one = Settings("data", (camera,))
    half = sustainable(one, os.cpu_count() or 1, computes_in_bfloat16()) // 2
    assert with_fineness(replace(one, cameras=(camera,) * half)).watch.change_px == STEADY_PX
    more = replace(one, cameras=(camera,) * (half + 1))
    assert with_fineness(more).watch.change_px == SHAKING_PX
    told = replace(more, watch=WatchSettings(change_px=400))
    assert with_fineness(told) == told
    assert "compared at 320" in described(more)[0]
