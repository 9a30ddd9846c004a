"""Locking a report: its numbers stay, nobody changes them, and only approvers do it."""

import re

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from tests.api.house import House, a_suspicion, drop_guards
from tests.api.locked import IN_NOVEMBER, NOVEMBER, decide, lock, read
from viahe_api import summaries
from viahe_api.errors import IntegrityLost, NotLockable, Refusal, RoleNeeded, TotalsDisagree
from viahe_api.locks import lock_report
from viahe_api.period_address import read_period
from viahe_api.report_reading import viewer_report
from viahe_api.tables import AuditEntry, Case, EvidenceFile, LockedReport, PlaceSummary
from viahe_api.tallies import BY_ACT, BY_HOUR, BY_KIND, BY_SEAT
from viahe_api.vocabulary import Verdict


def test_a_locked_report_keeps_its_numbers_whatever_happens(house: House, codes: list[str]) -> None:
    before, states = read(house)
    decide(house, codes[1], Verdict.CONFIRM)
    house.report(a_suspicion("late"), start_at=IN_NOVEMBER)
    with house.database.writing() as session:
        gone = session.scalars(select(Case.id).where(Case.code == codes[2])).one()
        session.execute(delete(EvidenceFile).where(EvidenceFile.case_id == gone))
        session.execute(delete(Case).where(Case.id == gone))
    after, same_states = read(house)
    assert (after.figures, same_states) == (before.figures, states)
    assert (after.figures.counts.recorded, after.figures.counts.sufficient) == (3, 1)
    assert after.locked_by == "Lê Đức"


@pytest.mark.parametrize("login", ["lan", "thu", "an", "hoa"])
def test_only_the_wards_own_approvers_lock(house: House, login: str) -> None:
    with pytest.raises(RoleNeeded):
        lock(house, login)


def test_a_period_is_locked_once_and_after_its_end(house: House, codes: list[str]) -> None:
    with pytest.raises(NotLockable) as refused:
        lock(house)
    assert refused.value.why == "locked"
    duc, running = house.viewer("duc"), read_period("2026-12.cutoff")
    with pytest.raises(NotLockable) as refused, house.database.writing() as session:
        lock_report(session, duc, "tay-ho", running, now=house.now)
    assert refused.value.why == "running"


def test_what_the_summaries_say_otherwise_than_the_list_is_not_locked(house: House) -> None:
    """As long a list, and all summaries agree with each other."""
    decide(house, house.report(a_suspicion(), start_at=IN_NOVEMBER), Verdict.CONFIRM)
    with house.database.writing() as session:
        summaries.rebuild(session)
        for tally in (BY_ACT, BY_HOUR, BY_KIND, BY_SEAT):
            session.execute(
                update(tally.table).values(sufficient=0, duplicate=tally.table.sufficient)
            )
        session.execute(update(PlaceSummary).values(sufficient=0, repeats=0))
    with pytest.raises(TotalsDisagree, match="list of cases, dumping, sufficient: 1"):
        lock(house)
    with house.database.reading() as session:
        assert session.scalars(select(LockedReport)).all() == []


def test_locking_is_audited_with_the_seal_of_what_was_locked(
    house: House, codes: list[str]
) -> None:
    with house.database.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "report.locked")
        ).one()
        locked = session.scalars(select(LockedReport)).one()
    assert (entry.actor, entry.object) == ("account:duc", "report:tay-ho/2026-11.cutoff")
    assert entry.detail == {"sha256": locked.sha256, "recorded": 3}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE locked_report SET figures = replace(figures, '\"recorded\": 3', '\"recorded\": 2')",
        "DELETE FROM locked_case WHERE position = 2",
        "UPDATE locked_case SET line = replace(line, 'sufficient', 'duplicate')",
    ],
)
def test_a_locked_report_cannot_be_changed_and_would_be_noticed(
    house: House, codes: list[str], change: str
) -> None:
    table = change.split()[2 if change.startswith("DELETE") else 1]
    if house.settings.database.startswith("postgresql"):  # which replaces in text alone
        change = re.sub(
            r"replace\((\w+), (.*)\)", r"CAST(replace(CAST(\1 AS text), \2) AS json)", change
        )
    with pytest.raises(DatabaseError, match="append-only"), house.database.writing() as session:
        session.execute(text(change))
    with house.database.writing() as session:
        drop_guards(session, table)
        session.execute(text(change))
    with pytest.raises(IntegrityLost):
        read(house)


def test_officials_see_the_locked_counts_and_no_list(house: House, codes: list[str]) -> None:
    report, states = read(house, "thu")
    assert (report.figures.counts.recorded, report.lines, states) == (3, None, [])
    with pytest.raises(Refusal), house.database.reading() as session:
        viewer_report(session, house.viewer("thu"), NOVEMBER, now=house.now, ward_code="hong-ha")
