"""A module that sends a form is told where to go on; what is refused it is shown as a page."""

from starlette.testclient import TestClient

from tests.api.house import PASSWORD, House, a_suspicion, sign_in
from tests.api.test_approvals import token_of
from tests.api.test_cases import decide
from viahe_api.vocabulary import Verdict

MODULE = {"Accept": "application/json, text/html"}


def test_the_address_is_told_with_its_part_of_the_page(client: TestClient, house: House) -> None:
    code = house.report(a_suspicion())
    decide(house, "lan", code, Verdict.CONFIRM)
    sign_in(client, "duc")
    form = {"csrf": token_of(client), "form_id": "1"}
    told = client.post(f"/cases/{code}/hand-over", data=form, headers=MODULE)
    assert (told.status_code, told.json()) == (200, {"next": f"/cases/{code}"})
    form = form | {"form_id": "2", "step": "reminded"}
    told = client.post(f"/cases/{code}/outcome", data=form, headers=MODULE)
    assert told.json() == {"next": f"/cases/{code}#handling"}
    by_a_browser = client.post(f"/cases/{code}/outcome", data=form, follow_redirects=False)
    assert by_a_browser.status_code == 303


def test_a_refusal_is_a_page(client: TestClient, house: House) -> None:
    code = house.report(a_suspicion())
    decision = decide(house, "lan", code, Verdict.CONFIRM)
    sign_in(client, "minh")
    form = {"csrf": token_of(client), "decision": str(decision.id)}
    refused = client.post(f"/cases/{code}/undo", data=form, headers=MODULE)
    assert refused.status_code == 409
    assert "<main" in refused.text
    form = {"csrf": token_of(client), "step": ""}
    assert "<main" in client.post(f"/cases/{code}/outcome", data=form, headers=MODULE).text


def test_a_session_is_opened_for_a_module_too(client: TestClient) -> None:
    entry = {"login": "lan", "password": PASSWORD, "next": "/decisions"}
    told = client.post("/sign-in", data=entry, headers=MODULE)
    assert told.json() == {"next": "/decisions"}
    assert client.get("/session").status_code == 200
