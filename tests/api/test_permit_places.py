"""Permits along a street, on several cameras, and with the paper they rest on."""

from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from tests.api.test_permits import permit_form
from viahe_api import seeding
from viahe_api.house_numbers import number_along
from viahe_api.permit_places import WHOLE_PICTURE
from viahe_api.tables import AuditEntry, Permit

PDF = b"%PDF-1.7\n" + bytes(200_000)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture
def street(client: TestClient, house: House) -> House:
    """Three cameras: two look at Thụy Khuê, one at Lạc Long Quân."""
    with house.database.writing() as session:
        for slug, name, address, where in (
            ("cam-2", "Ngõ 60", "Trước số 61, TDP 7", "Thụy Khuê"),
            ("cam-3", "Chợ Bưởi", "Số 55", "Lạc Long Quân"),
        ):
            place = seeding.CameraPlace(name, address, where, "TDP 7")
            seeding.add_camera(session, house.device().id, slug, place, now=house.now)
    sign_in(client, "an")
    return house


def plans(house: House) -> dict[str, list[dict[str, object]]]:
    """The permits each camera's detector honours."""
    return {plan["camera"]: plan["permits"] for plan in house.configuration()["plans"]}


def test_a_permit_along_a_street_holds_on_all_its_cameras_and_on_no_other(
    client: TestClient, street: House
) -> None:
    asked = {"ground": "street", "street": "thuy khue"}
    page = client.post("/permits/new", data=permit_form(client, street) | asked).text
    assert "Thụy Khuê (Camera Phường Tây Hồ, Ngõ 60)" in page
    assert "Áp dụng trên camera: Camera Phường Tây Hồ, Ngõ 60." in page
    assert page.count("NN-261122-1</bdi>") == 1, "one permit, not one for each camera"
    held = plans(street)
    assert [len(held[slug]) for slug in ("cam-1", "cam-2", "cam-3")] == [1, 1, 0]
    assert held["cam-2"][0]["polygon"] == [list(corner) for corner in WHOLE_PICTURE]


@pytest.mark.parametrize(
    ("first", "last", "covered"),
    [
        ("40", "60", [1, 0, 0]),
        ("52", "61", [1, 1, 0]),
        ("61A", "", [0, 1, 0]),
        ("", "52/7", [1, 0, 0]),
    ],
)
def test_between_house_numbers_a_permit_holds_on_the_cameras_there_and_on_no_other(
    client: TestClient, street: House, first: str, last: str, covered: list[int]
) -> None:
    """The street's cameras look at ngõ 52, which opens at number 52, and at number 61."""
    asked = {"ground": "street", "street": "Thụy Khuê", "house_from": first, "house_to": last}
    client.post("/permits/new", data=permit_form(client, street) | asked)
    assert [len(held) for held in plans(street).values()] == covered


@pytest.mark.parametrize(("first", "last"), [("12", "40"), ("Lô A", "")])
def test_where_no_camera_stands_between_the_numbers_those_that_see_it_are_ticked(
    client: TestClient, street: House, first: str, last: str
) -> None:
    asked: dict[str, str | list[str]] = {"ground": "street", "street": "Thụy Khuê"}
    asked |= {"house_from": first, "house_to": last}
    answer = client.post("/permits/new", data=permit_form(client, street) | asked)
    assert answer.status_code == 400
    assert "cần chọn các camera được áp dụng, hoặc để trống số nhà" in answer.text
    assert all(held == [] for held in plans(street).values())
    asked |= {"others": [str(street.camera_id(slug="cam-2"))]}
    page = client.post("/permits/new", data=permit_form(client, street) | asked).text
    assert "Áp dụng trên camera: Ngõ 60." in page
    assert [len(held) for held in plans(street).values()] == [0, 1, 0]


@pytest.mark.parametrize(
    ("address", "along", "number"),
    [
        ("Trước số 12 ngõ 52", "Thụy Khuê", 52),
        ("Số 12 ngõ 52", "Ngõ 52 Thụy Khuê", 12),
        ("Số nhà 12A Thụy Khuê", "Thụy Khuê", 12),
        ("52/7 Thụy Khuê", "Thụy Khuê", 52),
        ("đường 30/4, TDP 7", "30/4", None),
        ("Đối diện chợ, tổ 5", "Thụy Khuê", None),
        ("Số 9 đường 19/12", "Đường 19/12", 9),
        ("", "", None),
    ],
)
def test_where_along_its_street_an_address_lies(
    address: str, along: str, number: int | None
) -> None:
    assert number_along(address, along) == number


def test_of_a_street_only_the_chosen_cameras_can_be_covered(
    client: TestClient, street: House
) -> None:
    other = str(street.camera_id(slug="cam-2"))
    asked = {"ground": "street", "street": "Thụy Khuê", "others": other}
    client.post("/permits/new", data=permit_form(client, street) | asked)
    assert [len(held) for held in plans(street).values()] == [0, 1, 0]


