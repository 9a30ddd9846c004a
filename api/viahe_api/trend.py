"""How counts went over the last periods, and how old the open cases are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.counts import Counts, Hours
from viahe_api.figures import COMPARABLE
from viahe_api.periods import Period
from viahe_api.report_days import previous_of
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Case
from viahe_api.tallies import BY_ACT
from viahe_api.vocabulary import OPEN_STATES

AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""Open cases are told apart at these ages."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """`running` says that the period had not ended when it was counted."""

    period: Period
    counts: Counts
    hours: Hours
    running: bool = False

    @property
    def comparable(self) -> bool:
        return self.hours.coverage is not None and self.hours.coverage >= COMPARABLE


def trend(
    reading: SummaryReading, last: Period, length: int, *, now: datetime
) -> tuple[TrendPoint, ...]:
    """The last period and those before it, oldest first."""
    periods = list(_chain(reading.session, reading.narrow, last, length))[::-1]
    counts = reading.counts_in_each(periods, BY_ACT)
    hours = reading.hours.of(periods, now=now)
    return tuple(
        TrendPoint(
            period,
            counts[place].get((), Counts()),
            hours.together(place),
            not period.can_be_compared(now),
        )
        for place, period in enumerate(periods)
    )


def open_by_age(session: Session, narrow: Narrow, now: datetime) -> tuple[int, ...]:
    """Open cases that have waited less than each of AGES, and those that waited longer."""
    waits = (Case.completed_at.is_not(None), Case.state.in_(OPEN_STATES))
    in_all = narrow(select(func.count()).where(*waits), Case.ward_id)
    ages = [func.sum(case((Case.completed_at > now - age, 1), else_=0)) for age in AGES]
    young = select(*ages).where(*waits, Case.completed_at > now - AGES[-1])  # few of many
    counts = session.execute(narrow(young, Case.ward_id)).one()
    edges = [0, *(int(count or 0) for count in counts), session.scalar(in_all) or 0]
    return tuple(after - before for before, after in pairwise(edges))


def waiting_since(age: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of cases, those that have waited as long as `open_by_age`'s `age`th count says."""
    youngest = () if age == 0 else (Case.completed_at <= now - AGES[age - 1],)
    oldest = () if age == len(AGES) else (Case.completed_at > now - AGES[age],)
    return (*youngest, *oldest)


def _chain(session: Session, narrow: Narrow, last: Period, length: int) -> Iterator[Period]:
    period = last
    for _ in range(length):
        yield period
        period = previous_of(session, narrow, period)
