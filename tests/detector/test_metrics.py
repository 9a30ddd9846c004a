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
from viahe_detector.metrics import CONTENT_TYPE, serving

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
    named = [line.split(" ")[2] for line in lines if line.startswith("# TYPE")]
    assert len(named) == len(set(named))
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(address)


def test_a_port_that_is_taken_is_said_by_its_key() -> None:
    with (
        serving(HERE, str) as port,
        pytest.raises(ConfigError, match=f"metrics: 127.0.0.1:{port}"),
        serving(replace(HERE, port=port), str),
    ):
        pass
