"""The cases under a figure: looked up where they stand, or in what was locked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import Date, Select, func, literal, select

from viahe_api.case_line_rows import AT_A_TIME, lines
from viahe_api.case_lines import CaseLine, read_lines
from viahe_api.cell_conditions import asked_of_cases
from viahe_api.cells import OUTCOMES, Cell
from viahe_api.counted_days import growing, kept_counts, kept_decisions
from viahe_api.counted_rows import began_in
from viahe_api.counted_wards import Narrow
from viahe_api.figures import Figures
from viahe_api.listed_ids import one_of
from viahe_api.local_time import local_day
from viahe_api.periods import Period
from viahe_api.spans import DAY, Length, Span
from viahe_api.standing_steps import steps_that_count
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Case, Decision
from viahe_api.told_days import ToldDays, told_days
from viahe_api.trend import waiting_since
from viahe_api.vocabulary import OPEN_STATES, CaseState, Verdict

Found: TypeAlias = Sequence[tuple[int, date | None, datetime]]
"""The id of each case, the day of the action it is counted by if it is by one, and when its act
began."""
_Asked: TypeAlias = "Select[*tuple[Any, ...]]"
_NO_DAY = literal(None, Date)


@dataclass(frozen=True, slots=True)
class Counted:
    """The first cases under a figure and how many there are in all. They are oldest first; what is
    counted by an action is in the order of the `days` of that, of which each line has one.
    `left_out` of the first are not among the lines: the reader is to look at them a second time."""

    lines: tuple[CaseLine, ...]
    total: int
    left_out: int = 0
    days: tuple[date, ...] = ()


def cases_under(
    reading: SummaryReading, figures: Figures, cell: Cell, *, most: int | None
) -> Counted:
    """The cases a figure of a draft counts, as the rows stand now. Without a `most` all of them
    from the rows alone, for who would see what others write between two questions."""
    kept = None if most is None else kept_counts(reading.session, cell)
    if kept is None or most is None:
        return _from_rows(reading, figures, cell, most)
    total = kept.total(reading, figures.period)
    if not total:
        return Counted((), 0)
    days = told_days(kept.days(reading, figures.period, total, most))
    asked = _asked(reading.narrow, figures, cell, days)
    return _counted(reading, _first(reading, [asked], most), total)


def lines_under(
    found: Iterator[tuple[CaseLine, date | None]], figures: Figures, cell: Cell, *, most: int
) -> Counted:
    """The same of a locked report, whose list is `found`, with the days of actions if it was kept
    with them."""
    matching = ((line, day) for line, day in found if cell.holds(line, figures))
    first = tuple(islice(matching, most))
    days = tuple(day for _, day in first if day is not None)
    return Counted(
        tuple(line for line, _ in first),
        len(first) + sum(1 for _ in matching),
        days=days if len(days) == len(first) else (),
    )


def decided_by(
    reading: SummaryReading, period: Period, reviewer: str, verdict: Verdict, *, most: int
) -> Counted:
    """The decisions of one verdict a person made in the period and that stand, a line for each,
    as `measures.reviewed_by` counts them."""
    kept = kept_decisions(reading.session, reviewer, verdict)
    total = kept.total(reading, period)
    # Between two days that are told, and not by rows of told days: somebody's decisions of some
    # days are few, and PostgreSQL reads all there are for as many rows.
    days = list(kept.days(reading, period, total, most)) if total else []
    if not days:
        return Counted((), 0)
    (_, first), (_, last) = days[0], days[-1]
    day = local_day(Decision.at.expression)
    made = (
        select(Case.id, day, Case.start_at)
        .join(Case, Case.id == Decision.case_id)
        .where(
            Decision.at >= first.start,
            Decision.at < last.end,
            Decision.account_id.in_(kept.where["account_id"]),
            Decision.verdict == verdict,
            Decision.undone_at.is_(None),
            Case.state != CaseState.INTEGRITY_ERROR,
        )
        .order_by(day, Case.start_at, Case.id)
    )
    found = _first(reading, [reading.narrow(made, Decision.ward_id)], most)
    return _counted(reading, found, total)


def open_cases(reading: SummaryReading, age: int, now: datetime, *, most: int) -> Counted:
    """Open cases of one of `trend.open_by_age`'s ages."""
    waiting = (
        select(Case.id, _NO_DAY, Case.start_at)
        .where(
            Case.completed_at.is_not(None),
            Case.state.in_(OPEN_STATES),
            *waiting_since(age, now),
        )
        .order_by(Case.start_at, Case.id)
    )
    asked = reading.narrow(waiting, Case.ward_id)
    found = _first(reading, [asked], most)
    return _counted(reading, found, _number(reading, asked, found, most))