def test_drawn_ground_holds_on_its_camera_and_the_others_in_whole(
    client: TestClient, street: House
) -> None:
    asked = {"others": [str(street.camera_id(slug="cam-3"))]}
    client.post("/permits/new", data=permit_form(client, street) | asked)
    held = plans(street)
    assert held["cam-1"][0]["polygon"] != held["cam-3"][0]["polygon"]
    assert held["cam-1"][0]["id"] == held["cam-3"][0]["id"] == "NN-261122-1"
    assert held["cam-2"] == []


def test_withdrawing_ends_it_on_every_camera(client: TestClient, street: House) -> None:
    asked = {"ground": "street", "street": "Thụy Khuê"}
    form = permit_form(client, street) | asked
    page = client.post("/permits/new", data=form).text
    address = page.split('/withdraw"', 1)[0].rsplit("/", 1)[1]
    client.post(f"/permits/{address}/withdraw", data={"csrf": form["csrf"]})
    assert all(held == [] for held in plans(street).values())


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"street": ""}, "Cần ghi tên đường được cấp phép."),
        ({"street": "Hàng Bài"}, "Không có camera đang dùng nào trên đường này."),
        ({"others": "4"}, "Không camera nào được chọn nằm trên đường này."),
        ({"house_from": "40A", "house_to": "12"}, "Số nhà ghi từ nhỏ đến lớn"),
        ({"house_from": "40", "house_to": "12"}, "Số nhà ghi từ nhỏ đến lớn"),
        ({"house_to": "1" * 21}, "Số nhà ghi từ nhỏ đến lớn"),
    ],
)
def test_a_street_that_cannot_be_is_said_and_what_was_typed_stays(
    client: TestClient, street: House, asked: dict[str, str], sentence: str
) -> None:
    form = permit_form(client, street) | {"ground": "street", "street": "Thụy Khuê"} | asked
    answer = client.post("/permits/new", data=form)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'value="street" checked' in answer.text


def test_a_permit_on_the_zone_page_is_outlined_over_the_still(
    client: TestClient, street: House
) -> None:
    from tests.contract.test_devices import Device  # noqa: PLC0415 - a fixture of its name is there

    Device(street, client).put("/cameras/cam-1/still", b"\xff\xd8\xff street")
    client.post("/permits/new", data=permit_form(client, street))
    page = client.get(f"/cameras/{street.camera_id()}/zones/zone-1").text
    assert 'class="permit" points="' in page
    assert "NN-261122-1" in page


def test_a_paper_is_kept_as_it_is_and_handed_out_under_its_name(
    client: TestClient, street: House
) -> None:
    asked = {"ground": "street", "street": "Thụy Khuê"}
    files = {"paper": ("C:\\giấy\\phép\u202efdp.exe", PDF, "application/x-msdownload")}
    page = client.post("/permits/new", data=permit_form(client, street) | asked, files=files).text
    address = page.split('href="/permits/', 2)[2].split('"', 1)[0]
    answer = client.get(f"/permits/{address}")
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    said = answer.headers["content-disposition"]
    assert said.startswith("attachment;")
    assert said.endswith("ph%C3%A9pfdp.pdf")
    assert answer.headers["x-content-type-options"] == "nosniff"
    with street.database.reading() as session:
        assert len({row.document for row in session.scalars(select(Permit))}) == 1
        logged = select(AuditEntry).where(AuditEntry.action == "file.downloaded")
        assert len(session.scalars(logged).all()) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"MZ\x90\x00 an executable", "không phải tệp PDF, JPEG hoặc PNG"),
        (b"<svg/>", "không phải tệp PDF, JPEG hoặc PNG"),
        (b"", "không phải tệp PDF, JPEG hoặc PNG"),
        (b"%PDF-" + bytes(7 << 20), "lớn hơn 7 MB"),
    ],
)
def test_a_paper_is_told_by_its_bytes_and_bounded(
    client: TestClient, street: House, content: bytes, sentence: str
) -> None:
    files = {"paper": ("giay-phep.pdf", content, "application/pdf")}
    answer = client.post("/permits/new", data=permit_form(client, street), files=files)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert all(held == [] for held in plans(street).values())
    assert not list((Path(street.settings.data) / "evidence" / "permits").glob("*"))


def test_a_paper_of_another_ward_is_not_found(client: TestClient, street: House) -> None:
    files = {"paper": ("x.png", PNG, "image/png")}
    page = client.post("/permits/new", data=permit_form(client, street), files=files).text
    address = page.split('href="/permits/', 2)[2].split('"', 1)[0]
    client.cookies.clear()
    sign_in(client, "quan")
    assert client.get(f"/permits/{address}").status_code == 404
    client.cookies.clear()
    sign_in(client, "lan")
    assert client.get(f"/permits/{address}").status_code == 403
