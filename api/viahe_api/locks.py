"""Locking a report (chốt số liệu): its numbers stay for ever, and later changes are named."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, select
from sqlalchemy.orm import Session, joinedload

from viahe_api import audit
from viahe_api.case_lines import CASE_LINE, CaseLine, case_lines
from viahe_api.cell_lists import cases_under
from viahe_api.cells import LISTED_APART, Cell
from viahe_api.counted_wards import Narrow, one_ward
from viahe_api.errors import IntegrityLost, NotLockable, RoleNeeded
from viahe_api.figure_taking import take_figures
from viahe_api.figures import FIGURES, Figures
from viahe_api.forms.agreement import agreeing, check_figures
from viahe_api.period_address import write_period
from viahe_api.periods import Period
from viahe_api.scope import Viewer, scoped
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import LockedCase, LockedReport, Ward
from viahe_api.vocabulary import Role

AT_A_TIME = 2_000


def lock_report(
    session: Session, viewer: Viewer, ward_code: str, period: Period, *, now: datetime
) -> LockedReport:
    """Keep a ward's numbers of a period that has ended. Approvers of that ward alone.

    Raises RoleNeeded, NotLockable, and TotalsDisagree.
    """
    ward = session.scalar(
        scoped(select(Ward).where(Ward.code == ward_code), Ward.id, viewer, Role.APPROVER)
    )
    if ward is None:
        raise RoleNeeded(Role.APPROVER)
    written = write_period(period)
    if not period.has_ended(now):
        raise NotLockable("running", f"{written} ends on {period.last}: lock it after that day")
    if find_locked(session, one_ward(ward.id), period) is not None:
        raise NotLockable("locked", f"{written} of {ward.code} is locked already")
    return _keep(session, viewer, ward, period, now)


def find_locked(session: Session, narrow: Narrow, period: Period) -> LockedReport | None:
    """The locked report of the one ward counted, None for a draft. Comes with who locked it."""
    statement = (
        select(LockedReport)
        .where(LockedReport.period == write_period(period))
        .options(joinedload(LockedReport.locked_by), joinedload(LockedReport.ward))
    )
    return session.scalar(narrow(statement, LockedReport.ward_id))


def locked_reports(session: Session, narrow: Narrow) -> tuple[LockedReport, ...]:
    """Those of the wards counted, newest first."""
    statement = select(LockedReport).options(
        joinedload(LockedReport.locked_by), joinedload(LockedReport.ward)
    )
    ordered = statement.order_by(LockedReport.locked_at.desc(), LockedReport.id.desc())
    return tuple(session.scalars(narrow(ordered, LockedReport.ward_id)))


def locked_lines(session: Session, report: LockedReport) -> Iterator[CaseLine]:
    """The list of cases as it was locked. Raises IntegrityLost before the first."""
    verify_locked(session, report)
    for line in session.scalars(_kept(report, LockedCase.position > 0)).yield_per(AT_A_TIME):
        yield CASE_LINE.validate_python(line)


def locked_outcomes(
    session: Session, report: LockedReport, measure: str
) -> Iterator[tuple[CaseLine, date | None]]:
    """The cases a measure of `cells.LISTED_APART` counted when it was locked, and the days of
    actions if it was locked since those are kept; none of integrity errors in reports locked before
    those were kept. Raises IntegrityLost before the first."""
    verify_locked(session, report)
    for kept in session.scalars(_kept(report, LockedCase.position < 0)).yield_per(AT_A_TIME):
        if kept["outcome"] == measure:
            day = kept.get("day")
            yield CASE_LINE.validate_python(kept["case"]), day and date.fromisoformat(day)


def _kept(report: LockedReport, *further: ColumnElement[bool]) -> "Select[dict[str, Any]]":
    """What was kept of a report in its order: what is listed apart below zero, then the list from
    one on."""
    return (
        select(LockedCase.line)
        .where(LockedCase.report_id == report.id, *further)
        .order_by(LockedCase.position)
    )


def locked_figures(session: Session, report: LockedReport) -> Figures | None:
    """The figures that were locked, None if they are no longer what was sealed."""
    try:
        verify_figures(session, report)
    except IntegrityLost:
        return None
    return FIGURES.validate_python(report.figures)


def verify_figures(session: Session, report: LockedReport) -> None:
    """Raises IntegrityLost if the figures are not what was sealed: all that a page without the
    list shows. Of reports locked before figures had a seal of their own, all is verified."""
    if report.figures_sha256 is None:
        verify_locked(session, report)
    elif _seal(report.figures, iter(())) != report.figures_sha256:
        raise IntegrityLost(f"the locked report of {report.period} was changed")


def verify_locked(session: Session, report: LockedReport) -> None:
    """Raises IntegrityLost if figures or cases are not what was sealed."""
    lines = session.scalars(_kept(report)).yield_per(AT_A_TIME)
    if _seal(report.figures, lines) != report.sha256:
        raise IntegrityLost(f"the locked report of {report.period} was changed")


def _keep(
    session: Session, viewer: Viewer, ward: Ward, period: Period, now: datetime
) -> LockedReport:
    reading = SummaryReading(session, one_ward(ward.id))
    figures = take_figures(reading, period, now=now)
    check_figures(figures)
    lines = [
        CASE_LINE.dump_python(line, mode="json")
        for line in agreeing(case_lines(session, one_ward(ward.id), period), figures)
    ]
    outcomes = list(_outcomes(reading, figures))
    kept = FIGURES.dump_python(figures, mode="json")
    report = LockedReport(
        ward_id=ward.id,
        period=write_period(period),
        figures=kept,
        sha256=_seal(kept, iter([*outcomes, *lines])),
        figures_sha256=_seal(kept, iter(())),
        locked_at=now,
        locked_by_id=viewer.account_id,
    )
    session.add(report)
    session.flush()
    placed = [*enumerate(outcomes, start=-len(outcomes)), *enumerate(lines, start=1)]
    if placed:
        rows = [{"report_id": report.id, "position": at, "line": line} for at, line in placed]
        session.execute(insert(LockedCase), rows)
    audit.append(
        session,
        viewer,
        "report.locked",
        f"report:{ward.code}/{report.period}",
        now=now,
        ward_id=ward.id,
        detail={"sha256": report.sha256, "recorded": figures.counts.recorded},
    )
    return report


def _outcomes(reading: SummaryReading, figures: Figures) -> Iterator[dict[str, Any]]:
    for measure in LISTED_APART:
        found = cases_under(reading, figures, Cell(measure), most=None)
        for line, day in zip_longest(found.lines, found.days):
            kept = {"outcome": measure, "case": CASE_LINE.dump_python(line, mode="json")}
            yield {**kept, "day": day.isoformat()} if day else kept


def _seal(figures: dict[str, Any], lines: Iterator[Any]) -> str:
    sealed = hashlib.sha256(_canonical(figures))
    for line in lines:
        sealed.update(b"\n" + _canonical(line))
    return sealed.hexdigest()


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
