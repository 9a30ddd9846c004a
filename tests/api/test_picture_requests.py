"""Somebody who was recorded asks about pictures of themselves, and is answered in time."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import PASSWORD, House, sign_in
from viahe_api import picture_requests, seeding
from viahe_api.law import local_day
from viahe_api.picture_requests import RequestAnswer, RequestDraft
from viahe_api.tables import AuditEntry, PictureRequest
from viahe_api.vocabulary import Answered, Asked, Role

ASKED = {
    "asked": "view",
    "paper": "45/ĐN",
    "received": "20/11/2026",
    "place": "Trước số 12 ngõ 52, tối 18/11",
    "about": "Xem lại lúc xe bị va quệt",
}


def post(client: TestClient, path: str, form_id: str = "", **fields: str) -> str:
    form = {"csrf": str(client.get("/session").json()["csrf"]), "form_id": form_id, **fields}
    return client.post(path, data=form).text


def ward_of(client: TestClient) -> str:
    page = client.get("/requests").text
    return page.split('name="ward" value="', 1)[1].split('"', 1)[0]


def entered(client: TestClient, form_id: str = "1", **changes: str) -> str:
    return post(client, "/requests", form_id, ward=ward_of(client), **ASKED | changes)


def held(house: House) -> list[PictureRequest]:
    with house.database.reading() as session:
        return list(session.scalars(select(PictureRequest).order_by(PictureRequest.id)))


def actions(house: House) -> list[str]:
    with house.database.reading() as session:
        found = select(AuditEntry.action).where(AuditEntry.object.like("request:%"))
        return list(session.scalars(found.order_by(AuditEntry.seq)))


def test_a_request_is_due_two_working_days_after_it_came_and_is_answered(
    client: TestClient, house: House
) -> None:
    sign_in(client, "duc")
    page = entered(client)
    assert "45/ĐN" in page
    assert "Sắp đến hạn" not in page
    assert "Trong hạn: còn 2 ngày làm việc (đến 24/11/2026)" in page
    assert "Chưa kiểm chứng" in page
    (request,) = held(house)
    path = f"/requests/{request.id}/answer"
    page = post(client, path, answer="granted", answer_paper="12/UBND")
    assert "Đồng ý" in page
    assert "12/UBND" in page
    assert "ngày làm việc (đến" not in page
    assert actions(house) == ["request.entered", "request.answered"]
    post(client, path, answer="refused", answer_note="đổi ý")
    assert held(house)[0].answer == "granted", "an answer that was given stays"
    assert len(actions(house)) == 2


def test_the_same_form_sent_twice_is_one_request(client: TestClient, house: House) -> None:
    sign_in(client, "an")
    entered(client, "same")
    entered(client, "same")
    assert len(held(house)) == 1
    assert actions(house) == ["request.entered"]


def test_what_waits_stands_before_what_is_answered(client: TestClient, house: House) -> None:
    sign_in(client, "duc")
    for number, day in (("1", "19/11/2026"), ("2", "20/11/2026"), ("3", "18/11/2026")):
        entered(client, number, paper=f"so-{number}", received=day)
    newest = held(house)[-1]
    page = post(client, f"/requests/{newest.id}/answer", answer="nothing_held")
    order = sorted(("so-1", "so-2", "so-3"), key=page.index)
    assert order == ["so-1", "so-2", "so-3"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"asked": "sell"}, "Cần chọn nội dung yêu cầu."),
        ({"paper": " "}, "Cần ghi số văn bản"),
        ({"received": "2026-11-20"}, "Ghi ngày theo dạng"),
        ({"received": "23/11/2026"}, "Ngày nhận chưa đến."),
        ({"place": ""}, "Cần ghi địa điểm"),
        ({"about": "x" * 2001}, "nhiều nhất 2.000 ký tự"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    client: TestClient, house: House, changes: dict[str, str], sentence: str
) -> None:
    sign_in(client, "duc")
    page = entered(client, **changes)
    assert sentence in page
    assert held(house) == []
    typed = ASKED | changes
    assert f'value="{typed["paper"]}"' in page


def test_not_granting_everything_needs_a_reason(client: TestClient, house: House) -> None:
    sign_in(client, "duc")
    entered(client)
    path = f"/requests/{held(house)[0].id}/answer"
    page = post(client, path, answer="refused", answer_paper="13/UBND")
    assert "Cần ghi lý do không đồng ý toàn bộ." in page
    assert 'value="13/UBND"' in page
    assert held(house)[0].answer is None
    assert "Cần chọn kết quả trả lời." in post(client, path)


def test_the_register_is_of_the_own_ward_and_of_those_who_keep_or_supervise_it(
    client: TestClient, house: House
) -> None:
    sign_in(client, "duc")
    entered(client)
    ward, request = ward_of(client), held(house)[0]
    sign_in(client, "quan")
    assert "45/ĐN" not in client.get("/requests").text
    assert "thuộc địa bàn khác" in post(client, f"/requests/{request.id}/answer", answer="granted")
    assert "thuộc địa bàn khác" in post(client, "/requests", "2", ward=ward, **ASKED)
    for login in ("lan", "thu"):
        sign_in(client, login)
        assert client.get("/requests").status_code == 403
    with house.database.writing() as session:
        seeding.add_account(session, "mai", "Đỗ Mai", password=PASSWORD, now=house.now)
        seeding.grant(session, "mai", "tay-ho", Role.SUPERVISOR, now=house.now)
    sign_in(client, "mai")
    page = client.get("/requests").text
    assert "45/ĐN" in page
    assert "Ghi vào sổ" not in page
    post(client, f"/requests/{request.id}/answer", answer="granted")
    assert held(house)[0].answer is None


def test_a_request_nobody_has_answered_stays_in_sight_however_many_came_after(
    house: House,
) -> None:
    viewer, now = house.viewer("duc"), house.now
    with house.database.writing() as session:
        ((ward, _),) = picture_requests.request_wards(session, viewer)
        came = local_day(now) - timedelta(days=1)
        for number in range(picture_requests.SHOWN + 2):
            draft = RequestDraft(ward, Asked.VIEW, f"{number}/ĐN", came, "Ngõ 52", "")
            made = picture_requests.enter(session, viewer, draft, form_id=f"f{number}", now=now)
            if number > 0:
                given = RequestAnswer(Answered.NOTHING_HELD)
                picture_requests.answer(session, viewer, made, given, now=now)
    with house.database.reading() as session:
        shown = picture_requests.requests(session, viewer, now=now)
    assert shown[0].paper == "0/ĐN"
    assert len(shown) == picture_requests.SHOWN
