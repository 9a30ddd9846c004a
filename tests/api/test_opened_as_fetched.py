"""A decision opens the case whose page is at hand, as if that page had been asked for then."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

import httpx2
import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from tests.api.test_pages import form_of
from viahe_api import cases, drafts
from viahe_api.tables import AuditEntry, Case
from viahe_api.vocabulary import Verdict

MODULE = {"Accept": "application/json"}
VOID = frozenset({"input", "img", "br", "link", "meta"})
OF_ONE_ANSWER = re.compile(r'(?:name="(?:form_id|csrf)" value|data-csrf)="[0-9a-f]+"')
"""A form's own id, and the session's token, which is disguised anew each time."""


@dataclass
class Parts(HTMLParser):
    """Cuts the elements with `data-part` out of a page."""

    rest: str = ""
    named: dict[str, str] = field(default_factory=dict)
    within: str = ""
    depth: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=False)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.within and (name := dict(attrs).get("data-part")):
            self.within, self.named[name] = name, ""
        self.depth += bool(self.within) and tag not in VOID
        self.put(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.put(f"</{tag}>")
        self.depth -= bool(self.within)
        if not self.depth:
            self.within = ""

    def handle_data(self, data: str) -> None:
        self.put(data)

    def handle_entityref(self, name: str) -> None:
        self.put(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.put(f"&#{name};")

    def put(self, text: str) -> None:
        if self.within:
            self.named[self.within] += text
        else:
            self.rest += text


def parts_of(html: str) -> Parts:
    parts = Parts()
    parts.feed(OF_ONE_ANSWER.sub("", html))
    parts.close()
    return parts


def views_of(house: House, code: str) -> int:
    with house.database.reading() as session:
        viewed = AuditEntry.action == "case.viewed", AuditEntry.object == f"case:{code}"
        return session.scalar(select(func.count()).where(*viewed)) or 0


@pytest.fixture
def codes(house: House) -> list[str]:
    """Of one place, an hour after each other."""
    return [
        house.report(a_suspicion(f"key-{hours}"), start_at=house.now - timedelta(hours=hours))
        for hours in (3, 2, 1)
    ]


@pytest.fixture
def decided(client: TestClient, codes: list[str]) -> Callable[..., httpx2.Response]:
    """Fetches what follows the first case, lets something `happen`, and decides the first."""

    def decide(
        happen: Callable[[], object] = lambda: None,
        verdict: str = "confirm",
        headers: dict[str, str] = MODULE,
        **form: str,
    ) -> httpx2.Response:
        sign_in(client, "lan")
        sent = form_of(client, f"/cases/{codes[0]}?act=dumping") | form
        page = client.get(f"/cases/{codes[0]}/following?act=dumping").json()["page"]
        assert page["address"] == f"/cases/{codes[1]}?act=dumping"
        happen()
        sent |= {"fetched": page["fetched"], "list": "act=dumping"}
        address = f"/cases/{codes[0]}/{verdict}"
        answer = client.post(address, data=sent, headers=headers, follow_redirects=False)
        answer.extensions["page"] = page["html"].encode()
        return answer

    return decide


@pytest.mark.parametrize("verdict", ["confirm", "more", "skip"])
def test_the_page_is_what_opening_the_case_shows(
    client: TestClient,
    house: House,
    codes: list[str],
    decided: Callable[..., httpx2.Response],
    verdict: str,
) -> None:
    answer = decided(verdict=verdict)
    assert answer.json()["next"] == f"/cases/{codes[1]}?act=dumping"
    assert views_of(house, codes[1]) == 1
    asked = parts_of(client.get(f"/cases/{codes[1]}?act=dumping").text)
    fetched = parts_of(answer.extensions["page"].decode())
    assert fetched.rest == asked.rest
    assert parts_of(answer.json()["opened"]).named == asked.named
    assert fetched.named.keys() == asked.named.keys()
    assert "Giữ đến" in asked.named["held"]
    assert codes[0] in asked.named["earlier"]


def test_it_is_lent_to_who_decided(
    house: House, codes: list[str], decided: Callable[..., httpx2.Response]
) -> None:
    decided()
    with house.database.reading() as session:
        lent = session.scalars(select(Case).where(Case.code == codes[1])).one()
        assert lent.lease_by_id == house.viewer("lan").account_id


def test_a_page_of_a_case_that_has_changed_is_asked_for_anew(
    house: House, codes: list[str], decided: Callable[..., httpx2.Response]
) -> None:
    def typed_at_another_desk() -> None:
        with house.database.writing() as session:
            viewer, now = house.viewer("lan"), house.now
            drafts.keep_draft(session, viewer, codes[1], "túi đen", now=now)

    told = decided(typed_at_another_desk).json()
    assert told == {"next": f"/cases/{codes[1]}?act=dumping"}
    assert views_of(house, codes[1]) == 0


def test_a_case_that_was_decided_and_reopened_meanwhile_is_asked_for_anew(
    house: House, codes: list[str], decided: Callable[..., httpx2.Response]
) -> None:
    def decided_and_undone() -> None:
        viewer, now = house.viewer("binh"), house.now
        with house.database.writing() as session:
            said = cases.decide(session, viewer, codes[1], Verdict.MORE, form_id="b", now=now)
            cases.undo(session, viewer, said.id, now=now)

    assert decided(decided_and_undone).json() == {"next": f"/cases/{codes[1]}?act=dumping"}
    assert views_of(house, codes[1]) == 0


def test_a_case_that_somebody_else_opened_first_is_passed_over(
    house: House, codes: list[str], decided: Callable[..., httpx2.Response]
) -> None:
    def opened_by_another() -> None:
        with house.database.writing() as session:
            cases.open_case(session, house.viewer("binh"), codes[1], now=house.now)

    assert decided(opened_by_another).json() == {"next": f"/cases/{codes[2]}?act=dumping"}
    assert (views_of(house, codes[1]), views_of(house, codes[2])) == (1, 0)


def test_the_page_does_not_know_that_the_case_before_repeats_it(
    house: House, codes: list[str], decided: Callable[..., httpx2.Response]
) -> None:
    told = decided(verdict="duplicate", of=codes[1]).json()
    assert told == {"next": f"/cases/{codes[1]}?act=dumping"}
    assert views_of(house, codes[1]) == 0


def test_a_browser_that_sends_the_form_itself_is_led_to_the_next_case(
    house: House, codes: list[str], decided: Callable[..., httpx2.Response]
) -> None:
    answer = decided(headers={})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/cases/{codes[1]}?act=dumping",
    )
    assert views_of(house, codes[1]) == 0


@pytest.mark.parametrize("fetched", ["", " ", "nonsense", "TH-9 0", "\x00 \x00"])
def test_what_no_page_was_fetched_by_opens_nothing(
    client: TestClient, house: House, codes: list[str], fetched: str
) -> None:
    sign_in(client, "lan")
    form = form_of(client, f"/cases/{codes[0]}") | {"fetched": fetched}
    told = client.post(f"/cases/{codes[0]}/confirm", data=form, headers=MODULE).json()
    assert told == {"next": f"/cases/{codes[1]}"}
    forged = form_of(client, f"/cases/{codes[1]}") | {"fetched": f"{codes[2]} 0"}
    told = client.post(f"/cases/{codes[1]}/confirm", data=forged, headers=MODULE).json()
    assert told == {"next": f"/cases/{codes[2]}"}
    assert views_of(house, codes[2]) == 0
