"""What a detector can rely on, over HTTP against the real application."""

import asyncio
import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import CLIP, FILES, House, a_suspicion, announcement, digest
from tests.api.photos import a_photo
from viahe_api import queries
from viahe_api.tables import AuditEntry, Camera, CameraHours, Case
from viahe_rules.domain import LeftBy, LeftByKind
from viahe_rules.recorded import plan_from_json, suspicion_to_json


class Device:
    """A detector's side of the contract: a token and an HTTP client."""

    def __init__(self, house: House, client: TestClient, ward: str = "tay-ho") -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {house.token(ward)}"}

    def get(self, path: str, **headers: str) -> Any:
        return self._client.get(f"/api/v1{path}", headers=self._headers | headers)

    def post(self, path: str, body: object) -> Any:
        return self._client.post(f"/api/v1{path}", json=body, headers=self._headers)

    def put(self, path: str, content: Any, **headers: str) -> Any:
        return self._client.put(f"/api/v1{path}", content=content, headers=self._headers | headers)


@pytest.fixture
def device(house: House, client: TestClient) -> Device:
    return Device(house, client)


def body(**changes: object) -> dict[str, Any]:
    return copy.deepcopy(announcement(a_suspicion())) | changes


def waiting(house: House) -> int:
    with house.database.reading() as session:
        return queries.queue(session, house.viewer("lan"), now=house.now).total


def test_a_suspicion_is_in_the_queue_once_every_byte_has_come(house: House, device: Device) -> None:
    answer = device.post("/suspicions", body())
    assert answer.status_code == 201
    assert answer.json() == {"key": "key-1", "code": "TH-2611-0001", "missing": sorted(FILES)}
    missing = sorted(FILES)
    for name, (_, _, content) in FILES.items():
        assert waiting(house) == 0
        answer = device.put(f"/suspicions/key-1/files/{name}", content)
        missing.remove(name)
        assert answer.status_code == 200
        assert answer.json() == {"sha256": digest(content), "missing": missing}
    assert waiting(house) == 1


def test_sending_everything_again_changes_nothing(house: House, device: Device) -> None:
    for expected in (201, 200, 200):
        assert device.post("/suspicions", body()).status_code == expected
        for name, (_, _, content) in FILES.items():
            assert device.put(f"/suspicions/key-1/files/{name}", content).status_code == 200
    assert device.post("/suspicions", body()).json()["missing"] == []
    assert waiting(house) == 1
    with house.database.reading() as session:
        received = select(AuditEntry).where(AuditEntry.action == "case.received")
        assert len(session.scalars(received).all()) == 1


def test_what_is_still_missing_is_said_when_it_is_announced_again(device: Device) -> None:
    device.post("/suspicions", body())
    device.put("/suspicions/key-1/files/clip.mp4", CLIP)
    missing = device.post("/suspicions", body()).json()["missing"]
    assert missing == sorted(FILES.keys() - {"clip.mp4"})


def test_a_known_key_with_other_content_is_a_conflict(house: House, device: Device) -> None:
    device.post("/suspicions", body())
    answer = device.post("/suspicions", body(detector="0.2.0"))
    assert answer.status_code == 409
    assert answer.json()["error"] == "other_content"


def test_defaults_written_out_are_the_same_content(device: Device) -> None:
    short: dict[str, Any] = announcement(a_suspicion(left_by=LeftBy(LeftByKind.UNKNOWN)))
    assert device.post("/suspicions", short).status_code == 201
    short = copy.deepcopy(short)
    del short["suspicion"]["left_by"]["path"]
    short["start_at"] = short["start_at"].replace("Z", "+00:00")
    assert device.post("/suspicions", short).status_code == 200


def test_two_wards_detectors_may_find_the_same_key(house: House, client: TestClient) -> None:
    for ward in ("tay-ho", "hong-ha"):
        assert Device(house, client, ward).post("/suspicions", body()).status_code == 201


def test_codes_are_counted_by_ward_and_by_the_acts_local_month(
    house: House, client: TestClient
) -> None:
    november_start = house.now.replace(month=10, day=31, hour=17, minute=0)
    tay_ho, hong_ha = Device(house, client), Device(house, client, "hong-ha")
    codes = [
        device.post("/suspicions", announcement(a_suspicion(key), start_at)).json()["code"]
        for device, key, start_at in (
            (tay_ho, "a", house.now),
            (tay_ho, "b", november_start),
            (tay_ho, "c", november_start - timedelta(seconds=1)),
            (hong_ha, "d", house.now),
        )
    ]
    assert codes == ["TH-2611-0001", "TH-2611-0002", "TH-2610-0001", "TH-2611-0001"]


