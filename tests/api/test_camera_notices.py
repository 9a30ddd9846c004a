"""A photo shows that a camera's recording notice hangs where people can see it."""

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from tests.api.photos import MAKER, PLACE, a_photo, from_a_telephone
from viahe_api.tables import AuditEntry, Camera


def send(client: TestClient, house: House, photo: bytes, csrf: str | None = None) -> str:
    token = str(client.get("/session").json()["csrf"]) if csrf is None else csrf
    path = f"/cameras/{house.camera_id()}/notice"
    answer = client.post(path, data={"csrf": token}, files={"photo": ("bien.jpg", photo)})
    return answer.text


def shown(client: TestClient, house: House) -> bytes:
    answer = client.get(f"/cameras/{house.camera_id()}/notice.photo")
    return answer.content if answer.status_code == 200 else b""


def actions(house: House) -> list[str]:
    with house.database.reading() as session:
        found = select(AuditEntry.action).where(AuditEntry.object.like("camera:%/notice"))
        return list(session.scalars(found.order_by(AuditEntry.seq)))


def test_a_photo_of_the_notice_ends_the_warning_and_is_shown_without_where_it_was_taken(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    assert "Chưa lắp biển thông báo ghi hình" in client.get(f"/cameras/{house.camera_id()}").text
    page = send(client, house, from_a_telephone(seed=3))
    assert "Chưa lắp biển thông báo ghi hình" not in page
    assert "notice.photo" in page
    kept = shown(client, house)
    assert kept.startswith(b"\xff\xd8")
    assert PLACE not in kept
    assert MAKER not in kept
    sign_in(client, "lan")
    assert shown(client, house) == kept, "operators may see it"
    assert actions(house) == ["camera.notice_photo", "still.viewed", "still.viewed"]


def test_another_photo_takes_its_place_and_the_earlier_one_is_gone(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    send(client, house, from_a_telephone(seed=3))
    first = shown(client, house)
    send(client, house, from_a_telephone(seed=4))
    assert shown(client, house) not in (first, b"")
    folder = house.settings.data
    assert len(list(folder.rglob("notice-*"))) == 1


def test_a_photo_of_nine_megabytes_is_no_larger_than_the_page_allows(
    client: TestClient, house: House
) -> None:
    sign_in(client, "an")
    send(client, house, a_photo() + bytes(9 << 20))
    assert shown(client, house) != b""


@pytest.mark.parametrize(
    ("photo", "sentence"),
    [
        (b"MZ\x90\0 a program", "không phải là ảnh"),
        (b"", "Cần chọn ảnh."),
        (b"\xff\xd8\xff" + bytes(10 << 20), "Có ảnh quá lớn"),
    ],
)
def test_what_is_no_photo_is_said_and_not_kept(
    client: TestClient, house: House, photo: bytes, sentence: str
) -> None:
    sign_in(client, "an")
    assert sentence in send(client, house, photo)
    assert shown(client, house) == b""


def test_a_form_of_another_session_keeps_nothing(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    send(client, house, a_photo(), csrf="00")
    assert shown(client, house) == b""


def test_only_the_ward_s_administrator_keeps_it_and_other_wards_see_none(
    client: TestClient, house: House
) -> None:
    sign_in(client, "lan")
    send(client, house, a_photo())
    sign_in(client, "quan")
    send(client, house, a_photo())
    with house.database.reading() as session:
        assert session.get_one(Camera, house.camera_id()).notice_photo is None
    sign_in(client, "an")
    send(client, house, a_photo())
    assert shown(client, house)
    for login in ("quan", "thu"):
        sign_in(client, login)
        assert shown(client, house) == b""
