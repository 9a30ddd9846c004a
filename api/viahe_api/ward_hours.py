"""Hours of many cameras added up where they are kept, without a record for each camera."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.counts import Hours
from viahe_api.coverage import HOUR_S, seen_in_spans
from viahe_api.figures import COMPARABLE
from viahe_api.local_time import days_between
from viahe_api.periods import Period
from viahe_api.tables import Camera, Ward

DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class WardHours:
    """The hours of the cameras that stand in a ward, and how many of them were to see."""

    hours: Hours
    cameras: int


def hours_by_ward(
    session: Session, narrow: Narrow, period: Period, *, now: datetime
) -> dict[int, WardHours]:
    """By ward id, `measures.cameras_seen` added up. A ward without a camera that was to see is
    left out."""
    each = _each(narrow, period, now)
    if each is None:
        return {}
    statement = select(each.c.ward_id, *_sums(each.c)).group_by(each.c.ward_id)
    return {
        row[0]: WardHours(Hours(*row[2:]), row[1]) for row in session.execute(statement) if row[1]
    }


def hours_together(session: Session, narrow: Narrow, period: Period, *, now: datetime) -> Hours:
    """The hours of `measures.cameras_seen` added up."""
    each = _each(narrow, period, now)
    if each is None:
        return Hours()
    row = session.execute(select(*_sums(each.c))).one()
    return Hours(*row[1:]) if row[0] else Hours()


def weak_cameras(
    session: Session, narrow: Narrow, period: Period, *, now: datetime, most: int
) -> tuple[int, tuple[str, ...]]:
    """How many cameras saw too little for a period to be compared, and the names of the first
    of them by ward and name."""
    each = _each(narrow, period, now)
    if each is None:
        return 0, ()
    statement = (
        select(Camera.name, func.count().over())
        .join(each, each.c.id == Camera.id)
        .join(Ward, Ward.id == Camera.ward_id)
        .where(each.c.expected > 0, each.c.seen < COMPARABLE * each.c.expected)
        .order_by(Ward.name, Camera.name, Camera.id)
        .limit(most)
    )
    rows = session.execute(statement).all()
    return (rows[0][1] if rows else 0), tuple(row[0] for row in rows)


def _each(narrow: Narrow, period: Period, now: datetime) -> CTE | None:
    """Id, ward, and hours expected and seen of each camera, reckoned once for all that is asked
    of them; None before the period begins."""
    start, end = period.start, min(period.end, now)
    if end <= start:
        return None
    statement = select(
        Camera.id,
        Camera.ward_id,
        (_expected_s(start, end) / HOUR_S).label("expected"),
        (seen_in_spans(period) / HOUR_S).label("seen"),
    )
    each = narrow(statement, Camera.ward_id).cte("each_camera")
    return each.prefix_with("MATERIALIZED")


def _expected_s(start: datetime, end: datetime) -> ColumnElement[float]:
    """As `coverage.expected_seconds`; `end` is not after the present."""
    moment = Camera.created_at.expression.type
    first, last = literal(start, moment), literal(end, moment)
    from_start = Camera.created_at <= start
    to_end = or_(Camera.disabled_at.is_(None), Camera.disabled_at >= end)
    installed = case((from_start, first), else_=Camera.created_at)
    disabled = case((to_end, last), else_=Camera.disabled_at)
    return case(
        (and_(from_start, to_end), (end - start).total_seconds()),
        (installed >= disabled, 0.0),
        else_=days_between(disabled, installed) * DAY_S,
    )


def _sums(of: Any) -> tuple[ColumnElement[Any], ...]:
    """How many were to see, and their hours: what was seen of any other is left out. Lost is
    reckoned for each, as `measures.cameras_seen` does."""
    meant = of.expected > 0
    lost = case((of.expected > of.seen, of.expected - of.seen), else_=0.0)
    return (
        cast(func.count().filter(meant), Integer),
        func.sum(of.expected),
        func.sum(case((meant, of.seen), else_=0.0)),
        func.sum(lost),
    )