def test_bytes_of_another_hash_are_refused_and_not_kept(house: House, device: Device) -> None:
    device.post("/suspicions", body())
    answer = device.put("/suspicions/key-1/files/clip.mp4", CLIP[:-1] + b"?")
    assert (answer.status_code, answer.json()["error"]) == (409, "hash_mismatch")
    assert not house.store.case_file("tay-ho", "TH-2611-0001", "clip.mp4").exists()
    assert device.put("/suspicions/key-1/files/clip.mp4", CLIP).status_code == 200


def test_a_file_longer_than_announced_is_refused(house: House, device: Device) -> None:
    device.post("/suspicions", body())

    def endless() -> Any:
        yield from (bytes(50_000) for _ in range(5))

    for content in (CLIP + b"!", endless()):
        answer = device.put("/suspicions/key-1/files/clip.mp4", content)
        assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert list((house.settings.data / "evidence" / "incoming").iterdir()) == []


def test_a_sender_cut_off_leaves_nothing_and_no_error_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    app = house.app()
    coming = [{"type": "http.request", "body": CLIP[:1000], "more_body": True}]

    async def receive() -> Any:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(_message: Any) -> None:
        pass

    path = "/api/v1/suspicions/key-1/files/clip.mp4"
    scope = {
        "type": "http",
        "method": "PUT",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
    }
    with TestClient(app) as client:
        Device(house, client).post("/suspicions", body())
        bearer = f"Bearer {house.token()}".encode()
        asyncio.run(app(scope | {"headers": [(b"authorization", bearer)]}, receive, send))
    assert [record for record in caplog.records if record.name.startswith("viahe")] == []
    assert list((house.settings.data / "evidence").rglob("clip.mp4*")) == []


@pytest.mark.parametrize(
    "path", ["/suspicions/unknown/files/clip.mp4", "/suspicions/key-1/files/other.mp4"]
)
def test_a_file_nobody_announced_is_not_found(device: Device, path: str) -> None:
    device.post("/suspicions", body())
    assert device.put(path, CLIP).status_code == 404


def test_another_wards_device_cannot_send_files_of_this_case(
    house: House, client: TestClient, device: Device
) -> None:
    device.post("/suspicions", body())
    answer = Device(house, client, "hong-ha").put("/suspicions/key-1/files/clip.mp4", CLIP)
    assert answer.status_code == 404


def test_a_camera_is_unknown_or_of_another_ward(house: House, device: Device) -> None:
    with house.database.writing() as session:
        session.get_one(Camera, house.camera_id("hong-ha")).slug = "cam-9"
    for camera, status in (("cam-8", 404), ("cam-9", 403)):
        answer = device.post("/suspicions", announcement(a_suspicion(camera=camera)))
        assert answer.status_code == status
        assert camera in answer.json()["detail"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"extra": 1}, "extra"),
        ({"start_at": "2026-11-22T11:42:10"}, "start_at"),
        ({"start_at": "2026-11-22T18:42:10+07:00"}, "UTC"),
        ({"end_at": "2020-01-01T00:00:00Z"}, "end_at is before start_at"),
        ({"model": {"name": "street", "sha256": "short"}}, "model.sha256"),
        ({"suspicion": {"key": "x"}}, "suspicion"),
        ({"suspicion": suspicion_to_json(a_suspicion("a/b"))}, "suspicion.key"),
        ({"suspicion": suspicion_to_json(a_suspicion(label="x" * 81))}, "suspicion.label"),
        ({"clock": {"offset_s": "NaN", "source": "x"}}, "clock.offset_s"),
    ],
)
def test_a_malformed_payload_is_refused_by_the_name_of_its_fault(
    house: House, device: Device, change: dict[str, object], named: str
) -> None:
    answer = device.post("/suspicions", body(**change))
    assert (answer.status_code, answer.json()["error"]) == (422, "malformed")
    assert named in answer.json()["detail"]
    with house.database.reading() as session:
        assert session.scalars(select(Case)).all() == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "../clip.mp4"),
        ("name", ".hidden"),
        ("name", "a/b"),
        ("media_type", "text/html"),
        ("media_type", "image/svg+xml"),
        ("sha256", "A" * 64),
        ("size", -1),
        ("kind", "movie"),
    ],
)
def test_a_file_that_could_harm_is_not_even_announced(
    device: Device, key: str, value: object
) -> None:
    payload = body()
    payload["files"][0][key] = value
    answer = device.post("/suspicions", payload)
    assert answer.status_code == 422
    assert f"files.0.{key}" in answer.json()["detail"]


