"""The audit chain holds, and says where it does not."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.api.house import House, drop_guards
from viahe_api import audit, cases
from viahe_api.audit import ChainReport
from viahe_api.vocabulary import Verdict


def _verify(house: House) -> ChainReport:
    with house.database.reading() as session:
        return audit.verify(session)


def _tamper(house: House, statement: str, **values: object) -> None:
    """What somebody with the database file in hand can do: drop the guards, then change it."""
    with house.database.writing() as session:
        drop_guards(session, "audit_entry")
        session.execute(text(statement), values)


def test_an_untouched_chain_holds_to_its_end(house: House) -> None:
    house.report()
    report = _verify(house)
    assert report.fault is None
    assert report.entries > 10


def test_a_changed_entry_is_named(house: House) -> None:
    _tamper(house, "UPDATE audit_entry SET actor = 'account:minh' WHERE seq = 3")
    assert _verify(house) == ChainReport(2, "entry 3 was changed")


def test_a_removed_entry_is_named(house: House) -> None:
    _tamper(house, "DELETE FROM audit_entry WHERE seq = 4")
    assert _verify(house) == ChainReport(3, "entry 4 is missing")


def test_a_tail_cut_off_is_noticed(house: House) -> None:
    last = _verify(house).entries
    _tamper(house, "DELETE FROM audit_entry WHERE seq > :kept", kept=last - 2)
    assert _verify(house) == ChainReport(last - 2, f"entries after {last - 2} are missing")


def test_an_entry_sealed_anew_no_longer_fits_its_follower(house: House) -> None:
    _tamper(house, "UPDATE audit_entry SET previous = :other WHERE seq = 5", other="1" * 64)
    assert _verify(house) == ChainReport(4, "entry 5 does not follow the one before it")


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET actor = ''", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_to_rewrite_the_log(house: House, change: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        house.database.writing() as session,
    ):
        session.execute(text(change))


def test_what_a_person_does_is_in_the_log_under_that_persons_name(house: House) -> None:
    code, lan = house.report(), house.viewer("lan")
    with house.database.writing() as session:
        cases.open_case(session, lan, code, now=house.now)
        decision = cases.decide(
            session, lan, code, Verdict.CONFIRM, form_id="form-1", now=house.now
        )
        cases.undo(session, lan, decision.id, now=house.now)
    with house.database.reading() as session:
        rows = session.execute(
            text("SELECT action FROM audit_entry WHERE actor = 'account:lan' ORDER BY seq")
        )
        assert [row.action for row in rows] == ["case.viewed", "case.confirm", "case.undone"]
