"""What is one person's own stays theirs, and nothing typed is lost."""

import pytest
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from tests.api.test_pages import form_of


@pytest.fixture
def code(house: House) -> str:
    return house.report(a_suspicion())


def keep(client: TestClient, code: str, note: str) -> int:
    form = form_of(client, f"/cases/{code}")
    sent = {"csrf": form["csrf"], "note": note}
    return client.post(f"/cases/{code}/note", data=sent).status_code


def test_a_note_kept_by_the_server_is_there_at_another_desk(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "lan")
    assert keep(client, code, "có biển số 29") == 200
    with TestClient(house.app()) as desk:
        sign_in(desk, "lan")
        assert "có biển số 29</textarea>" in desk.get(f"/cases/{code}").text


def test_a_draft_is_nobody_elses(client: TestClient, house: House, code: str) -> None:
    sign_in(client, "lan")
    keep(client, code, "có biển số 29")
    with TestClient(house.app()) as desk:
        sign_in(desk, "minh")
        assert "biển số" not in desk.get(f"/cases/{code}").text


def test_a_decision_or_an_empty_note_forgets_the_draft(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "lan")
    keep(client, code, "nháp thứ nhất")
    keep(client, code, " ")
    assert "nháp thứ nhất" not in client.get(f"/cases/{code}").text
    keep(client, code, "nháp thứ hai")
    form = form_of(client, f"/cases/{code}") | {"note": "đã gửi"}
    client.post(f"/cases/{code}/more", data=form)
    page = client.get(f"/cases/{code}").text
    assert "nháp thứ hai" not in page
    assert "đã gửi" in page


def test_a_note_that_is_too_long_is_refused(client: TestClient, code: str) -> None:
    sign_in(client, "lan")
    assert keep(client, code, "x" * 2001) == 400


def test_todays_decisions_are_listed_with_their_way_back(
    client: TestClient, house: House, code: str
) -> None:
    other = house.report(a_suspicion("key-2"))
    sign_in(client, "lan")
    for one in (code, other):
        client.post(f"/cases/{one}/confirm", data=form_of(client, f"/cases/{one}"))
    page = client.get("/decisions").text
    assert page.index(other) < page.index(code)
    assert page.count("/undo") == 2
    decision = page.split('name="decision" value="')[1].split('"')[0]
    token = page.split('name="csrf" value="')[1].split('"')[0]
    client.post(f"/cases/{other}/undo", data={"csrf": token, "decision": decision})
    page = client.get("/decisions").text
    assert page.count("/undo") == 1
    assert "hoàn tác lúc" in page


def test_the_session_says_how_long_it_lasts_without_lasting_longer(
    client: TestClient, house: House
) -> None:
    assert client.get("/session").status_code == 401
    sign_in(client, "lan")
    house.clock.advance(3500)
    assert client.get("/session").json()["left"] == 100
    token = client.get("/session").json()["csrf"]
    assert client.post("/session", headers={"X-CSRF-Token": token}).status_code == 200
    assert client.get("/session").json()["left"] == 3600


@pytest.mark.parametrize("login", ["thu", "an"])
def test_who_decides_nothing_has_no_such_list(client: TestClient, login: str) -> None:
    sign_in(client, login)
    assert client.get("/decisions").status_code == 403
