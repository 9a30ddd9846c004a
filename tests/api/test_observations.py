"""What detectors saw comes in by the hour, once, and goes when it is old."""

import gzip
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import NOON, House, sign_in
from viahe_api.tables import ObservationFile
from viahe_rules.domain import Box, Detection, Observation
from viahe_rules.recorded import to_line

HOUR = datetime(2026, 11, 22, 4, tzinfo=NOON.tzinfo)
CAR = Detection("car", 0.9, Box(0.4, 0.5, 0.6, 0.7))


def looks(count: int = 3, camera: str = "cam-1", begin: datetime = HOUR) -> bytes:
    return gzip.compress(
        "".join(
            to_line(Observation(camera, "run-1", float(t), (CAR,), at=begin.timestamp() + t)) + "\n"
            for t in range(count)
        ).encode(),
        mtime=0,
    )


def post(
    client: TestClient,
    house: House,
    content: bytes,
    *,
    hour: str = "2026-11-22T04:00:00Z",
    camera: str = "cam-1",
) -> tuple[int, dict[str, object]]:
    answer = client.post(
        "/api/v1/observations",
        params={"camera": camera, "hour": hour},
        content=content,
        headers={"Authorization": f"Bearer {house.token()}"},
    )
    return answer.status_code, answer.json()


def test_the_same_hour_sent_again_is_the_same_hour(client: TestClient, house: House) -> None:
    first, second = post(client, house, looks()), post(client, house, looks())
    assert (first[0], second[0]) == (201, 200)
    assert first[1] == second[1]
    assert first[1]["events"] == 3
    assert hours(house) == [HOUR]


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"not packed", 422, "not gzip"),
        (looks()[:-5], 422, "ends before its gzip does"),
        (gzip.compress(b'{"observation": {}}\n'), 422, "line 1"),
        (looks(camera="cam-2"), 422, "line 1 is of camera cam-2, not of cam-1"),
        (gzip.compress(bytes(65 << 20), mtime=0), 413, "longer than"),
    ],
)
def test_what_is_no_hour_of_this_camera_is_refused_by_line(
    client: TestClient, house: House, content: bytes, status: int, said: str
) -> None:
    answered, body = post(client, house, content)
    assert answered == status
    assert said in str(body["detail"])
    assert hours(house) == []


def test_an_hour_is_whole_and_its_camera_is_the_devices(client: TestClient, house: House) -> None:
    assert post(client, house, looks(), hour="2026-11-22T04:30:00Z")[0] == 422
    assert post(client, house, looks(camera="cam-9"), camera="cam-9")[0] == 404


def test_what_is_older_than_its_days_goes_with_its_file(client: TestClient, house: House) -> None:
    post(client, house, looks(3))
    house.clock.advance(9 * 86400)
    post(client, house, looks(4), hour="2026-12-01T04:00:00Z")
    assert hours(house) == [HOUR + timedelta(days=9)]
    assert len(list((house.settings.data / "evidence").rglob("*.jsonl.gz"))) == 1


def test_footprints_are_places_alone_and_for_administrators(
    client: TestClient, house: House
) -> None:
    post(client, house, looks())
    sign_in(client, "lan")
    address = f"/cameras/{house.camera_id()}/footprints.svg"
    assert client.get(address).status_code == 403
    sign_in(client, "an")
    drawn = client.get(address)
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.text.count("<circle") == 1
    assert 'cx="48.5" cy="37.5"' in drawn.text
    assert client.get(f"/cameras/{house.camera_id('hong-ha')}/footprints.svg").status_code == 404


def hours(house: House) -> list[datetime]:
    with house.database.reading() as session:
        return list(session.scalars(select(ObservationFile.hour)))
