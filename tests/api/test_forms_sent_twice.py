"""A form whose answer was lost and that is sent again is done once, and leads to its answer."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from httpx import Response
from sqlalchemy import func, select
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from tests.api.test_permits import GOOD, permit_form, workbook
from viahe_api.answered_forms import answered_at, keep_answer
from viahe_api.tables import Account, Camera, Permit, Record, WardReason

Fields = Mapping[str, str | list[str]]


@pytest.fixture
def administrator(client: TestClient) -> TestClient:
    sign_in(client, "an")
    return client


def value_of(page: str, name: str) -> str:
    """What a hidden field holds."""
    return page.split(f'name="{name}" value="')[1].split('"', 1)[0]


def one_time(client: TestClient, address: str) -> dict[str, str]:
    """What a form of a page carries beside what is typed."""
    page = client.get(address).text
    return {name: value_of(page, name) for name in ("csrf", "form_id")}


def counted(house: House, table: type[Record]) -> int:
    with house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def sent(client: TestClient, address: str, fields: Fields) -> Response:
    return client.post(address, data=dict(fields))


def test_a_permit_is_given_once(administrator: TestClient, house: House) -> None:
    form = permit_form(administrator, house) | one_time(administrator, "/permits/new")
    pages = [sent(administrator, "/permits/new", form).text for _ in range(2)]
    assert all("Giấy phép NN-261122-1 đã có hiệu lực." in page for page in pages)
    assert counted(house, Permit) == 1
    again = form | one_time(administrator, "/permits/new")
    assert (
        "Giấy phép NN-261122-2 đã có hiệu lực." in sent(administrator, "/permits/new", again).text
    )


def test_a_button_pressed_many_times_at_once_gives_one_permit(
    administrator: TestClient, house: House
) -> None:
    form = permit_form(administrator, house) | one_time(administrator, "/permits/new")
    with ThreadPoolExecutor(4) as presses:
        found = set(
            presses.map(lambda _: str(sent(administrator, "/permits/new", form).url), "1234")
        )
    assert len(found) == 1
    assert counted(house, Permit) == 1


def test_a_form_that_was_refused_is_corrected_under_its_own_id(
    administrator: TestClient, house: House
) -> None:
    form = permit_form(administrator, house) | one_time(administrator, "/permits/new")
    refused = sent(administrator, "/permits/new", form | {"holder": ""})
    assert value_of(refused.text, "form_id") == form["form_id"]
    sent(administrator, "/permits/new", form)
    assert counted(house, Permit) == 1


def test_a_sheet_is_imported_once(administrator: TestClient, house: House) -> None:
    """A row without a number is given one, so nothing else would tell the second import."""
    form = one_time(administrator, "/permits/import")
    files = {"sheet": ("a.xlsx", workbook(["", *GOOD[1:]], ["", *GOOD[1:]]))}
    for _ in range(2):
        page = administrator.post("/permits/import", data=form, files=files).text
        assert "Đã thêm 2 giấy phép." in page
    assert counted(house, Permit) == 2


def test_a_new_user_is_added_once_and_a_new_password_is_offered(
    administrator: TestClient, house: House
) -> None:
    before = counted(house, Account)
    form = one_time(administrator, "/users/new") | {"login": "mai", "name": "Ngô Mai"}
    form |= {"role": f"{house.device().ward_id}:operator"}
    assert 'class="secret"' in sent(administrator, "/users/new", form).text
    page = sent(administrator, "/users/new", form).text
    assert "Biểu mẫu này đã tạo người dùng trước đó." in page
    assert "Ngô Mai" in page
    assert 'class="secret"' not in page
    assert counted(house, Account) == before + 1
    renewed = page.split('action="/users/')[2].split('"')[0]
    assert renewed.endswith("/password")
    shown = sent(administrator, f"/users/{renewed}", {"csrf": form["csrf"]})
    assert 'class="secret"' in shown.text


def test_a_camera_is_added_once(administrator: TestClient, house: House) -> None:
    before = counted(house, Camera)
    form = one_time(administrator, "/cameras/new") | {
        "device": str(house.device().id),
        "slug": "cam-7",
        "name": "Ngõ 60",
        "address": "Số 7",
        "device_kind": "private",
    }
    first, second = (sent(administrator, "/cameras/new", form) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.url == second.url
    assert counted(house, Camera) == before + 1


def test_a_reason_is_added_once(administrator: TestClient, house: House) -> None:
    form = one_time(administrator, "/reasons") | {
        "name_vi": "Ngày hội",
        "name_en": "Fair",
        "meaning": "2",
    }
    address = f"/reasons/{house.device().ward_id}/add"
    for _ in range(2):
        assert "Đã lưu." in sent(administrator, address, form).text
    assert counted(house, WardReason) == 1


def test_a_one_time_id_is_its_person_s_own(house: House) -> None:
    """Nobody is led to another's answer, nor kept from their own form, by guessing an id."""
    an, quan = house.viewer("an"), house.viewer("quan")
    with house.database.writing() as session:
        keep_answer(session, an, "one", "/permits?added=1", now=house.now)
        assert answered_at(session, an, "one") == "/permits?added=1"
        assert answered_at(session, quan, "one") is None
        keep_answer(session, an, "", "/permits?added=2", now=house.now)
        assert answered_at(session, an, "") is None
