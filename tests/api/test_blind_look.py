"""Who is to look at a case a second time is told nowhere before what was decided of it."""

import pytest
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from tests.api.test_cases import state_of
from tests.api.test_pages import faults_of, form_of
from tests.api.test_second_reviews import agreement, decide, next_look, opine
from viahe_api import field_tasks, handling, seeding
from viahe_api.tables import Grant
from viahe_api.vocabulary import CaseState, Role, Verdict

DECIDER = "Nguyễn Thị Lan"
SAID = "Đủ căn cứ"
TO_LOOK_AT = "Chờ xem xét lần hai"


@pytest.fixture
def code(house: House) -> str:
    """A case that Lan confirmed and Minh, or Bình, is to look at again."""
    code = house.report()
    decide(house, "lan", code, Verdict.CONFIRM)
    return code


def grant(house: House, login: str, role: Role) -> None:
    with house.database.writing() as session:
        seeding.grant(session, login, "tay-ho", role, now=house.now)


@pytest.mark.parametrize(("login", "ref"), [("minh", "{}"), ("binh", "{}@tay-ho")])
def test_the_page_of_a_case_leads_to_the_look_until_it_is_given(
    client: TestClient, house: House, code: str, login: str, ref: str
) -> None:
    sign_in(client, login)
    led = client.get(f"/cases/{code}", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (
        303,
        f"/second-reviews/{ref.format(code)}",
    )
    opine(house, login, code, Verdict.REJECT)
    page = client.get(f"/cases/{code}")
    assert page.url.path == f"/cases/{code}"
    assert DECIDER in page.text
    assert SAID in page.text


@pytest.mark.parametrize("login", ["lan", "duc"])
def test_who_cannot_give_the_look_sees_what_was_decided(
    client: TestClient, code: str, login: str
) -> None:
    sign_in(client, login)
    page = client.get(f"/cases/{code}")
    assert page.url.path == f"/cases/{code}"
    assert DECIDER in page.text
    assert SAID in page.text


def test_an_operator_whom_another_role_bars_from_looking_sees_it_too(
    client: TestClient, house: House, code: str
) -> None:
    with house.database.writing() as session:
        minh, ward_id = house.viewer("minh").account_id, house.device().ward_id
        session.add(Grant(account_id=minh, ward_id=ward_id, role=Role.SUPERVISOR))
    sign_in(client, "minh")
    assert DECIDER in client.get(f"/cases/{code}").text


@pytest.mark.parametrize("act", ["confirm", "reject", "more", "duplicate"])
def test_who_decides_too_late_is_led_to_the_look_with_the_note(
    client: TestClient, house: House, act: str
) -> None:
    code = house.report()
    sign_in(client, "minh")
    form = form_of(client, f"/cases/{code}") | {"note": "thấy rõ túi", "reason": "1"}
    house.clock.advance(200)
    decide(house, "lan", code, Verdict.CONFIRM)
    answer = client.post(f"/cases/{code}/{act}", data=form)
    assert answer.url.path == f"/second-reviews/{code}"
    assert "Chưa lưu: đã có người quyết định trước." in answer.text
    assert "thấy rõ túi" in answer.text
    assert list(faults_of(answer.text)) == []
    assert DECIDER not in answer.text
    assert SAID not in answer.text
    assert next_look(house, "minh") == code, "no opinion was given by it"


def test_a_module_that_sends_too_late_is_told_to_go_on_to_the_look(
    client: TestClient, house: House
) -> None:
    code = house.report()
    sign_in(client, "minh")
    form = form_of(client, f"/cases/{code}")
    house.clock.advance(200)
    decide(house, "lan", code, Verdict.CONFIRM)
    module = {"accept": "application/json, text/html"}
    answer = client.post(f"/cases/{code}/confirm", data=form, headers=module)
    assert answer.json() == {"next": f"/second-reviews/{code}?sent=true"}
    asked = client.post(f"/cases/{code}/lease", data=form)
    assert DECIDER not in asked.text


@pytest.mark.parametrize(
    ("verdict", "query"),
    [
        (Verdict.CONFIRM, "state=sufficient"),
        (Verdict.CONFIRM, "state=sufficient&search=th-26"),
        (Verdict.REJECT, "state=not_violation"),
        (Verdict.REJECT, "reason=1"),
    ],
)
def test_lists_of_what_was_decided_hold_the_case_after_the_look_alone(
    client: TestClient, house: House, verdict: Verdict, query: str
) -> None:
    code = house.report()
    decide(house, "lan", code, verdict)
    sign_in(client, "minh")

    def listed() -> list[bool]:
        news = client.get(f"/queue/news?{query}").json()
        return [f'data-case="{code}"' in client.get(f"/queue?{query}").text, news["waiting"] != []]

    assert listed() == [False, False]
    with TestClient(client.app) as elsewhere:
        sign_in(elsewhere, "duc")
        assert f'data-case="{code}"' in elsewhere.get(f"/queue?{query}").text
    opine(house, "minh", code, Verdict.CONFIRM)
    assert listed() == [True, True]


def test_among_the_earlier_cases_of_a_place_it_waits_for_the_look(
    client: TestClient, house: House, code: str
) -> None:
    later = house.report(a_suspicion("key-2"), start_at=house.now)
    sign_in(client, "minh")
    page = client.get(f"/cases/{later}").text
    assert "1 lần/6 tháng, 0 đủ căn cứ" in page
    assert TO_LOOK_AT in page
    assert SAID not in page
    with TestClient(client.app) as elsewhere:
        sign_in(elsewhere, "duc")
        told = elsewhere.get(f"/cases/{later}").text
        assert "1 lần/6 tháng, 1 đủ căn cứ" in told
        assert SAID in told
        assert TO_LOOK_AT not in told


def test_an_approver_who_is_an_operator_too_looks_first_and_then_approves(
    client: TestClient, house: House, code: str
) -> None:
    grant(house, "minh", Role.APPROVER)
    sign_in(client, "minh")
    csrf = form_of(client, f"/second-reviews/{code}")["csrf"]
    assert code not in client.get("/approvals").text
    asked = client.get(f"/cases/{code}/hand-over", follow_redirects=False)
    assert asked.headers["location"] == f"/second-reviews/{code}"
    form = {"csrf": csrf, "form_id": "f", "officer": "1", "to_check": "xem", "note": "thiếu"}
    for act in ("hand-over", "return", "outcome", "officer"):
        refused = client.post(f"/cases/{code}/{act}", data={**form, "step": "closed"})
        assert refused.url.path == f"/second-reviews/{code}", act
    assert state_of(house, code) is CaseState.SUFFICIENT
    opine(house, "minh", code, Verdict.CONFIRM)
    assert code in client.get("/approvals").text
    assert client.get(f"/cases/{code}/hand-over").url.path == f"/cases/{code}/hand-over"


def test_reports_tell_their_figures_and_no_list_that_says_what_was_decided(
    client: TestClient, house: House, code: str
) -> None:
    sign_in(client, "minh")
    report, listed = "/reports/2026-11", "/reports/2026-11/cases?of={}"
    first = "Biểu 05 có sau khi xem xét lần hai"
    assert first in client.get(report).text
    for of in ("sufficient", "reviewed"):
        page = client.get(listed.format(of)).text
        assert code not in page
        assert "Các trường hợp chờ xem xét lần hai có trong danh sách sau khi xem xét." in page
    everything = client.get(listed.format("recorded")).text
    assert code in everything
    assert SAID not in everything
    assert list(faults_of(everything)) == []
    assert "cases" not in client.get(f"{report}/file.json").json()
    opine(house, "minh", code, Verdict.CONFIRM)
    assert first not in client.get(report).text
    assert code in client.get(listed.format("sufficient")).text
    assert [case["code"] for case in client.get(f"{report}/file.json").json()["cases"]] == [code]


def test_an_approver_s_list_of_one_person_s_decisions_leaves_it_out(
    client: TestClient, house: House, code: str
) -> None:
    grant(house, "minh", Role.APPROVER)
    sign_in(client, "minh")
    address = f"/reports/2026-11/decided?by={DECIDER}&verdict=confirm"
    assert code not in client.get(address).text
    opine(house, "minh", code, Verdict.CONFIRM)
    assert code in client.get(address).text


def test_a_case_that_is_returned_is_everybody_s_to_decide_again(
    client: TestClient, house: House, code: str
) -> None:
    with house.database.writing() as session:
        handling.give_back(session, house.viewer("duc"), code, "thiếu", form_id="f", now=house.now)
    sign_in(client, "minh")
    assert "Xem xét lần hai (" not in client.get("/queue").text
    assert agreement(house).waiting == 0
    assert client.get(f"/cases/{code}").url.path == f"/cases/{code}"
    decide(house, "minh", code, Verdict.REJECT)
    assert client.get(f"/cases/{code}").url.path == f"/cases/{code}"
    assert next_look(house, "lan") == code, "the new decision is looked at again, by another"


def test_who_was_sent_to_the_place_knows_and_is_not_asked_to_look(
    client: TestClient, house: House, code: str
) -> None:
    grant(house, "minh", Role.FIELD_OFFICER)
    with house.database.writing() as session:
        minh = house.viewer("minh").account_id
        field_tasks.send_officer(
            session, house.viewer("duc"), code, minh, "xem lại", form_id="f", now=house.now
        )
    assert next_look(house, "minh") is None
    sign_in(client, "minh")
    assert client.get(f"/cases/{code}").url.path == f"/cases/{code}"
