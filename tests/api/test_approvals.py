"""The approver's pages: hand over, return, record what became of a case."""

import pytest
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from tests.api.test_cases import decide
from tests.api.test_pages import faults_of
from viahe_api import handling_reading
from viahe_api.vocabulary import Verdict


@pytest.fixture
def code(house: House) -> str:
    code = house.report(a_suspicion())
    decide(house, "lan", code, Verdict.CONFIRM)
    return code


def token_of(client: TestClient) -> str:
    return str(client.get("/session").json()["csrf"])


def post(client: TestClient, path: str, form_id: str, **fields: str) -> str:
    form = {"csrf": token_of(client), "form_id": form_id, **fields}
    return client.post(path, data=form).text


def test_an_approver_finds_hands_over_and_records(client: TestClient, code: str) -> None:
    sign_in(client, "duc")
    listed = client.get("/approvals").text
    assert code in listed
    assert "Trước số 12 ngõ 52, Thụy Khuê, TDP 7" in listed
    page = client.get(f"/cases/{code}").text
    assert "Sau khi chuyển xử lý không hoàn tác được." in page
    assert "Sau khi chuyển xử lý" in client.get(f"/cases/{code}/hand-over").text
    page = post(client, f"/cases/{code}/hand-over", "1")
    assert "Đã chuyển xử lý" in page
    assert "Trong hạn: còn 2 ngày làm việc (đến 24/11/2026)" in page
    assert "Chưa kiểm chứng" in page
    page = post(client, f"/cases/{code}/outcome", "2", step="recorded", number="07/BB")
    assert "Cần ghi ngày của văn bản" in page
    assert 'value="07/BB"' in page
    paper = {"number": "07/BB", "day": "22/11/2026", "basis": "1"}
    assert "07/BB" in post(client, f"/cases/{code}/outcome", "3", step="recorded", **paper)
    sanction = paper | {"number": "12/QĐ", "amount": "1.500.000"}
    page = post(client, f"/cases/{code}/outcome", "4", step="sanctioned", **sanction)
    assert "Số 12/QĐ; 22/11/2026; 1.500.000 đồng" in page


def test_more_cases_than_are_listed_are_counted_under_their_list(
    client: TestClient, house: House, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handling_reading, "LISTED", 1)
    sign_in(client, "duc")
    more = "trường hợp chưa có trong danh sách này."
    assert more not in client.get("/approvals").text
    for key in ("key-2", "key-3"):
        decide(house, "lan", house.report(a_suspicion(key)), Verdict.CONFIRM, form_id=key)
    listed = client.get("/approvals").text
    assert listed.count('href="/cases/') == 1
    assert f"Còn 2 {more}" in listed
    post(client, f"/cases/{code}/hand-over", "1")
    assert f"Còn 1 {more}" in client.get("/approvals").text


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "Trong hạn: còn 2 ngày làm việc (đến 24/11/2026)"),
        (1, "Sắp đến hạn: còn 1 ngày làm việc (đến 24/11/2026)"),
        (2, "Sắp đến hạn: hết hôm nay (24/11/2026)"),
        (4, "Quá hạn 2 ngày làm việc (hạn 24/11/2026)"),
    ],
)
def test_a_deadline_says_whether_it_is_kept_and_how_long_is_left(
    client: TestClient, house: House, code: str, days: int, said: str
) -> None:
    sign_in(client, "duc")
    post(client, f"/cases/{code}/hand-over", "1")
    house.clock.advance(days * 86400)
    sign_in(client, "duc")
    assert said in client.get("/approvals").text
    assert said in client.get(f"/cases/{code}").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Cần chọn kết quả xử lý."),
        ({"step": "reminded", "day": "2026-11-22"}, "Cần ghi ngày của văn bản"),
        ({"step": "reminded", "day": "23/11/2026"}, "Ngày của văn bản chưa đến."),
        ({"step": "reminded", "amount": "một triệu"}, "Cần ghi số tiền bằng đồng"),
        ({"step": "reminded", "amount": "-5"}, "Cần ghi số tiền bằng đồng"),
        ({"step": "recorded", "number": "1", "day": "22/11/2026"}, "Cần chọn căn cứ pháp lý"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(
    client: TestClient, code: str, fields: dict[str, str], sentence: str
) -> None:
    sign_in(client, "duc")
    post(client, f"/cases/{code}/hand-over", "1")
    page = post(client, f"/cases/{code}/outcome", "2", **fields)
    assert sentence in page
    for value in fields.values():
        assert f'value="{value}"' in page


def test_a_case_is_returned_only_with_what_is_missing(client: TestClient, code: str) -> None:
    sign_in(client, "duc")
    assert "Cần ghi rõ nội dung còn thiếu." in post(client, f"/cases/{code}/return", "1")
    post(client, f"/cases/{code}/return", "2", note="chưa rõ địa điểm")
    page = client.get(f"/cases/{code}").text
    assert "Cần bổ sung" in page
    assert "chưa rõ địa điểm" in page


def test_an_operator_sees_the_handling_and_takes_no_part(client: TestClient, code: str) -> None:
    sign_in(client, "lan")
    assert client.get("/approvals").status_code == 403
    form = {"csrf": token_of(client), "form_id": "1"}
    assert client.post(f"/cases/{code}/hand-over", data=form).status_code == 403
    assert "Phê duyệt</a>" not in client.get(f"/cases/{code}").text


def test_who_confirmed_is_told_that_another_approves(client: TestClient, house: House) -> None:
    code = house.report(ward="hong-ha")
    decide(house, "hoa", code, Verdict.CONFIRM)
    sign_in(client, "hoa")
    assert "Người đã xác nhận không tự chuyển xử lý" in client.get(f"/cases/{code}").text
    form = {"csrf": token_of(client), "form_id": "1"}
    assert client.post(f"/cases/{code}/hand-over", data=form).status_code == 403


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_are_sound(client: TestClient, code: str, language: str) -> None:
    sign_in(client, "duc")
    client.cookies.set("language", language)
    for path in ("/approvals", f"/cases/{code}", f"/cases/{code}/hand-over", "/decisions"):
        assert list(faults_of(client.get(path).text)) == []
    post(client, f"/cases/{code}/hand-over", "1")
    assert list(faults_of(client.get(f"/cases/{code}").text)) == []


def test_the_law_is_marked_as_vietnamese_where_the_page_is_english(
    client: TestClient, code: str
) -> None:
    client.cookies.set("language", "en")
    sign_in(client, "duc")
    post(client, f"/cases/{code}/hand-over", "1")
    recorded = {"step": "recorded", "number": "07/BB", "day": "22/11/2026", "basis": "1"}
    page = post(client, f"/cases/{code}/outcome", "2", **recorded)
    assert '<bdi lang="vi">điểm c khoản 2 Điều 25, Nghị định 45/2022/NĐ-CP</bdi>' in page
    assert '<strong lang="vi">điểm c khoản 2 Điều 25, Nghị định 45/2022/NĐ-CP</strong>' in page
    assert '<span lang="vi">Vứt, thải, bỏ rác thải' in page
    assert 'In force from 25/08/2022. Source: <span lang="vi">hethongphapluat' in page
    assert 'lang="vi">Ra quyết định xử phạt' in page
