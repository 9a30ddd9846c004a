"""Testing a camera's connection: the page asks, the detector answers, the page shows it."""

from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from tests.contract.test_devices import Device
from viahe_api.tables import AuditEntry

STILL = b"\xff\xd8\xff a street"
FACTS: dict[str, Any] = {
    "codec": "hevc",
    "width": 1920,
    "height": 1080,
    "pictures_per_s": 24.96,
    "key_every_s": 2.0,
    "kbit_per_s": 3120.4,
    "clock_offset_s": -1.24,
    "measured_s": 6.0,
}


def ask(client: TestClient, house: House) -> str:
    page = client.get(f"/cameras/{house.camera_id()}").text
    csrf = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    return client.post(f"/cameras/{house.camera_id()}/test", data={"csrf": csrf}).text


def test_an_answer_is_shown_with_the_picture_and_the_measured_facts(
    client: TestClient, house: House
) -> None:
    device = Device(house, client)
    sign_in(client, "an")
    assert "bộ phát hiện đang thử" in ask(client, house)
    (asked,) = device.get("/configuration").json()["tests"]
    assert asked == {"id": asked["id"], "camera": "cam-1"}
    answer = {"streams": [{"stream": "record", "facts": FACTS}]}
    assert device.put(f"/tests/{asked['id']}/still", STILL).status_code == 204
    assert device.post(f"/tests/{asked['id']}", answer).status_code == 204
    assert device.get("/configuration").json()["tests"] == []
    part = client.get(f"/cameras/{house.camera_id()}/test").text
    for said in ("HEVC", "1920 × 1080", "25,0", "2,0 giây", "3.120 kbit/s", "1,2 giây"):
        assert said in part
    assert "data-waiting" not in part
    still = client.get(part.split('src="', 1)[1].split('"', 1)[0])
    assert still.content == STILL


def test_a_reason_is_shown_where_a_stream_cannot_be_watched(
    client: TestClient, house: House
) -> None:
    device = Device(house, client)
    sign_in(client, "an")
    ask(client, house)
    (asked,) = device.get("/configuration").json()["tests"]
    reason = "rtsp://192.0.2.7/live cannot be opened: <b>it refuses</b> the password (401)"
    streams = [
        {"stream": "record", "facts": FACTS},
        {"stream": "watch", "reason": reason},
    ]
    device.post(f"/tests/{asked['id']}", {"streams": streams})
    page = client.get(f"/cameras/{house.camera_id()}").text
    assert "có luồng không theo dõi được" in page
    assert "&lt;b&gt;it refuses&lt;/b&gt; the password (401)" in page


def test_a_detector_that_is_away_is_said_and_the_test_asked_again(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    ask(client, house)
    house.clock.advance(89)
    assert "bộ phát hiện đang thử" in client.get(f"/cameras/{house.camera_id()}").text
    assert len(house.configuration()["tests"]) == 1
    house.clock.advance(2)
    page = client.get(f"/cameras/{house.camera_id()}").text
    assert "không có trả lời" in page
    assert house.configuration()["tests"] == []
    ask(client, house)
    assert len(house.configuration()["tests"]) == 1


def test_asking_twice_while_one_waits_asks_once(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    ask(client, house)
    ask(client, house)
    assert len(house.configuration()["tests"]) == 1
    with house.database.reading() as session:
        asked = select(AuditEntry).where(AuditEntry.action == "camera.tested")
        assert len(session.scalars(asked).all()) == 1


def test_another_wards_detector_and_person_have_no_part_in_it(
    client: TestClient, house: House
) -> None:
    theirs = Device(house, client, "hong-ha")
    sign_in(client, "an")
    ask(client, house)
    (asked,) = house.configuration()["tests"]
    answer = {"streams": [{"stream": "record", "facts": FACTS}]}
    assert theirs.post(f"/tests/{asked['id']}", answer).status_code == 404
    assert theirs.put(f"/tests/{asked['id']}/still", STILL).status_code == 404
    assert house.configuration("hong-ha")["tests"] == []
    client.cookies.clear()
    sign_in(client, "quan")
    assert client.get(f"/cameras/{house.camera_id()}/test").status_code == 404
    client.cookies.clear()
    sign_in(client, "lan")
    assert client.get(f"/cameras/{house.camera_id()}/test").status_code == 403


@pytest.mark.parametrize(
    "streams",
    [
        [],
        [{"stream": "sideways"}],
        [{"stream": "record", "facts": FACTS | {"password": "x"}}],
        [{"stream": "record", "reason": "x" * 301}],
    ],
)
def test_an_answer_that_is_none_is_malformed(
    client: TestClient, house: House, streams: list[dict[str, Any]]
) -> None:
    device = Device(house, client)
    sign_in(client, "an")
    ask(client, house)
    (asked,) = house.configuration()["tests"]
    assert device.post(f"/tests/{asked['id']}", {"streams": streams}).status_code == 422
