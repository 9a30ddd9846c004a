"""Cases joined as one event, and taken apart again by anybody who decides."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from tests.api.test_pages import Page, faults_of, form_of
from viahe_api import cases, duplicates, queries
from viahe_api.errors import Conflict, NotFound, RetentionEnded, RoleNeeded
from viahe_api.evidence_removal import remove_due_evidence
from viahe_api.records import CaseDetail
from viahe_api.tables import AuditEntry, Case
from viahe_api.vocabulary import CaseState, Verdict


@pytest.fixture
def joined(house: House) -> tuple[str, str]:
    """A case, and one that Lan found to repeat it."""
    first, again = house.report(), house.report(a_suspicion("key-2"))
    with house.database.writing() as session:
        cases.decide(
            session,
            house.viewer("lan"),
            again,
            Verdict.DUPLICATE,
            form_id="f",
            now=house.now,
            duplicate_of=first,
        )
    return first, again


def look(house: House, code: str, login: str = "lan") -> CaseDetail:
    with house.database.reading() as session:
        return queries.case_detail(session, house.viewer(login), code, now=house.now)


def split(house: House, code: str, login: str = "minh") -> None:
    with house.database.writing() as session:
        duplicates.split(session, house.viewer(login), code, now=house.now)


def test_each_of_two_joined_cases_names_the_other(house: House, joined: tuple[str, str]) -> None:
    first, again = joined
    assert [near.code for near in look(house, first).repeats] == [again]
    repeated = look(house, again).repeated
    assert repeated is not None
    assert repeated.code == first


def test_another_operator_takes_them_apart_and_both_wait(
    house: House, joined: tuple[str, str]
) -> None:
    first, again = joined
    split(house, again)
    split(house, again)
    assert look(house, again).state is CaseState.WAITING
    assert (look(house, first).repeats, look(house, again).repeated) == ((), None)
    assert [decision.undone_at for decision in look(house, again).decisions] == [house.now]
    with house.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "case.split")).one()
    assert (entry.actor, entry.object) == ("account:minh", f"case:{again}")


@pytest.mark.parametrize(
    ("login", "error"), [("duc", RoleNeeded), ("an", NotFound), ("hoa", NotFound)]
)
def test_nobody_else_takes_them_apart(
    house: House, joined: tuple[str, str], login: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        split(house, joined[1], login)


def test_what_was_decided_otherwise_is_not_taken_out(house: House) -> None:
    code = house.report()
    with house.database.writing() as session:
        cases.decide(
            session, house.viewer("lan"), code, Verdict.CONFIRM, form_id="f", now=house.now
        )
    with pytest.raises(Conflict):
        split(house, code)


def test_what_is_no_longer_there_is_not_taken_out(house: House, joined: tuple[str, str]) -> None:
    house.clock.now += timedelta(days=8)
    remove_due_evidence(house.database, house.store, now=house.now)
    with pytest.raises(RetentionEnded):
        split(house, joined[1])


@pytest.mark.parametrize("from_the_first", [True, False])
def test_they_are_taken_apart_on_either_page(
    client: TestClient, house: House, joined: tuple[str, str], from_the_first: bool
) -> None:
    first, again = joined
    shown = first if from_the_first else again
    sign_in(client, "minh")
    page = client.get(f"/cases/{shown}").text
    assert f"/cases/{again}/split" in page
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[-1]
    form = {"csrf": token} | ({"back": first} if from_the_first else {})
    landed = client.post(f"/cases/{again}/split", data=form)
    assert landed.url.path == f"/cases/{shown}"
    assert look(house, again).state is CaseState.WAITING


@pytest.mark.parametrize("typed", ["{code}", " {lower} ", "th - {end}", "{code}@tay-ho"])
def test_any_case_of_the_ward_is_named_by_its_code(
    client: TestClient, house: House, typed: str
) -> None:
    far = house.report(start_at=house.now - timedelta(days=3))
    again = house.report(a_suspicion("key-2"))
    sign_in(client, "lan")
    page = client.get(f"/cases/{again}").text
    assert f'value="{far}"' not in page, "it is not offered among those that are near"
    assert '<label for="of-code">Mã trường hợp khác của phường' in page
    code = typed.format(code=far, lower=far.lower(), end=far.removeprefix("TH-"))
    form = form_of(client, f"/cases/{again}") | {"of_code": code, "note": "cùng một túi"}
    client.post(f"/cases/{again}/duplicate", data=form)
    joined = look(house, again)
    assert joined.repeated is not None
    assert joined.repeated.code == far
    assert joined.decisions[-1].note == "cùng một túi"


def test_a_button_of_a_near_case_counts_for_more_than_a_code_that_is_still_typed(
    client: TestClient, house: House
) -> None:
    near, again = house.report(), house.report(a_suspicion("key-2"))
    sign_in(client, "lan")
    form = form_of(client, f"/cases/{again}") | {"of_code": "TH-2611-0099", "of": near}
    client.post(f"/cases/{again}/duplicate", data=form)
    assert look(house, again).state is CaseState.DUPLICATE


@pytest.fixture
def codes(house: House, joined: tuple[str, str]) -> dict[str, str]:
    """Codes by what is wrong with naming them as what the last case, `itself`, repeats."""
    codes = {"unknown": "TH-2611-0099", "duplicate": joined[1]}
    codes["removed"] = house.report(a_suspicion("key-3"))
    codes["itself"] = house.report(a_suspicion("key-4"))
    for number in range(5):
        codes["elsewhere"] = house.report(a_suspicion(f"other-{number}"), ward="hong-ha")
    with house.database.writing() as session:
        removed = session.scalars(select(Case).where(Case.key == "key-3")).one()
        removed.state = CaseState.EXPIRED
    return codes


@pytest.mark.parametrize(
    ("login", "which", "vietnamese", "english"),
    [
        (
            "lan",
            "unknown",
            "Phường không có trường hợp nào mang mã này.",
            "No case of the ward has this code.",
        ),
        (
            "lan",
            "elsewhere",
            "Phường không có trường hợp nào mang mã này.",
            "No case of the ward has this code.",
        ),
        (
            "binh",
            "elsewhere",
            "Mã này là của trường hợp thuộc phường khác.",
            "This code is of a case of another ward.",
        ),
        (
            "lan",
            "itself",
            "Đây là mã của chính trường hợp đang xem: cần nhập mã của trường hợp khác.",
            "This is the code of the case itself: give that of another one.",
        ),
        (
            "lan",
            "duplicate",
            "Trường hợp đó cũng là trùng lặp: cần nhập mã của trường hợp gốc.",
            "That case is a duplicate itself: give the code of the one it duplicates.",
        ),
        (
            "lan",
            "removed",
            "Trường hợp đó không còn chứng cứ để đối chiếu: cần nhập mã của trường hợp khác.",
            "That case has no evidence left to compare with: give the code of another one.",
        ),
    ],
)
def test_a_code_that_names_no_such_case_is_said_and_stays_typed(
    client: TestClient,
    house: House,
    codes: dict[str, str],
    login: str,
    which: str,
    vietnamese: str,
    english: str,
) -> None:
    sign_in(client, login)
    ref, typed = f"{codes['itself']}@tay-ho", codes[which].lower()
    form = form_of(client, f"/cases/{ref}") | {"of_code": typed}
    for language, sentence in (("vi", vietnamese), ("en", english)):
        client.cookies.set("language", language)
        answer = client.post(f"/cases/{ref}/duplicate", data=form)
        assert answer.status_code == 400
        assert sentence in answer.text
        assert f'name="of_code" value="{typed}"' in answer.text
        assert "<details data-panel open>" in answer.text
        assert list(faults_of(answer.text)) == []
    assert look(house, codes["itself"]).state is CaseState.WAITING


def test_enter_in_the_field_of_the_code_presses_no_button_that_confirms(
    client: TestClient, house: House
) -> None:
    code = house.report()
    sign_in(client, "lan")
    form = Page(client.get(f"/cases/{code}").text).between("form", "data-decision")
    pressed = next(attributes for tag, attributes in form if tag == "button")
    assert pressed["formaction"] == f"/cases/{code}/duplicate"
