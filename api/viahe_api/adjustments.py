"""What changed after a report was locked: its numbers stay, and this stands beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from viahe_api.case_lines import CASE_LINE, CaseLine
from viahe_api.periods import Period
from viahe_api.tables import Account, AuditEntry, Case, Decision, LockedCase, LockedReport
from viahe_api.tallies import began_in
from viahe_api.vocabulary import CaseState, RejectReason
from viahe_rules.domain import Act


@dataclass(frozen=True, slots=True)
class Why:
    """The newest decision since the lock, made or taken back; an integrity error has a time
    alone, and a case that is gone nothing."""

    at: datetime | None = None
    by: str | None = None
    reason: RejectReason | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A case that no longer stands as it was locked.

    `before` is None for one that came in later, `after` for one that is no longer on file.
    """

    code: str
    act: Act
    start_at: datetime
    before: CaseState | None
    after: CaseState | None
    why: Why


@dataclass(frozen=True, slots=True)
class _Standing:
    code: str
    case_id: int
    act: Act
    start_at: datetime
    state: CaseState


def adjustments(session: Session, report: LockedReport, period: Period) -> tuple[Adjustment, ...]:
    """Every case of a locked report that has changed since, by code. The database compares: a
    page cannot afford to read a year's list."""
    differing = [*_changed(session, report, period), *_came_later(session, report, period)]
    found = (_adjustment(session, report, then, now) for then, now in differing)
    real = (adjustment for adjustment in found if adjustment is not None)
    return tuple(sorted(real, key=lambda adjustment: adjustment.code))


def _changed(
    session: Session, report: LockedReport, period: Period
) -> Iterator[tuple[CaseLine, _Standing | None]]:
    """Locked lines whose case stands otherwise now, or is no longer on file."""
    of_line = and_(
        Case.ward_id == report.ward_id,
        Case.code == LockedCase.line["code"].as_string(),
        *began_in(period),
    )
    statement = (
        select(LockedCase.line, Case.code, Case.id, Case.act, Case.start_at, Case.state)
        .outerjoin(Case, of_line)
        .where(
            LockedCase.report_id == report.id,
            LockedCase.position > 0,
            or_(
                Case.id.is_(None),
                type_coerce(Case.state, String) != LockedCase.line["state"].as_string(),
            ),
        )
    )
    for line, code, *standing in session.execute(statement):
        now = None if code is None else _Standing(code, *standing)
        yield CASE_LINE.validate_python(line), now


def _came_later(
    session: Session, report: LockedReport, period: Period
) -> list[tuple[None, _Standing]]:
    rows = session.execute(
        select(Case.code, Case.id, Case.act, Case.start_at, Case.state).where(
            Case.ward_id == report.ward_id,
            *began_in(period),
            Case.completed_at >= report.locked_at,
        )
    )
    late = {row.code: _Standing(*row) for row in rows}
    if not late:
        return []
    code = LockedCase.line["code"].as_string()
    known = select(code).where(LockedCase.report_id == report.id, LockedCase.position > 0)
    locked = set(session.scalars(known))
    return [(None, standing) for standing in late.values() if standing.code not in locked]


def _adjustment(
    session: Session, report: LockedReport, then: CaseLine | None, now: _Standing | None
) -> Adjustment | None:
    """None where nothing changed; an integrity error that was never counted changes nothing."""
    if then is None and now is not None:
        if now.state is CaseState.INTEGRITY_ERROR:
            return None
        why = _why(session, report, now)
        return Adjustment(now.code, now.act, now.start_at, None, now.state, why)
    if then is None or (now is not None and now.state is then.state):
        return None
    why = Why() if now is None else _why(session, report, now)
    after = None if now is None else now.state
    return Adjustment(then.code, then.act, then.start_at, then.state, after, why)


def _why(session: Session, report: LockedReport, now: _Standing) -> Why:
    if now.state is CaseState.INTEGRITY_ERROR:
        return Why(_integrity_lost_at(session, report, now.code))
    moved = func.coalesce(Decision.undone_at, Decision.at)
    row = session.execute(
        select(Decision.at, Decision.undone_at, Account.name, Decision.reason, Decision.note)
        .join(Decision.account)
        .where(Decision.case_id == now.case_id, moved > report.locked_at)
        .order_by(moved.desc(), Decision.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return Why()
    at, undone_at, by, reason, note = row
    if reason is None or undone_at is not None:
        return Why(undone_at or at, by, None, note)
    return Why(at, by, RejectReason(reason), note)


def _integrity_lost_at(session: Session, report: LockedReport, code: str) -> datetime | None:
    return session.scalar(
        select(func.max(AuditEntry.at)).where(
            AuditEntry.object == f"case:{code}",
            AuditEntry.action == "case.integrity_error",
            AuditEntry.ward_id == report.ward_id,
        )
    )
