"""Hours of many cameras added up where they are kept, without a record for each camera."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.counts import Hours
from viahe_api.coverage import HOUR_S, Run, run_columns, seen_in_run, summed_runs
from viahe_api.figures import COMPARABLE
from viahe_api.local_time import days_between
from viahe_api.periods import Period
from viahe_api.spans import DAY, Length
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
    each = _each(narrow, [period], now)
    if each is None:
        return {}
    statement = select(each.c.ward_id, *_sums(each.c)).group_by(each.c.ward_id)
    return {
        row[0]: WardHours(Hours(*row[2:]), row[1]) for row in session.execute(statement) if row[1]
    }


def hours_of_each(
    session: Session, narrow: Narrow, periods: Sequence[Period], *, now: datetime
) -> tuple[Hours, ...]:
    """Of each period the hours of `measures.cameras_seen` added up, in one statement for all."""
    found = [Hours()] * len(periods)
    each = _each(narrow, periods, now)
    if each is not None:
        statement = select(each.c.place, *_sums(each.c)).group_by(each.c.place)
        for place, cameras, *hours in session.execute(statement):
            found[place] = Hours(*hours) if cameras else Hours()
    return tuple(found)


def weak_cameras(
    session: Session, narrow: Narrow, period: Period, *, now: datetime, most: int
) -> tuple[int, tuple[str, ...]]:
    """How many cameras saw too little for a period to be compared, and the names of the first
    of them by ward and name."""
    each = _each(narrow, [period], now)
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


def _each(narrow: Narrow, periods: Sequence[Period], now: datetime) -> CTE | None:
    """Id, ward, and hours expected and seen of each camera in each period, which `place` tells by
    its place in `periods`: reckoned once for all that is asked of them. Periods that have not
    begun are left out; None if there is no other."""
    begun = [(place, period) for place, period in enumerate(periods) if period.start < now]
    if not begun:
        return None
    runs = {place: list(summed_runs(period)) for place, period in begun}
    most = max(map(len, runs.values()))
    asked = union_all(
        *(_asked(place, period, runs[place], most, now) for place, period in begun)
    ).cte("asked")
    seen = sum((seen_in_run(asked.c, number) for number in range(most)), literal(0.0))
    statement = select(
        asked.c.place,
        Camera.id,
        Camera.ward_id,
        (_expected_s(asked.c) / HOUR_S).label("expected"),
        (seen / HOUR_S).label("seen"),
    ).join(asked, true())
    return narrow(statement, Camera.ward_id).cte("each_camera").prefix_with("MATERIALIZED")


def _asked(
    place: int, period: Period, runs: Sequence[Run], most: int, now: datetime
) -> "Select[*tuple[Any, ...]]":
    """A period as a row: up to now at most, and its runs, filled up with empty ones."""
    moment = Camera.created_at.expression.type
    start, end = period.start, min(period.end, now)
    filled = (*runs, *[Run(Length.DAY, period.first, period.first - DAY)] * (most - len(runs)))
    return select(
        literal(place).label("place"),
        literal(start, moment).label("start"),
        literal(end, moment).label("end"),
        literal((end - start).total_seconds()).label("whole_s"),
        *(column for number, run in enumerate(filled) for column in run_columns(number, run)),
    )


def _expected_s(asked: Any) -> ColumnElement[float]:
    """As `coverage.expected_seconds`."""
    from_start = Camera.created_at <= asked.start
    to_end = or_(Camera.disabled_at.is_(None), Camera.disabled_at >= asked.end)
    installed = case((from_start, asked.start), else_=Camera.created_at)
    disabled = case((to_end, asked.end), else_=Camera.disabled_at)
    return case(
        (and_(from_start, to_end), asked.whole_s),
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
