"""The queue narrowed in many ways, and lists kept under a name of one's own."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from tests.api.test_pages import faults_of
from tests.api.test_queue import confirm
from viahe_api.saved_views import save_view, saved_views


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("group=TDP+7", True),
        ("group=TDP+8", False),
        ("street=Th%E1%BB%A5y+Khu%C3%AA", True),
        ("street=Kim+M%C3%A3", False),
        ("state=waiting", True),
        ("state=sufficient", False),
        ("first=22/11/2026&last=22/11/2026", True),
        ("first=23/11/2026", False),
        ("last=21/11/2026", False),
        ("state=khong-co", True),
        ("first=01/01/0001&last=31/12/9999", True),
    ],
)
def test_filters_narrow_the_queue(
    client: TestClient, house: House, query: str, found: bool
) -> None:
    code = house.report(start_at=house.now - timedelta(hours=2))
    sign_in(client, "lan")
    page = client.get(f"/queue?{query}")
    assert page.status_code == 200
    assert (f'data-case="{code}"' in page.text) is found


@pytest.mark.parametrize("field", ["first", "last"])
def test_a_day_that_is_none_filters_nothing_and_is_said(
    client: TestClient, house: House, field: str
) -> None:
    code = house.report()
    sign_in(client, "lan")
    answer = client.get("/queue", params={field: "2026-11-22"})
    assert answer.status_code == 400
    assert f'<a href="#{field}">Ghi ngày theo dạng 22/11/2026.</a>' in answer.text
    assert f'data-case="{code}"' in answer.text
    assert 'value="2026-11-22" aria-invalid="true"' in answer.text
    assert list(faults_of(answer.text)) == []


def test_decided_cases_are_found_by_their_state(client: TestClient, house: House) -> None:
    code = house.report(a_suspicion())
    confirm(house, code)
    sign_in(client, "duc")
    assert f'data-case="{code}"' not in client.get("/queue").text
    assert f'data-case="{code}"' in client.get("/queue?state=sufficient").text


def test_a_view_is_kept_replaced_and_forgotten_by_its_owner(
    client: TestClient, house: House
) -> None:
    sign_in(client, "lan")
    token = client.get("/session").json()["csrf"]

    def keep(name: str, query: str) -> str:
        form = {"csrf": token, "name": name, "list": query}
        return client.post("/queue/views", data=form).text

    page = keep("  Rác <b>buổi tối</b> ", "act=dumping&x=1")
    assert "Rác &lt;b&gt;buổi tối&lt;/b&gt;" in page
    assert 'href="/queue?act=dumping"' in page
    assert list(faults_of(page)) == []
    page = keep("Rác <b>buổi tối</b>", "act=dumping&group=TDP+7")
    assert page.count("/remove") == 1
    assert "/remove" in keep("", "act=dumping")
    with TestClient(house.app()) as other:
        sign_in(other, "minh")
        assert "/remove" not in other.get("/queue?act=dumping").text
        address = "/queue/views/" + page.split("/queue/views/")[1].split('"')[0]
        stolen = {"csrf": other.get("/session").json()["csrf"]}
        other.post(address, data=stolen)
    assert "/remove" in client.get("/queue").text
    client.post(address, data={"csrf": token})
    assert "/remove" not in client.get("/queue").text


@pytest.mark.parametrize(
    ("name", "query", "kept", "sentence"),
    [
        ("  ", "act=dumping", 0, "Chưa lưu chế độ xem: cần ghi tên."),
        ("Dài", "search=" + "%C4%91" * 100, 0, "Chưa lưu chế độ xem: nội dung tìm kiếm quá dài"),
        ("Thứ 31", "act=dumping", 30, "Chưa lưu chế độ xem: chỉ lưu tối đa 30"),
    ],
)
def test_a_view_that_is_not_kept_is_said_and_its_name_stays(
    client: TestClient, house: House, name: str, query: str, kept: int, sentence: str
) -> None:
    lan = house.viewer("lan")
    with house.database.writing() as session:
        for number in range(kept):
            save_view(session, lan, f"{number}", "act=dumping")
    sign_in(client, "lan")
    form = {"csrf": client.get("/session").json()["csrf"], "name": name, "list": query}
    answer = client.post("/queue/views", data=form)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'name="name" value="{name}"' in answer.text
    assert list(faults_of(answer.text)) == []
    with house.database.reading() as session:
        assert len(saved_views(session, lan)) == kept


@pytest.mark.parametrize("field", ["first", "last"])
def test_a_list_filtered_by_a_day_that_is_none_is_not_kept(
    client: TestClient, house: House, field: str
) -> None:
    sign_in(client, "lan")
    form = {"csrf": client.get("/session").json()["csrf"], "name": "Tối"}
    answer = client.post("/queue/views", data={**form, "list": f"{field}=2026-11-22&act=dumping"})
    assert answer.status_code == 400
    assert f'<a href="#{field}">Ghi ngày theo dạng 22/11/2026.</a>' in answer.text
    assert 'value="2026-11-22" aria-invalid="true"' in answer.text
    assert 'name="name" value="Tối"' in answer.text
    assert 'value="dumping" selected' in answer.text
    assert list(faults_of(answer.text)) == []
    with house.database.reading() as session:
        assert saved_views(session, house.viewer("lan")) == ()


@pytest.mark.parametrize("login", ["thu", "an"])
def test_who_has_no_queue_keeps_no_views_of_it(client: TestClient, login: str) -> None:
    sign_in(client, login)
    token = client.get("/session").json()["csrf"]
    form = {"csrf": token, "name": "x", "list": ""}
    assert client.post("/queue/views", data=form).status_code == 403