def _from_rows(reading: SummaryReading, figures: Figures, cell: Cell, most: int | None) -> Counted:
    period, narrow = figures.period, reading.narrow
    at_once = most is None or cell.of in OUTCOMES
    days = (period,) if at_once else _of_weekday(period, cell.weekday)
    found = _first(reading, (_asked(narrow, figures, cell, some) for some in days), most)
    if cell == Cell("repeats") and most is not None:
        return _counted(reading, found, figures.repeats)
    every = _asked(narrow, figures, cell, period)
    return _counted(reading, found, _number(reading, every, found, most))


def _of_weekday(period: Period, weekday: int | None) -> Iterator[Span]:
    """The period's days of one weekday, or all of them."""
    if weekday is None:
        yield from growing(period)
        return
    first = period.first + (weekday - period.first.weekday()) % 7 * DAY
    while first <= period.last:
        yield Span(Length.DAY, first, first)
        first += 7 * DAY


def _asked(narrow: Narrow, figures: Figures, cell: Cell, days: Span | Period | ToldDays) -> _Asked:
    """The cases of some days in their order."""
    conditions = asked_of_cases(figures, cell)
    if cell.of in OUTCOMES:
        steps = steps_that_count(days, OUTCOMES[cell.of])
        acted_on = (
            select(Case.id, steps.c.first, Case.start_at)
            .join(steps, steps.c.case_id == Case.id)
            .where(*conditions)
            .order_by(steps.c.first, Case.start_at, Case.id)
        )
        # By the ward of the step: by that of the case, SQLite may read a ward's cases first.
        return narrow(acted_on, steps.c.ward_id)
    began = select(Case.id, _NO_DAY, Case.start_at).where(*conditions, *began_in(days))
    return narrow(began.order_by(Case.start_at, Case.id), Case.ward_id)


def _first(reading: SummaryReading, asked: Iterable[_Asked], most: int | None) -> Found:
    """The first of what is asked one after the other: nothing more is read of those that are not
    shown."""
    found: list[tuple[int, date | None, datetime]] = []
    for some in asked:
        left = some if most is None else some.limit(most - len(found))
        found += [(case_id, day, began) for case_id, day, began in reading.session.execute(left)]
        if len(found) == most:
            break
    return found


def _number(reading: SummaryReading, asked: _Asked, found: Found, most: int | None) -> int:
    """How many there are of which these were found first."""
    if most is None or len(found) < most:
        return len(found)
    every = select(func.count()).select_from(asked.order_by(None).subquery())
    return reading.session.scalar(every) or 0


def _counted(reading: SummaryReading, found: Found, total: int) -> Counted:
    in_time = sorted({(began, case_id) for case_id, _, began in found})
    ids = [case_id for _, case_id in in_time]
    of_case = dict(zip(ids, _lines_of(reading, ids), strict=True))
    days = tuple(day for _, day, _ in found if day is not None)
    return Counted(tuple(of_case[case_id] for case_id, _, _ in found), total, days=days)


def _lines_of(reading: SummaryReading, ids: Sequence[int]) -> Iterator[CaseLine]:
    """Oldest first, as the ids are."""
    for begin in range(0, len(ids), AT_A_TIME):
        some: Any = lines().where(one_of(Case.id.expression, ids[begin : begin + AT_A_TIME]))
        yield from read_lines(reading.session, reading.narrow, some)
