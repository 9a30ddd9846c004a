"""The form of a report by hand, as browsers and mishaps send it."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from tests.api.by_hand import employ, typed
from tests.api.house import PASSWORD, House, sign_in
from tests.api.photos import a_photo, from_a_telephone
from tests.api.served import served
from viahe_api.tables import Case

Photos = list[tuple[str, tuple[str, bytes, str]]]


def attached(*contents: bytes, called: str = "anh.jpg") -> Photos:
    return [("photo", (called, content, "image/jpeg")) for content in contents]


def cases_of(house: House) -> int:
    with house.database.reading() as session:
        return session.scalar(select(func.count(Case.id))) or 0


def kept_values(page: str) -> set[str]:
    return set(re.findall(r'value="([^"]*)"', page))


def test_a_report_is_entered_and_its_page_shows_the_photos(
    client: TestClient, house: House
) -> None:
    sign_in(client, "lan")
    form = typed(house, client)
    page = client.post("/cases/new", data=form, files=attached(from_a_telephone(), a_photo())).text
    assert "Đã ghi nhận TH-2611-0001, đang chờ xem xét." in page
    queue = client.get("/queue").text
    assert "Sau chợ Bưởi" in queue
    assert "Phản ánh của người dân" in queue
    case = client.get("/cases/TH-2611-0001").text
    assert "Nhiều bao rác để ở gốc cây" in case
    assert "<video" not in case
    (first, second) = re.findall(r'<img src="(/media/[^"]+_shown\.jpg)"', case)
    assert client.get(first).headers["content-type"] == "image/jpeg"
    original = first.replace("_shown", "")
    assert client.get(original).status_code == 404
    assert client.get(f"{original}?download=1").content == from_a_telephone()
    assert client.get(second).status_code == 200


def test_two_presses_make_one_case(client: TestClient, house: House) -> None:
    sign_in(client, "lan")
    form = typed(house, client)
    for _ in range(2):
        page = client.post("/cases/new", data=form, files=attached(a_photo())).text
        assert "TH-2611-0001" in page
    assert cases_of(house) == 1


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        ((b"MZ\x90\0 a program",), "Có tệp không phải là ảnh"),
        ((a_photo()[:-40],), "Có ảnh bị hỏng"),
        ((b"\xff\xd8\xff" + bytes(10 << 20),), "Có ảnh quá lớn"),
        (tuple(a_photo(seed=n) for n in range(4)), "Cần chọn từ một đến ba ảnh."),
        ((), "Cần chọn từ một đến ba ảnh."),
    ],
)
def test_a_refused_photo_costs_nothing_that_was_typed(
    client: TestClient, house: House, contents: tuple[bytes, ...], sentence: str
) -> None:
    sign_in(client, "lan")
    form = typed(house, client, address='Ngõ "12" <b>')
    files = attached(*contents, called="anh-dep.jpg") or [("photo", ("", b"", "image/jpeg"))]
    answer = client.post("/cases/new", data=form, files=files)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "Ngõ &#34;12&#34; &lt;b&gt;" in kept_values(answer.text)
    assert form["description"] in answer.text
    assert cases_of(house) == 0


def test_everything_wrong_is_said_at_once_and_linked(client: TestClient, house: House) -> None:
    sign_in(client, "lan")
    form = typed(house, client, act="", address=" ", day="31/02/2026", time="25:00")
    page = client.post("/cases/new", data=form, files=attached(b"x")).text
    assert "Có 5 nội dung cần sửa" in page
    for at in ("act-dumping", "address", "day", "time", "photo"):
        assert f'href="#{at}"' in page
        assert f'id="{at}"' in page


def test_a_time_to_come_is_refused_in_words(client: TestClient, house: House) -> None:
    sign_in(client, "lan")
    form = typed(house, client, time="12:01")
    assert "Thời điểm này chưa tới." in post_photo(client, form)
    assert "TH-2611-0001" in post_photo(client, form | {"time": "12:00"})


def test_a_session_that_ended_keeps_what_was_typed(client: TestClient, house: House) -> None:
    sign_in(client, "lan")
    form = typed(house, client)
    house.clock.advance(2 * 3600)
    answer = client.post("/cases/new", data=form, files=attached(a_photo()))
    assert answer.status_code == 401
    assert "Nội dung đã nhập được giữ lại." in answer.text
    carried = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    wrong = client.post("/cases/new/again", data=carried | {"login": "lan", "password": "sai"})
    assert "không đúng" in wrong.text
    assert form["description"] in kept_values(wrong.text)
    again = client.post("/cases/new/again", data=carried | {"login": "lan", "password": PASSWORD})
    assert form["address"] in kept_values(again.text)
    assert form["description"] in again.text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', again.text)[-1]
    page = post_photo(client, form | {"csrf": csrf})
    assert "TH-2611-0001" in page


def test_a_form_of_another_session_makes_no_case_and_loses_no_text(
    client: TestClient, house: House
) -> None:
    sign_in(client, "lan")
    page = post_photo(client, typed(house, client, csrf="0" * 64))
    assert "Biểu mẫu thuộc phiên làm việc trước" in page
    assert "Sau chợ Bưởi" in kept_values(page)
    assert cases_of(house) == 0


def test_a_field_officer_enters_and_reads_no_case(client: TestClient, house: House) -> None:
    employ(house)
    sign_in(client, "tuan")
    assert client.get("/", follow_redirects=False).headers["location"] == "/tasks"
    form = typed(house, client, source="patrol")
    page = post_photo(client, form)
    assert "Đã ghi nhận TH-2611-0001" in page
    assert "Mở trường hợp" not in page
    assert client.get("/cases/TH-2611-0001").status_code == 404
    assert client.get("/queue").status_code == 403


@pytest.mark.parametrize("login", ["duc", "an", "thu"])
def test_others_see_no_form(client: TestClient, login: str) -> None:
    sign_in(client, login)
    assert client.get("/cases/new").status_code == 403
    assert "/cases/new" not in client.get("/dashboard").text


@pytest.mark.parametrize("known", [True, False])
def test_an_upload_without_end_fills_neither_memory_nor_disk(house: House, known: bool) -> None:
    """48 times the largest photo: what the answer needs is read, the rest thrown away."""
    with served(house.app()) as address, httpx2.Client(base_url=address, timeout=120) as client:
        form: dict[str, str] = {"description": "Nhiều bao rác", "address": "Sau chợ"}
        if known:
            client.post("/sign-in", data={"login": "lan", "password": PASSWORD})
            page = client.get("/cases/new").text
            form["csrf"] = re.findall(r'name="csrf" value="([^"]+)"', page)[-1]
        before, most = memory(), [0]
        answer = client.post(
            "/cases/new",
            content=endless(form, 480 if known else 48, most),
            headers={"content-type": "multipart/form-data; boundary=b"},
        )
        assert most[0] - before < 64 << 20
    assert answer.status_code == (400 if known else 401)
    assert "Nhiều bao rác" in answer.text
    assert ("Có ảnh quá lớn" in answer.text) is known
    assert list((house.settings.data / "evidence").rglob("*.jpg*")) == []


def endless(form: dict[str, str], megabytes: int, most: list[int]) -> Iterator[bytes]:
    """A form whose photo never ends for so long; notes the memory this process takes."""
    for name, value in form.items():
        yield f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    yield b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
    for _ in range(megabytes):
        yield bytes(1 << 20)
        most[0] = max(most[0], memory())
    yield b"\r\n--b--\r\n"


def memory() -> int:
    """Bytes of this process in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def post_photo(client: TestClient, form: dict[str, str]) -> str:
    return client.post("/cases/new", data=form, files=attached(a_photo())).text
