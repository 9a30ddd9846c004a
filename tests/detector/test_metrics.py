"""The figures a detector shows to whoever collects them."""

import logging
import re
import threading
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from tests.detector.footage import Footage
from viahe_detector.app import Detector
from viahe_detector.config import (
    CameraSettings,
    MetricsSettings,
    NetworkSettings,
    Settings,
    WatchSettings,
)
from viahe_detector.errors import ConfigError
from viahe_detector.lags import BOUNDS_S, Lags
from viahe_detector.metrics import CONTENT_TYPE, exposition, serving
from viahe_detector.stages import Stages
from viahe_detector.tally import Tally
from viahe_rules.domain import Act, Box, Release, Suppressed, Suspicion

HERE = MetricsSettings(port=0)


def test_a_running_detector_shows_what_each_camera_has_done(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    street = Footage(seconds=4, fps=10, group=10).write(tmp_path / "street.mp4")
    camera = CameraSettings(id="gate", source=str(street), realtime=False)
    watch = WatchSettings(look_every_s=1.0)
    settings = Settings(
        str(tmp_path / "data"), (camera,), watch, NetworkSettings(rubbish=""), metrics=HERE
    )
    detector = Detector(settings, {})
    with caplog.at_level(logging.INFO):
        detector.start()
    try:
        (address,) = re.findall(r"http://\S+/metrics", caplog.text)
        while detector.watched[0].camera.counts.packets < 40:
            threading.Event().wait(0.05)
        answer = httpx2.get(address)
        assert httpx2.get(address.replace("/metrics", "/")).status_code == 404
    finally:
        detector.stop()
    assert answer.headers["Content-Type"] == CONTENT_TYPE
    lines = answer.text.splitlines()
    assert 'viahe_packets_total{camera="gate"} 40' in lines
    assert "viahe_suspicions_waiting 0" in lines
    assert any(re.fullmatch(r'viahe_looks_total\{camera="gate"\} [1-4]', line) for line in lines)
    assert any(line.startswith('viahe_stage_cpu_seconds_total{stage="decode"} ') for line in lines)
    assert 'viahe_camera_health{camera="gate",health="ok"} 1' in lines
    assert 'viahe_camera_health{camera="gate",health="moved"} 0' in lines
    for name in ("ring_seconds", "ring_bytes", "packet_age_seconds", "look_delay_seconds"):
        (value,) = (line for line in lines if line.startswith(f'viahe_{name}{{camera="gate"}} '))
        assert float(value.split()[1]) > 0, value
    named = [line.split(" ")[2] for line in lines if line.startswith("# TYPE")]
    assert len(named) == len(set(named))
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(address)


def test_lags_are_counted_by_their_length() -> None:
    lags = Lags()
    for seconds in (0.05, 0.1, 0.3, 4.0, 100.0):
        lags.add(seconds)
    counted = lags.counted()
    within = dict(zip(BOUNDS_S, counted.within, strict=True))
    assert (within[0.1], within[0.25], within[0.5], within[5.0], within[30.0]) == (2, 2, 3, 4, 4)
    assert (counted.count, counted.seconds) == (5, pytest.approx(104.45))


def test_suspicions_are_counted_by_camera_and_act_and_permitted_ones_apart() -> None:
    told = Suspicion(
        "key", Act.DUMPING, "gate", "r1", "kerb", 1, "left", "bag", Box(0, 0, 1, 1), 0, 1, 1
    )
    tally = Tally()
    for outcome in (told, told, Suppressed(told, "permit:1"), Release("key")):
        tally.count(outcome)
    lines = exposition((), Stages(), 3, tally, feeding_cpu_s=2.0).splitlines()
    assert 'viahe_suspicions_total{camera="gate",act="dumping"} 2' in lines
    assert 'viahe_suspicions_covered_total{camera="gate",act="dumping"} 1' in lines
    assert "viahe_suspicions_waiting 3" in lines
    (cpu,) = (line for line in lines if line.startswith("viahe_cpu_seconds_total "))
    assert float(cpu.split()[1]) > 2.0
    assert tally.of("gate") == 2


def test_a_port_that_is_taken_is_said_by_its_key() -> None:
    with (
        serving(HERE, str) as port,
        pytest.raises(ConfigError, match=f"metrics: 127.0.0.1:{port}"),
        serving(replace(HERE, port=port), str),
    ):
        pass
