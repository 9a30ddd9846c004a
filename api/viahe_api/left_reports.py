"""The month's report, left in the list by itself on the first working day after the month.

It is a draft like any other: nothing is locked and nothing is sent. Its row says when it was
left and what it counted then, and is made once, whichever process comes first.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from viahe_api import audit
from viahe_api.counted_wards import Narrow, one_ward
from viahe_api.database import Database
from viahe_api.errors import TotalsDisagree
from viahe_api.figure_taking import take_figures
from viahe_api.figures import Figures
from viahe_api.forms.agreement import check_figures
from viahe_api.period_address import write_period
from viahe_api.periods import DAY, Period, PeriodKind, local_day, period_of
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Camera, CameraOff, Case, DayOff, LeftReport, Ward
from viahe_api.working_days import after_working_days

SYSTEM = "system"
"""Who is said to have done what nobody's hand did."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A report whose day has come."""

    ward_id: int
    ward_code: str
    period: Period


def leave_due_reports(database: Database, *, now: datetime) -> tuple[Due, ...]:
    """Leave what is due and not left yet; returns what this call left.

    A report whose totals disagree is not left: that is logged, and tried again next time.
    """
    with database.reading() as session:
        due = due_reports(session, now=now)
    return tuple(one for one in due if _leave(database, one, now))


def due_reports(session: Session, *, now: datetime) -> tuple[Due, ...]:
    """For each ward the newest month that has ended and whose day has come, if it is not left.

    A ward that nothing could be counted in then has none, and a merged one none after its end.
    """
    days_off = set(session.scalars(select(DayOff.day)))
    today = local_day(now)
    found = []
    for ward in session.scalars(select(Ward).order_by(Ward.code)):
        kind = PeriodKind.CUT_OFF_MONTH if ward.closes_by_cut_off else PeriodKind.MONTH
        period = month_due(kind, today, days_off)
        if not _left(session, ward.id, period) and _stood(session, ward, period):
            found.append(Due(ward.id, ward.code, period))
    return tuple(found)


def month_due(kind: PeriodKind, today: date, days_off: Collection[date]) -> Period:
    """The newest month whose first working day after its last day is today or has passed."""
    month = period_of(kind, period_of(kind, today).first - DAY)
    while after_working_days(month.last, 1, days_off) > today:
        month = period_of(kind, month.first - DAY)
    return month


def left_reports(session: Session, narrow: Narrow) -> tuple[LeftReport, ...]:
    """Those of the wards counted, newest first."""
    statement = select(LeftReport).options(joinedload(LeftReport.ward))
    ordered = statement.order_by(LeftReport.left_at.desc(), LeftReport.ward_id)
    return tuple(session.scalars(narrow(ordered, LeftReport.ward_id)))


def _leave(database: Database, due: Due, now: datetime) -> bool:
    """The figures are taken before the write lock is: they are the long part."""
    with database.reading() as session:
        figures = take_figures(SummaryReading(session, one_ward(due.ward_id)), due.period, now=now)
    try:
        check_figures(figures)
        with database.writing() as session:
            return _keep(session, due, figures, now)
    except TotalsDisagree as fault:
        log.error("%s of %s is not left: %s", write_period(due.period), due.ward_code, fault)
    except IntegrityError:
        pass  # another process was first
    return False


def _keep(session: Session, due: Due, figures: Figures, now: datetime) -> bool:
    if _left(session, due.ward_id, due.period):
        return False
    period = write_period(due.period)
    counts = figures.counts
    session.add(
        LeftReport(
            ward_id=due.ward_id,
            period=period,
            left_at=now,
            recorded=counts.recorded,
            sufficient=counts.sufficient,
            coverage=figures.hours.coverage,
        )
    )
    session.flush()
    audit.append(
        session,
        SYSTEM,
        "report.left",
        f"report:{due.ward_code}/{period}",
        now=now,
        ward_id=due.ward_id,
        detail={"recorded": counts.recorded, "sufficient": counts.sufficient},
    )
    return True


def _stood(session: Session, ward: Ward, period: Period) -> bool:
    """Whether the ward still was one, and had a camera that was on at some time, or a case, in the
    period."""
    if ward.merged_on is not None and ward.merged_on <= period.first:
        return False
    off_throughout = exists().where(
        CameraOff.camera_id == Camera.id,
        CameraOff.off_at <= period.start,
        CameraOff.on_at >= period.end,
    )
    camera = select(Camera.id).where(
        Camera.ward_id == ward.id,
        Camera.created_at < period.end,
        or_(Camera.disabled_at.is_(None), Camera.disabled_at > period.start),
        ~off_throughout,
    )
    case = select(Case.id).where(
        Case.ward_id == ward.id, Case.start_at >= period.start, Case.start_at < period.end
    )
    return any(session.scalar(found.limit(1)) is not None for found in (camera, case))


def _left(session: Session, ward_id: int, period: Period) -> bool:
    return session.get(LeftReport, (ward_id, write_period(period))) is not None
