"""A session ends under a form: whatever was typed comes back to who typed it, nothing is sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from tests.api.house import PASSWORD, House, a_suspicion, sign_in
from tests.api.test_second_reviews import decide, waiting
from viahe_api import cases, seeding
from viahe_api.vocabulary import Role, Verdict

OWN_WAY = ("/sign-in", "/cases/new")
"""The sign-in itself, and reports by hand, which bring photos and have a way of their own."""
PAGES = {
    "lan": ("/queue?act=dumping", "/cases/new", "/cases/TH-2611-0001", "/preferences"),
    "duc": ("/reports", "/reports/keys", "/cases/TH-2611-0002", "/approvals", "/agreement"),
    "an": (
        "/cameras/1",
        "/cameras/1/edit",
        "/cameras/new",
        "/cameras/1/zones/zone-1",
        "/permits/new",
        "/reasons",
        "/retention",
        "/requests",
        "/users/new",
        "/users/1",
        "/users/roles",
        "/reports/keys",
    ),
}


@dataclass
class Form:
    """A form of a page: where it goes, what it would send, and which fields are typed into."""

    action: str
    method: str
    sent: dict[str, str] = field(default_factory=dict)
    typed_into: set[str] = field(default_factory=set)

    @property
    def lasting(self) -> dict[str, str]:
        """What it would send, without what is drawn anew for every page."""
        return {name: self.sent[name] for name in self.sent if name not in {"csrf", "form_id"}}


class Forms(HTMLParser):
    """Every form of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._area = self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get")))
        elif tag == "textarea":
            self._area = name
            self.forms[-1].typed_into.add(name)
            self.forms[-1].sent[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in given or self._select not in self.forms[-1].sent):
            self.forms[-1].sent[self._select] = value  # unchosen, a browser sends the first
        elif tag == "input" and name:
            self._input(name, value, given)

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].sent[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def _input(self, name: str, value: str, given: dict[str, str]) -> None:
        form, kind = self.forms[-1], given.get("type", "text")
        if kind in {"checkbox", "radio"}:
            if "checked" in given:
                form.sent[name] = value
            return
        form.sent[name] = value
        if kind == "text":
            form.typed_into.add(name)

    def to(self, action: str) -> Form:
        (found,) = [form for form in self.forms if form.action == action]
        return found


@pytest.fixture
def worked(house: House) -> House:
    """A ward with a case that waits, one that was confirmed, and a field officer to send."""
    house.report(a_suspicion("waits"))
    confirmed = house.report(a_suspicion("confirmed"))
    with house.database.writing() as session:
        seeding.add_account(session, "tuan", "Ngô Tuấn", password=PASSWORD, now=house.now)
        seeding.grant(session, "tuan", "tay-ho", Role.FIELD_OFFICER, now=house.now)
        cases.decide(
            session,
            house.viewer("lan"),
            confirmed,
            Verdict.CONFIRM,
            form_id="confirmed",
            now=house.now,
        )
    return house


ROUND_TRIPS = [
    ("lan", "/queue?act=dumping", "/queue/views", {"name": "Rác buổi tối"}),
    ("duc", "/reports/keys", "/reports/keys", {"name": "Bảng thống kê", "days": "180"}),
    ("duc", "/cases/TH-2611-0002", "/cases/TH-2611-0002/hold", {"reason": "Công văn 12"}),
    ("duc", "/cases/TH-2611-0002", "/cases/TH-2611-0002/officer", {"to_check": "Còn rác không"}),
    ("an", "/reasons", "/reasons/1", {"vi-1": "Người đi bộ", "digit-9": ""}),
    ("an", "/reasons", "/reasons/1/add", {"name_vi": "Chợ phiên", "name_en": "Fair"}),
    ("an", "/retention", "/retention/1", {"days": "45", "rests_on": "Quy chế của phường"}),
    ("an", "/users/new", "/users/new", {"login": "ha", "name": "Đỗ Hà", "role": "1:official"}),
    ("an", "/users/1", "/users/1", {"role": "1:approver"}),
    ("an", "/users/roles", "/users/roles/1", {"operator-vi": "Trực camera"}),
]


@pytest.mark.parametrize(
    ("login", "page", "action", "typed"), ROUND_TRIPS, ids=[trip[2] for trip in ROUND_TRIPS]
)
def test_a_form_typed_before_the_session_ended_is_shown_again_and_nothing_is_kept(
    client: TestClient, worked: House, login: str, page: str, action: str, typed: dict[str, str]
) -> None:
    sign_in(client, login)
    before = client.get(page).text
    shown = carried(client, login, {**Forms(before).to(action).sent, **typed}, action)
    assert "Chưa gửi" in shown
    again = Forms(shown).to(action)
    for name, value in typed.items():
        assert again.sent.get(name, "") == value, name
    after = Forms(client.get(page).text).to(action)
    assert after.lasting == Forms(before).to(action).lasting


def test_the_days_of_a_round_come_back_as_typed(client: TestClient, worked: House) -> None:
    with worked.database.writing() as session:
        seeding.grant(session, "duc", "tay-ho", Role.ADMINISTRATOR, now=worked.now)
    sign_in(client, "duc")
    form = Forms(client.get("/reports").text)
    sent = next(one.sent for one in form.forms if one.action == "/reports/rounds")
    shown = carried(client, "duc", {**sent, "first": "02/06/2026"}, "/reports/rounds")
    rounds = [one.sent for one in Forms(shown).forms if one.action == "/reports/rounds"]
    assert [one["first"] for one in rounds] == ["02/06/2026", "16/11/2026"]


def test_the_note_of_a_second_look_comes_back_and_no_opinion_is_given(
    client: TestClient, house: House
) -> None:
    code = house.report(a_suspicion("sampled"))
    decide(house, "lan", code, Verdict.CONFIRM)
    sign_in(client, "minh")
    form = Forms(client.get(f"/second-reviews/{code}").text).to(f"/second-reviews/{code}/confirm")
    shown = carried(client, "minh", {**form.sent, "note": "Biển số mờ"}, form.action)
    assert Forms(shown).to(form.action).sent["note"] == "Biển số mờ"
    assert waiting(house, "minh") == 1


@pytest.mark.parametrize(("login", "page"), [(who, at) for who in PAGES for at in PAGES[who]])
def test_every_form_that_is_typed_into_is_carried_through_the_sign_in(
    client: TestClient, worked: House, login: str, page: str
) -> None:
    sign_in(client, login)
    forms = [form for form in Forms(client.get(page).text).forms if form.method == "post"]
    assert forms
    lost = [
        form.action for form in typed_forms(forms) if not {"typed_by", "person"} & set(form.sent)
    ]
    assert lost == []


def typed_forms(forms: list[Form]) -> Iterator[Form]:
    for form in forms:
        if form.typed_into and form.action not in OWN_WAY:
            yield form


def carried(client: TestClient, login: str, sent: dict[str, str], action: str) -> str:
    """Send a form of a session that has ended, sign in again and look at what was typed."""
    del client.cookies["viahe_session"]
    refused = client.post(action, data=sent).text
    assert "Nội dung đã nhập được giữ lại." in refused
    entry = Forms(refused).to("/sign-in/form").sent
    offered = client.post("/sign-in/form", data={**entry, "login": login, "password": PASSWORD})
    assert offered.status_code == 200
    return client.post(action, data=Forms(offered.text).to(action).sent).text
