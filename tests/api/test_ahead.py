"""The next case is fetched before anybody sees it, and the log says so."""

import sys
from statistics import median, quantiles
from time import perf_counter

import httpx2
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import PASSWORD, House, a_suspicion, sign_in
from tests.api.served import served
from tests.api.test_pages import form_of
from viahe_api.tables import AuditEntry


def logged(house: House, code: str) -> set[str]:
    with house.database.reading() as session:
        about = AuditEntry.object.startswith(f"case:{code}")
        return set(session.scalars(select(AuditEntry.action).where(about)))


def test_files_fetched_ahead_are_logged_and_not_as_viewed(client: TestClient, house: House) -> None:
    first, second = house.report(), house.report(a_suspicion("key-2"))
    sign_in(client, "lan")
    client.get(f"/cases/{first}")
    told = client.get(f"/cases/{first}/following").json()
    files = told["files"]
    assert told["clip"] == {
        "address": f"/media/cases/{second}/clip.mp4",
        "manifest": f"/media/cases/{second}/manifest.json",
        "act_begins_t": a_suspicion().start,
    }
    assert f"/media/cases/{second}/clip.mp4" in files
    for address in files:
        assert client.get(address, headers={"X-Ahead": "1"}).status_code == 200
    assert logged(house, second) == {
        *("case.announced", "case.received"),
        *("case.fetched_ahead", "file.fetched_ahead"),
    }
    client.get(f"/cases/{second}")
    assert "case.viewed" in logged(house, second)


def test_after_the_last_case_nothing_is_fetched(client: TestClient, house: House) -> None:
    code = house.report()
    sign_in(client, "lan")
    assert client.get(f"/cases/{code}/following").json() == {
        "files": [],
        "clip": None,
        "page": None,
    }


@pytest.mark.parametrize("login", ["thu", "an"])
def test_who_sees_no_cases_fetches_none(client: TestClient, house: House, login: str) -> None:
    code = house.report()
    sign_in(client, login)
    assert client.get(f"/cases/{code}/following").status_code == 403


def test_a_module_that_sends_a_decision_is_told_where_to_go_on(
    client: TestClient, house: House
) -> None:
    first, second = house.report(), house.report(a_suspicion("key-2"))
    asks = {"Accept": "application/json"}
    sign_in(client, "lan")
    form = form_of(client, f"/cases/{first}")
    confirmed = client.post(f"/cases/{first}/confirm", data=form, headers=asks)
    assert confirmed.json() == {"next": f"/cases/{second}"}
    again = client.post(f"/cases/{first}/confirm", data=form, headers=asks)
    assert again.json() == confirmed.json()
    late = client.post(f"/cases/{first}/confirm", data={**form, "form_id": "2"}, headers=asks)
    assert late.status_code == 409
    assert "Chưa lưu" in late.text
    skipped = client.post(f"/cases/{second}/skip", data=form, headers=asks)
    assert skipped.json() == {"next": "/queue"}
    client.cookies.delete("viahe_session")
    ended = client.post(f"/cases/{second}/confirm", data=form, headers=asks)
    assert (ended.status_code, ended.json()) == (401, {"error": "not_signed_in"})


def test_a_decision_is_answered_in_no_time(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = [house.report(a_suspicion(f"key-{number}")) for number in range(30)]
    took = []
    with served(house.app()) as address, httpx2.Client(base_url=address) as browser:
        browser.post("/sign-in", data={"login": "lan", "password": PASSWORD})
        for code in codes:
            form = form_of(browser, f"/cases/{code}")  # type: ignore[arg-type]
            begun = perf_counter()
            answer = browser.post(f"/cases/{code}/confirm", data=form)
            took.append((perf_counter() - begun) * 1000)
            assert answer.status_code == 303
    with capsys.disabled():
        p95 = quantiles(took, n=20)[-1]
        sys.stdout.write(
            f"\n[decision answered in {median(took):.0f} ms, p95 {p95:.0f}, target 150]\n"
        )
    assert median(took) < 150
