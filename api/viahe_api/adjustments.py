"""What changed after a report was locked: its numbers stay, and this stands beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, and_, or_, select, type_coerce
from sqlalchemy.orm import Session

from viahe_api.adjustment_causes import Cause, Standing, Why, causes_of, lost_since
from viahe_api.case_lines import CASE_LINE, CaseLine
from viahe_api.counted_rows import began_in
from viahe_api.periods import Period
from viahe_api.tables import Case, LockedCase, LockedReport
from viahe_api.vocabulary import CaseState
from viahe_rules.domain import Act

UNDER_WAY = timedelta(hours=1)
"""What began so long before a lock may have been kept after it, under its own earlier time."""
STANDING = (
    Case.code,
    Case.id,
    Case.act,
    Case.start_at,
    Case.state,
    Case.source,
    Case.completed_at,
    Case.evidence_removed_at,
)
"""The fields of a Standing."""


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


def adjustments(session: Session, report: LockedReport, period: Period) -> tuple[Adjustment, ...]:
    """Every case of a locked report that has changed since, by code. The database compares: a
    page cannot afford to read a year's list."""
    changed = list(_changed(session, report, period))
    late = _came_later(session, report, period)
    standing = [now for _, now in changed if now is not None]
    whys = causes_of(session, report, standing, late)
    found = [
        *(_otherwise(then, now, whys) for then, now in changed),
        *(
            Adjustment(now.code, now.act, now.start_at, None, now.state, whys[now.case_id])
            for now in late
        ),
    ]
    return tuple(sorted(found, key=lambda adjustment: adjustment.code))


def _otherwise(then: CaseLine, now: Standing | None, whys: dict[int, Why]) -> Adjustment:
    after, why = (None, Why(Cause.REMOVED)) if now is None else (now.state, whys[now.case_id])
    return Adjustment(then.code, then.act, then.start_at, then.state, after, why)


def _changed(
    session: Session, report: LockedReport, period: Period
) -> Iterator[tuple[CaseLine, Standing | None]]:
    """Locked lines whose case stands otherwise now, or is no longer on file."""
    of_line = and_(
        Case.ward_id == report.ward_id,
        Case.code == LockedCase.line["code"].as_string(),
        *began_in(period),
    )
    statement = (
        select(LockedCase.line, *STANDING)
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
        now = None if code is None else Standing(code, *standing)
        yield CASE_LINE.validate_python(line), now


def _came_later(session: Session, report: LockedReport, period: Period) -> list[Standing]:
    """Cases that are in the period and not in the list that was locked. One whose evidence was
    lost before the lock never was in a list."""
    listed = select(LockedCase.line["code"].as_string()).where(
        LockedCase.report_id == report.id, LockedCase.position > 0
    )
    rows = session.execute(
        select(*STANDING).where(
            Case.ward_id == report.ward_id,
            *began_in(period),
            Case.completed_at >= report.locked_at - UNDER_WAY,
            Case.code.not_in(listed),
        )
    )
    found = [Standing(*row) for row in rows]
    broken = [one.case_id for one in found if one.state is CaseState.INTEGRITY_ERROR]
    lost = lost_since(session, report, broken) if broken else {}
    return [
        one for one in found if one.state is not CaseState.INTEGRITY_ERROR or one.case_id in lost
    ]
