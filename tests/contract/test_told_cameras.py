"""Cameras whose addresses are entered on the API's pages, watched by the whole detector."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from tests.api.test_backtest import address, form
from tests.api.test_camera_register import edit, fields
from tests.contract.test_detector_reports import Network
from tests.detector.footage import Footage
from tests.detector.scenes import TOKEN
from tests.waiting import until
from viahe_detector.app import Detector
from viahe_detector.config import (
    TOLD,
    TOLD_SMALL,
    ApiSettings,
    CameraSettings,
    NetworkSettings,
    Settings,
    WatchSettings,
)
from viahe_detector.media import Coded, OpenedStream, StreamFacts, Timeouts, open_stream

MAIN = "rtsp://viewer:Kh0-Do4n@192.0.2.7/main"
SMALL = "rtsp://viewer:Kh0-Do4n@192.0.2.7/small"


class Paced:
    """A stream whose packets come about as fast as a camera sends them."""

    def __init__(self, stream: OpenedStream, pause_s: float) -> None:
        self._stream, self._pause_s = stream, pause_s

    @property
    def facts(self) -> StreamFacts:
        return self._stream.facts

    def packets(self) -> Iterator[Coded]:
        for coded in self._stream.packets():
            time.sleep(self._pause_s)
            yield coded

    def close(self) -> None:
        self._stream.close()


class Street:
    """A stream opener that knows the camera's two addresses."""

    def __init__(self, folder: Path) -> None:
        self.opened: list[str] = []
        self._films = {
            MAIN: Footage(seconds=60.0, width=320, height=240).write(folder / "main.mp4"),
            SMALL: Footage(seconds=60.0).write(folder / "small.mp4"),
        }

    def __call__(self, source: str, timeouts: Timeouts) -> OpenedStream:
        self.opened.append(source)
        return Paced(open_stream(str(self._films[source]), timeouts), 0.1)


def test_a_camera_entered_on_the_page_is_watched_by_its_small_stream_and_kept_by_its_main_one(
    client: TestClient, house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sign_in(client, "an")
    name = TOLD + "cam-1"
    settings = Settings(
        data=str(tmp_path / "detector"),
        cameras=(CameraSettings("cam-1", name, small_source=name + TOLD_SMALL),),
        watch=WatchSettings(look_every_s=1.0),
        network=NetworkSettings(rubbish=""),
        api=ApiSettings("http://testserver", configuration_every_s=0.2),
    )
    street = Street(tmp_path)
    with httpx2.Client(transport=Network(client), base_url="http://testserver") as http:
        detector = Detector(settings, {TOKEN: house.token()}, street, http)
        detector.start()
        try:
            client.post(edit(house), data=fields(client, house, source=MAIN, watch_source=SMALL))
            (watched,) = detector.watched
            small = watched.camera.small
            assert small is not None
            give_up = time.monotonic() + 30.0
            while watched.camera.counts.looks < 4 and time.monotonic() < give_up:
                time.sleep(0.1)
        finally:
            detector.stop()
    assert set(street.opened) == {MAIN, SMALL}
    assert watched.camera.counts.looks >= 4
    newest, look = watched.camera.ring.newest, watched.camera.newest_look
    assert newest is not None
    facts = watched.camera.ring.facts(newest.run)
    assert facts is not None
    assert facts.width == 320
    assert small.comes(newest.arrived_at)
    assert look is not None
    assert look.run == newest.run, "what the small stream shows is placed in the one that is kept"
    assert "Kh0-Do4n" not in caplog.text


def test_a_zone_that_is_saved_is_in_force_within_ten_seconds(
    client: TestClient, house: House, tmp_path: Path
) -> None:
    """With the settings a detector has where nobody changed them, while it watches."""
    sign_in(client, "an")
    settings = Settings(
        data=str(tmp_path / "detector"),
        cameras=(CameraSettings("cam-1", TOLD + "cam-1"),),
        network=NetworkSettings(rubbish=""),
        api=ApiSettings("http://testserver"),
    )
    client.post(edit(house), data=fields(client, house, source=MAIN))
    with httpx2.Client(transport=Network(client), base_url="http://testserver") as http:
        detector = Detector(settings, {TOKEN: house.token()}, Street(tmp_path), http)
        detector.start()
        try:
            (watched,) = detector.watched
            until(lambda: watched.camera.counts.looks > 0, 60.0)
            assert [zone.version for zone in watched.camera.plan.zones] == [1]
            client.post(address(house), data=form(client, house))
            until(lambda: [z.version for z in watched.camera.plan.zones] == [2], 10.0)
            (zone,) = watched.camera.plan.zones
            assert [rule.dwell for rule in zone.rules] == [(("car", 120.0),)]
            looks = watched.camera.counts.looks
            until(lambda: watched.camera.counts.looks > looks, 10.0)
        finally:
            detector.stop()
