"""Evidence reaches the people of its ward, in ranges, and every viewing is logged."""

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import CLIP, House, digest, sign_in
from viahe_api.tables import AuditEntry, Camera


def log_of(house: House, action: str) -> list[str]:
    with house.database.reading() as session:
        found = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.seq)
        return [f"{entry.actor} {entry.object}" for entry in session.scalars(found)]


@pytest.fixture
def clip(house: House) -> str:
    return f"/media/cases/{house.report()}/clip.mp4"


def test_a_clip_comes_whole_with_its_hash_as_its_etag(client: TestClient, clip: str) -> None:
    answer = sign_in(client, "lan").get(clip)
    assert answer.status_code == 200
    assert answer.content == CLIP
    assert answer.headers["etag"] == f'"{digest(CLIP)}"'
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, max-age=600"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("inline")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-99", 0, 100), ("bytes=100-", 100, None), ("bytes=-50", -50, None)],
)
def test_a_player_gets_the_range_it_asks_for(
    client: TestClient, clip: str, asked: str, start: int, end: int | None
) -> None:
    answer = sign_in(client, "lan").get(clip, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == CLIP[start:end]
    assert answer.headers["content-range"].endswith(f"/{len(CLIP)}")


def test_a_range_of_another_version_gets_the_whole(client: TestClient, clip: str) -> None:
    sign_in(client, "lan")
    same = {"Range": "bytes=0-9", "If-Range": f'"{digest(CLIP)}"'}
    other = {"Range": "bytes=0-9", "If-Range": '"another"'}
    assert client.get(clip, headers=same).status_code == 206
    assert client.get(clip, headers=other).status_code == 200


def test_a_range_beyond_the_end_is_refused(client: TestClient, clip: str) -> None:
    answer = sign_in(client, "lan").get(clip, headers={"Range": f"bytes={len(CLIP)}-"})
    assert answer.status_code == 416


def test_what_a_browser_has_is_not_sent_again(client: TestClient, clip: str) -> None:
    headers = {"If-None-Match": f'"{digest(CLIP)}"'}
    answer = sign_in(client, "lan").get(clip, headers=headers)
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("login", ["thu", "an", "hoa"])
def test_officials_administrators_and_other_wards_get_no_clip(
    client: TestClient, clip: str, login: str
) -> None:
    assert sign_in(client, login).get(clip).status_code == 404


def test_nobody_gets_a_clip_without_signing_in(client: TestClient, clip: str) -> None:
    answer = client.get(clip, follow_redirects=False)
    assert answer.status_code == 401
    assert CLIP not in answer.content


@pytest.mark.parametrize("name", ["clip.mov", "..%2Fmanifest.json", "%2e%2e"])
def test_only_announced_names_are_served(client: TestClient, clip: str, name: str) -> None:
    answer = sign_in(client, "lan").get(clip.replace("clip.mp4", name))
    assert answer.status_code == 404


def test_the_ranges_of_one_viewing_are_one_line_in_the_log(
    house: House, client: TestClient, clip: str
) -> None:
    sign_in(client, "lan")
    for start in range(0, 5000, 1000):
        client.get(clip, headers={"Range": f"bytes={start}-"})
    line = "account:lan case:TH-2611-0001/clip.mp4"
    assert log_of(house, "file.viewed") == [line]
    house.clock.advance(601)
    client.get(clip, headers={"Range": "bytes=5000-"})
    assert log_of(house, "file.viewed") == [line, line]


def test_two_people_viewing_are_two_lines(house: House, client: TestClient, clip: str) -> None:
    for login in ("lan", "duc"):
        sign_in(client, login).get(clip)
    assert [line.split()[0] for line in log_of(house, "file.viewed")] == [
        "account:lan",
        "account:duc",
    ]


def test_a_download_is_named_after_its_case_and_always_logged(
    house: House, client: TestClient, clip: str
) -> None:
    sign_in(client, "lan")
    for _ in range(2):
        answer = client.get(f"{clip}?download=1")
    assert 'attachment; filename="TH-2611-0001-clip.mp4"' in answer.headers["content-disposition"]
    assert len(log_of(house, "file.downloaded")) == 2


def test_a_file_gone_from_the_store_is_an_integrity_error(
    house: House, client: TestClient, clip: str
) -> None:
    house.store.case_file("tay-ho", "TH-2611-0001", "clip.mp4").unlink()
    answer = sign_in(client, "lan").get(clip)
    assert answer.status_code == 500
    assert "integrity_lost" in answer.text


def test_a_still_is_for_those_who_keep_or_read_the_ward(house: House, client: TestClient) -> None:
    address = f"/media/cameras/{house.camera_id()}/still"
    assert sign_in(client, "an").get(address).status_code == 404
    path = house.store.still(house.camera_id())
    with house.store.receive(path, 100) as incoming:
        incoming.write(b"\xff\xd8\xff street")
        incoming.keep()
    with house.database.writing() as session:
        session.get_one(Camera, house.camera_id()).still_at = house.now
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert log_of(house, "still.viewed") == [f"account:an camera:{house.camera_id()}/still"]
    assert sign_in(client, "thu").get(address).status_code == 404
    assert sign_in(client, "quan").get(address).status_code == 404
