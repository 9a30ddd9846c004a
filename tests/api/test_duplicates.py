"""Cases joined as one event, and taken apart again by anybody who decides."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from viahe_api import cases, duplicates, queries
from viahe_api.errors import Conflict, NotFound, RetentionEnded, RoleNeeded
from viahe_api.evidence_removal import remove_due_evidence
from viahe_api.records import CaseDetail
from viahe_api.tables import AuditEntry
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
