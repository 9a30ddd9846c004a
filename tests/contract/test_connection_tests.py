"""A connection test from the page's asking to its answer, through the detector's own parts."""

import logging
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from tests.api.test_camera_register import edit, fields
from tests.api.test_connection_tests import ask
from tests.contract.test_detector_reports import Network
from tests.detector.footage import Footage
from viahe_detector.assigned import Assigned
from viahe_detector.config import CameraSettings
from viahe_detector.errors import CannotOpen
from viahe_detector.media import OpenedStream, Timeouts, open_stream, redacted
from viahe_detector.outbox import Outbox
from viahe_detector.report import Reporter, ReviewApi

MAIN = "rtsp://viewer:Kh0-Do4n@192.0.2.7/main"
SMALL = "rtsp://viewer:Kh0-Do4n@192.0.2.7/small"


class Detector:
    """The parts of a detector that take tests, with a real file at the main address."""

    def __init__(self, http: httpx2.Client, token: str, folder: Path, own: dict[str, str]) -> None:
        self._film = Footage(seconds=8.0, fps=5, group=10).write(folder / "film.mp4")
        api = ReviewApi(http, token)
        cameras = [CameraSettings(camera, source) for camera, source in own.items()]
        self.assigned = Assigned(cameras, self._open)
        self.assigned.answer_to(api)
        self.reporter = Reporter(
            api,
            Outbox(folder / "outbox"),
            folder / "configuration.json",
            lambda _: None,
            dict,
            dict,
            (1.0, 1.0),
            assign=self.assigned.take,
        )
        self.opened: list[str] = []

    def _open(self, source: str, timeouts: Timeouts) -> OpenedStream:
        self.opened.append(source)
        if source != MAIN:
            raise CannotOpen(f"{redacted(source)} cannot be opened: nothing listens there")
        return open_stream(str(self._film), timeouts)

    def go_on(self) -> None:
        self.reporter.fetch_configuration()
        self.assigned.settle()


def test_a_camera_entered_on_the_page_is_tested_at_its_addresses_and_the_page_tells(
    client: TestClient,
    house: House,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    sign_in(client, "an")
    client.post(edit(house), data=fields(client, house, source=MAIN, watch_source=SMALL))
    with httpx2.Client(transport=Network(client), base_url="http://testserver") as http:
        detector = Detector(http, house.token(), tmp_path, {"cam-1": "api://cam-1"})
        detector.go_on()
        assert detector.opened == []
        ask(client, house)
        detector.go_on()
        detector.go_on()
    assert detector.opened == [MAIN, SMALL], "each stream once, however often it is told"
    page = client.get(f"/cameras/{house.camera_id()}").text
    for said in ("H264", "160 × 120", "5,0", "2,0 giây", "nothing listens there"):
        assert said in page
    still = client.get(page.split('class="test-still" src="', 1)[1].split('"', 1)[0])
    assert still.content.startswith(b"\xff\xd8\xff")
    for text in (page, caplog.text):
        assert "Kh0-Do4n" not in text


def test_a_camera_of_the_detectors_own_settings_is_tested_there(
    client: TestClient, house: House, tmp_path: Path
) -> None:
    sign_in(client, "an")
    ask(client, house)
    with httpx2.Client(transport=Network(client), base_url="http://testserver") as http:
        detector = Detector(http, house.token(), tmp_path, {"cam-1": MAIN})
        detector.go_on()
    assert detector.opened == [MAIN]
    assert "camera theo dõi được" in client.get(f"/cameras/{house.camera_id()}").text


def test_a_camera_without_any_address_is_answered_so(
    client: TestClient, house: House, tmp_path: Path
) -> None:
    sign_in(client, "an")
    ask(client, house)
    with httpx2.Client(transport=Network(client), base_url="http://testserver") as http:
        Detector(http, house.token(), tmp_path, {"cam-1": "api://cam-1"}).go_on()
    page = client.get(f"/cameras/{house.camera_id()}").text
    assert "no address is kept for this camera" in page


def test_an_answer_that_does_not_get_through_is_sent_again(
    client: TestClient, house: House, tmp_path: Path
) -> None:
    sign_in(client, "an")
    ask(client, house)
    network = Network(client, breaks_at=1)  # the configuration is fetched, the still is not taken
    with httpx2.Client(transport=network, base_url="http://testserver") as http:
        Detector(http, house.token(), tmp_path, {"cam-1": MAIN}).go_on()
    assert "camera theo dõi được" in client.get(f"/cameras/{house.camera_id()}").text
