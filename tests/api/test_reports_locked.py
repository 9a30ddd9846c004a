"""Locking a report: its numbers stay, what changed since is named, and only approvers do it."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DatabaseError

from tests.api.house import House, a_suspicion, drop_guards
from viahe_api import cases, integrity
from viahe_api.adjustments import Adjustment, adjustments
from viahe_api.errors import IntegrityLost, NotLockable, Refusal, RoleNeeded
from viahe_api.locks import lock_report
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import viewer_report
from viahe_api.tables import AuditEntry, Case, Decision, EvidenceFile, LockedReport
from viahe_api.vocabulary import CaseState, RejectReason, Verdict

HANOI = timezone(timedelta(hours=7))
NOVEMBER = read_period("2026-11.cutoff")
IN_NOVEMBER = datetime(2026, 11, 3, 18, tzinfo=HANOI)


@pytest.fixture
def codes(house: House) -> list[str]:
    """Three cases of the period, the first confirmed; the period has ended and is locked."""
    found = [house.report(a_suspicion(f"key-{n}"), start_at=IN_NOVEMBER) for n in range(3)]
    decide(house, found[0], Verdict.CONFIRM)
    house.clock.advance(60)
    lock(house)
    house.clock.advance(3600)
    return found


def decide(house: House, code: str, verdict: Verdict, note: str = "") -> int:
    reason = RejectReason.PASSERS_BY if verdict is Verdict.REJECT else None
    with house.database.writing() as session:
        return cases.decide(
            session,
            house.viewer("lan"),
            code,
            verdict,
            form_id=f"{code}-{verdict}",
            reason=reason,
            note=note,
            now=house.now,
        ).id


def lock(house: House, login: str = "duc", ward: str = "tay-ho") -> None:
    with house.database.writing() as session:
        lock_report(session, house.viewer(login), ward, NOVEMBER, now=house.now)


def read(house: House, login: str = "duc") -> tuple[Report, list[str]]:
    """The report, and the states of its list."""
    with house.database.reading() as session:
        report = viewer_report(session, house.viewer(login), NOVEMBER, now=house.now)
        states = [line.state.value for line in report.lines()] if report.lines else []
    return report, states


def changed(house: House) -> tuple[Adjustment, ...]:
    with house.database.reading() as session:
        locked = session.scalars(select(LockedReport)).one()
        return adjustments(session, locked, NOVEMBER)


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


def test_what_changed_since_stands_beside_it_with_its_reason(
    house: House, codes: list[str]
) -> None:
    assert changed(house) == ()
    decide(house, codes[1], Verdict.REJECT, note="người đi qua")
    late = house.report(a_suspicion("late"), start_at=IN_NOVEMBER)
    rejected, came_late = sorted(changed(house), key=lambda one: one.code)
    assert (rejected.code, rejected.before, rejected.after) == (
        codes[1],
        CaseState.WAITING,
        CaseState.NOT_VIOLATION,
    )
    assert (rejected.why.by, rejected.why.reason, rejected.why.note, rejected.why.at) == (
        "Nguyễn Thị Lan",
        RejectReason.PASSERS_BY,
        "người đi qua",
        house.now,
    )
    assert (came_late.code, came_late.before, came_late.after) == (late, None, CaseState.WAITING)


def test_a_decision_taken_back_after_the_lock_is_an_adjustment(
    house: House, codes: list[str]
) -> None:
    with house.database.writing() as session:
        decision = session.scalars(select(Decision.id)).one()
        cases.undo(session, house.viewer("lan"), decision, now=house.now)
    (undone,) = changed(house)
    assert (undone.before, undone.after) == (CaseState.SUFFICIENT, CaseState.WAITING)
    assert (undone.why.at, undone.why.reason) == (house.now, None)


def test_evidence_that_was_lost_inside_a_locked_report_is_named_and_stays_counted(
    house: House, codes: list[str]
) -> None:
    house.store.case_file("tay-ho", codes[0], "clip.mp4").write_bytes(b"other")
    integrity.verify_evidence(house.database, house.store, now=house.now)
    (lost,) = changed(house)
    assert (lost.code, lost.after, lost.why.at) == (
        codes[0],
        CaseState.INTEGRITY_ERROR,
        house.now,
    )
    assert read(house)[0].figures.counts.sufficient == 1


def test_a_case_that_is_gone_is_an_adjustment_without_a_state(
    house: House, codes: list[str]
) -> None:
    with house.database.writing() as session:
        gone = session.scalars(select(Case.id).where(Case.code == codes[2])).one()
        session.execute(delete(EvidenceFile).where(EvidenceFile.case_id == gone))
        session.execute(delete(Case).where(Case.id == gone))
    (adjustment,) = changed(house)
    assert (adjustment.code, adjustment.after) == (codes[2], None)


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
