"""Why cases no longer stand as they were locked: what was done with each, when and by whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, func, literal, select
from sqlalchemy.orm import Session

from viahe_api.listed_ids import one_of
from viahe_api.tables import (
    Account,
    AuditEntry,
    Case,
    Decision,
    HandlingStep,
    HandReport,
    LockedReport,
    Ward,
)
from viahe_api.vocabulary import CaseState, Handling, RejectReason, Source, Verdict
from viahe_rules.domain import Act


class Cause(StrEnum):
    """What changed a case or an outcome after a lock; the comment says what is not plain."""

    RECEIVED = "received"  # by a camera
    ENTERED = "entered"  # by a person
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    MORE_ASKED = "more_asked"
    DUPLICATE = "duplicate"
    DECISION_TAKEN_BACK = "decision_taken_back"
    RETURNED = "returned"  # by an approver, to be completed
    INTEGRITY_LOST = "integrity_lost"
    EXPIRED = "expired"  # undecided when its retention ended
    REMOVED = "removed"  # no longer on file
    OUTCOME_ENTERED = "outcome_entered"
    OUTCOME_CORRECTED = "outcome_corrected"
    OUTCOME_TAKEN_BACK = "outcome_taken_back"
    UNTOLD = "untold"  # nothing on file says it


OF_VERDICT = {
    Verdict.CONFIRM: Cause.CONFIRMED,
    Verdict.REJECT: Cause.REJECTED,
    Verdict.MORE: Cause.MORE_ASKED,
    Verdict.DUPLICATE: Cause.DUPLICATE,
}
TAKING_BACK = ("case.undone", "case.split", "case.settlement_undone")
"""What the audit chain calls it when a decision no longer stands."""


@dataclass(frozen=True, slots=True)
class Why:
    """The cause, and when and by whom, None where nobody did it or it is not known. `reason` and
    `note` are of the decision or entry that brought it about."""

    cause: Cause
    at: datetime | None = None
    by: str | None = None
    reason: RejectReason | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as it stands now."""

    code: str
    case_id: int
    act: Act
    start_at: datetime
    state: CaseState
    source: Source
    completed_at: datetime | None
    evidence_removed_at: datetime | None


def causes_of(
    session: Session, report: LockedReport, changed: Sequence[Standing], late: Sequence[Standing]
) -> dict[int, Why]:
    """By case id, of cases whose state changed after the lock and of those that came in after it.
    Of both together the database is asked a few questions, however many they are."""
    ids = [one.case_id for one in (*changed, *late)]
    if not ids:
        return {}
    lost = lost_since(session, report, ids)
    done = dict(_done(session, ids))
    entered = dict(_entered(session, [one.case_id for one in late]))
    whys = {one.case_id: _changed(one, lost, done) for one in changed}
    return whys | {one.case_id: _late(one, lost, done, entered) for one in late}


def lost_since(session: Session, report: LockedReport, ids: Sequence[int]) -> dict[int, datetime]:
    """When the evidence of those of these cases was found changed that lost it after the lock:
    after it in the audit chain, since a check of everything bears the time at which it began."""
    ward = select(Ward.code).where(Ward.id == report.ward_id).scalar_subquery()
    locked = select(func.coalesce(func.max(AuditEntry.seq), 0)).where(
        AuditEntry.object == literal("report:") + ward + f"/{report.period}",
        AuditEntry.action == "report.locked",
    )
    rows = session.execute(
        select(Case.id, func.max(AuditEntry.at))
        .join(AuditEntry, _of_case())
        .where(
            one_of(Case.id.expression, ids),
            AuditEntry.ward_id == report.ward_id,
            AuditEntry.action == "case.integrity_error",
            AuditEntry.seq > locked.scalar_subquery(),
        )
        .group_by(Case.id)
    )
    return {row[0]: row[1] for row in rows}


def _changed(one: Standing, lost: dict[int, datetime], done: dict[int, Why]) -> Why:
    if one.state is CaseState.INTEGRITY_ERROR:
        return Why(Cause.INTEGRITY_LOST, lost.get(one.case_id))
    if one.state is CaseState.EXPIRED:
        return Why(Cause.EXPIRED, one.evidence_removed_at)
    return done.get(one.case_id, Why(Cause.UNTOLD))


def _late(
    one: Standing, lost: dict[int, datetime], done: dict[int, Why], entered: dict[int, str]
) -> Why:
    """That it came is the cause; the reason and the note of what was decided since go with it."""
    if one.state is CaseState.INTEGRITY_ERROR:
        return Why(Cause.INTEGRITY_LOST, lost.get(one.case_id))
    came = Cause.RECEIVED if one.source is Source.CAMERA else Cause.ENTERED
    since = done.get(one.case_id, Why(came))
    return replace(since, cause=came, at=one.completed_at, by=entered.get(one.case_id))


def _done(session: Session, ids: Sequence[int]) -> Iterator[tuple[int, Why]]:
    """What was done last with each: a decision made or taken back, or the case returned."""
    took_back = _took_back(session, ids)
    found: dict[int, tuple[datetime, Why]] = {}
    for row in (*_decisions(session, ids), *_returned(session, ids)):
        at, why = _told(row, took_back)
        if row.case_id not in found or at >= found[row.case_id][0]:
            found[row.case_id] = (at, why)
    return ((case_id, why) for case_id, (_, why) in found.items())


def _told(row: Any, took_back: dict[int, str]) -> tuple[datetime, Why]:
    if row.verdict is None:
        return row.at, Why(Cause.RETURNED, row.at, row.name, None, row.note)
    if row.undone_at is not None:
        by = took_back.get(row.case_id, row.name)
        return row.undone_at, Why(Cause.DECISION_TAKEN_BACK, row.undone_at, by)
    reason = None if row.reason is None else RejectReason(row.reason)
    return row.at, Why(OF_VERDICT[row.verdict], row.at, row.name, reason, row.note)


def _decisions(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    columns = (Decision.case_id, Decision.at, Decision.undone_at, Decision.verdict)
    return session.execute(
        select(*columns, Decision.reason, Decision.note, Account.name)
        .join(Decision.account)
        .where(one_of(Decision.case_id.expression, ids))
        .order_by(Decision.id)
    ).all()


def _returned(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    columns = (HandlingStep.case_id, HandlingStep.at, literal(None).label("verdict"))
    return session.execute(
        select(*columns, HandlingStep.note, Account.name)
        .join(HandlingStep.account)
        .where(one_of(HandlingStep.case_id.expression, ids), HandlingStep.step == Handling.RETURNED)
        .order_by(HandlingStep.id)
    ).all()


def _took_back(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Who took a decision back last, who need not be who made it."""
    rows = session.execute(
        select(Case.id, Account.name)
        .join(AuditEntry, _of_case())
        .join(Account, literal("account:") + Account.login == AuditEntry.actor)
        .where(
            one_of(Case.id.expression, ids),
            AuditEntry.ward_id == Case.ward_id,
            AuditEntry.action.in_(TAKING_BACK),
        )
        .order_by(AuditEntry.seq)
    )
    return {row[0]: row[1] for row in rows}


def _entered(session: Session, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """By whom, of cases no camera raised."""
    rows = session.execute(
        select(HandReport.case_id, Account.name)
        .join(HandReport.entered_by)
        .where(one_of(HandReport.case_id.expression, ids))
    )
    return ((row[0], row[1]) for row in rows)


def _of_case() -> ColumnElement[bool]:
    return AuditEntry.object == literal("case:", String) + Case.code