def test_a_body_that_is_no_json_is_malformed(house: House, client: TestClient) -> None:
    headers = {"Authorization": f"Bearer {house.token()}", "Content-Type": "application/json"}
    answer = client.post("/api/v1/suspicions", content=b"{", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (422, "malformed")


@pytest.mark.parametrize("token", ["", "Bearer wrong"])
def test_without_its_token_a_device_is_told_nothing_but_that(
    client: TestClient, token: str
) -> None:
    for method, path in (
        ("GET", "/configuration"),
        ("POST", "/suspicions"),
        ("PUT", "/suspicions/key-1/files/clip.mp4"),
        ("POST", "/health"),
        ("PUT", "/cameras/cam-1/still"),
    ):
        answer = client.request(method, f"/api/v1{path}", headers={"Authorization": token})
        assert (answer.status_code, answer.json()["error"]) == (401, "token_unknown"), path


def test_the_configuration_is_fetched_once_and_then_only_when_it_changed(
    house: House, device: Device
) -> None:
    answer = device.get("/configuration")
    assert answer.status_code == 200
    (plan,) = answer.json()["plans"]
    assert plan_from_json(plan).camera == "cam-1"
    etag = answer.headers["etag"]
    assert etag == f'"{answer.json()["version"]}"'
    again = device.get("/configuration", **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert device.get("/configuration", **{"If-None-Match": '"older"'}).status_code == 200


def test_health_said_twice_counts_once(house: House, device: Device) -> None:
    report = {
        "session": "process-1",
        "cameras": [
            {
                "camera": "cam-1",
                "state": "degraded",
                "detail": "dark",
                "clock_offset_s": 0.1,
                "hours": [{"hour": "2026-11-22T04:00:00Z", "seen_s": 1800.0}],
            },
            {"camera": "cam-7", "state": "online"},
        ],
    }
    for _ in range(2):
        answer = device.post("/health", report)
        assert (answer.status_code, answer.json()) == (200, {"unknown": ["cam-7"]})
    with house.database.reading() as session:
        assert [row.seen_s for row in session.scalars(select(CameraHours))] == [1800.0]
        row = queries.camera(session, house.viewer("an"), house.camera_id(), now=house.now).camera
    assert (row.state, row.state_detail, row.clock_offset_s) == ("degraded", "dark", 0.1)
    assert row.seen_today_s == 1800.0


@pytest.mark.parametrize(
    "hour",
    [
        {"hour": "2026-11-22T04:30:00Z", "seen_s": 1.0},
        {"hour": "2026-11-22T04:00:00Z", "seen_s": 3601.0},
        {"hour": "2026-11-22T04:00:00Z", "seen_s": -1.0},
    ],
)
def test_hours_that_cannot_be_are_malformed(device: Device, hour: dict[str, object]) -> None:
    cameras = [{"camera": "cam-1", "state": "online", "hours": [hour]}]
    assert device.post("/health", {"session": "s", "cameras": cameras}).status_code == 422


def test_the_newest_still_replaces_the_one_before(house: House, device: Device) -> None:
    for picture in (b"\xff\xd8\xff one", b"\xff\xd8\xff two"):
        assert device.put("/cameras/cam-1/still", picture).status_code == 204
    assert house.store.still(house.camera_id()).read_bytes() == b"\xff\xd8\xff two"
    with house.database.reading() as session:
        row = queries.camera(session, house.viewer("an"), house.camera_id(), now=house.now).camera
    assert row.still_at == house.now


def test_how_large_the_newest_still_is_is_known_where_it_says(house: House, device: Device) -> None:
    found = []
    for picture in (a_photo(width=64, height=48), b"\xff\xd8\xff two"):
        device.put("/cameras/cam-1/still", picture)
        with house.database.reading() as session:
            row = queries.camera(session, house.viewer("an"), house.camera_id(), now=house.now)
        found.append(row.camera.still_size)
    assert found == [(64, 48), None]


def test_a_still_that_is_no_jpeg_is_refused(house: House, device: Device) -> None:
    assert device.put("/cameras/cam-1/still", b"<svg/>").status_code == 422
    assert device.put("/cameras/cam-1/still", b"").status_code == 422
    assert device.put("/cameras/cam-9/still", b"\xff\xd8\xff").status_code == 404


def test_a_full_disk_is_said_and_the_same_sending_succeeds_later(
    house: House, device: Device
) -> None:
    device.post("/suspicions", body())
    full = replace(house, settings=replace(house.settings, keep_free=1 << 62))
    with TestClient(full.app()) as client:
        answer = Device(house, client).put("/suspicions/key-1/files/clip.mp4", CLIP)
    assert (answer.status_code, answer.json()["error"]) == (507, "storage_full")
    with TestClient(house.app()) as client:
        answer = Device(house, client).put("/suspicions/key-1/files/clip.mp4", CLIP)
    assert answer.status_code == 200


def test_errors_are_json_with_a_code_and_a_sentence(device: Device) -> None:
    answer = device.get("/nothing")
    assert answer.status_code == 404
    assert answer.json().keys() == {"error", "detail"}
    assert device.get("/suspicions").status_code == 405
