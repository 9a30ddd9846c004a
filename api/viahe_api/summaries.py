"""Keeping the summaries what the rows say.

Triggers note every ward's day whose cases, steps, decisions or reports changed; `refresh` counts
those days anew, half months, months and quarters from them, and from each what all wards have of
it together, and notes the days of what may repeat since. Until then readers count the rows.
So a summary that is there and not noted equals its rows, whoever wrote them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Select,
    Table,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Session

from viahe_api.local_time import local_day
from viahe_api.repeating import days_that_hang_on
from viahe_api.spans import LONGER, MADE_OF, Length, Span, firsts, span_of
from viahe_api.tables import Case, CaseChange, Decision, HandlingStep, Ward
from viahe_api.tallies import BY_ACT, TALLIES, Summary, SummaryOfAll, Tally

AT_ONCE, DAYS_AT_ONCE = 200, 40
"""Noted changes that one transaction takes up, and days that they are of: others want to write
meanwhile, and wait a second or two."""

Work = Mapping[date, Collection[int]]
"""Days, and the wards whose counts of them are to be made anew."""


def anything_noted(session: Session) -> bool:
    """Whether a change waits to be taken up."""
    return session.scalar(select(CaseChange.id).limit(1)) is not None


def more_than_a_turn(session: Session) -> bool:
    """Whether more changes wait than are taken up at once."""
    return _last_of_turn(session, AT_ONCE) is not None


def refresh(session: Session, at_once: int = AT_ONCE) -> int:
    """Take up the noted changes of the earliest days, so many and what else is noted of the last of
    these days, of no more than DAYS_AT_ONCE; returns how many were. In a writing transaction of
    its own.

    The earliest first: whether a case repeats hangs on days before its own, which are taken up by
    then. Days that hang on those taken up are noted for it, and have their turn later. A change
    noted by a transaction that has not ended is not seen and stays for the next time, so nobody has
    to wait for anybody.
    """
    _alone(session.connection())
    day, number, newest = CaseChange.day, func.count(), func.max(CaseChange.id)
    taken_up = day <= (_last_of_turn(session, at_once) or date.max)
    counted = select(CaseChange.ward_id, day, number, newest).where(taken_up)
    noted = session.execute(counted.group_by(CaseChange.ward_id, day)).all()
    if not noted:
        return 0
    work: defaultdict[date, set[int]] = defaultdict(set)
    for row in noted:
        work[row[1]].add(row[0])
    hanging = session.execute(days_that_hang_on([(row[0], row[1]) for row in noted])).all()
    for tally in TALLIES:
        for of, wards in work.items():
            _count_days(session, tally, Span(Length.DAY, of, of), wards)
        _count_on(session, tally, work)
    up_to = max(row[3] for row in noted)
    session.execute(delete(CaseChange).where(taken_up, CaseChange.id <= up_to))
    session.add_all(CaseChange(ward_id=ward_id, day=of) for ward_id, of in hanging)
    return sum(row[2] for row in noted)


def _last_of_turn(session: Session, at_once: int) -> date | None:
    """The last day whose changes are taken up at once, or None if all are."""
    day = select(CaseChange.day).order_by(CaseChange.day)
    of_number = session.scalar(day.offset(at_once - 1).limit(1))
    of_days = session.scalar(day.distinct().offset(DAYS_AT_ONCE - 1).limit(1))
    return min((last for last in (of_number, of_days) if last is not None), default=None)


def rebuild(session: Session) -> int:
    """Make every summary anew from the rows; returns of how many half months. In a writing
    transaction of its own, which on SQLite holds up everybody who wants to write."""
    _alone(session.connection())
    noted = session.scalar(select(func.max(CaseChange.id))) or 0
    for tally in TALLIES:
        session.execute(delete(tally.table))
        if tally.of_all is not None:
            session.execute(delete(tally.of_all))
    wards = set(session.scalars(select(Ward.id)))
    halves = half_months(session)
    for tally in TALLIES:
        for half in halves:
            _count_days(session, tally, half, wards)
        _count_on(session, tally, {half.first: wards for half in halves})
    session.execute(delete(CaseChange).where(CaseChange.id <= noted))
    return len(halves)


def _alone(connection: Connection) -> None:
    """Two at once would write the same rows; and what is counted is of one moment, that of the
    notes, or a change that came between would be taken away uncounted. SQLite has one writer."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        connection.execute(text("LOCK TABLE act_summary IN EXCLUSIVE MODE"))


def _count_days(session: Session, tally: Tally, within: Span, wards: Collection[int]) -> None:
    """The days of the span, from the base rows."""
    table = table_of(tally.table)
    _remove(session, table, within, Length.DAY, table.c.ward_id.in_(wards))
    counted = tally.rows(within, True).where(tally.ward_of_rows().in_(wards)).subquery()
    names = ("ward_id", *tally.keys, *tally.sums)
    told = (literal(Length.DAY, table.c.length.type), counted.c.first, counted.c.first)
    rows = select(*told, *(counted.c[name] for name in names))
    _insert(session, table, (*SPAN, *names), rows)
    if tally.of_all is not None:
        _add_wards_up(session, tally, table_of(tally.of_all), within)


def _count_on(session: Session, tally: Tally, work: Work) -> None:
    """The half months, months and quarters that these days lie in."""
    for length in reversed(LONGER):  # half months first: months and quarters are made of them
        for span, wards in _spans(work, length).items():
            _add_up(session, tally, span, MADE_OF[length], wards)


def _spans(work: Work, length: Length) -> Mapping[Span, set[int]]:
    """The spans of a length that the days lie in, with all their wards."""
    found: defaultdict[Span, set[int]] = defaultdict(set)
    for day, wards in work.items():
        found[span_of(length, day)].update(wards)
    return found


def _add_up(session: Session, tally: Tally, span: Span, of: Length, wards: Collection[int]) -> None:
    """A span's rows, each ward's and those of all together, from those of a shorter length."""
    table = table_of(tally.table)
    here = table.c.ward_id.in_(wards)
    _add_up_in(session, table, ("ward_id", *tally.keys), tally, span, of, here)
    if tally.of_all is not None:
        _add_up_in(session, table_of(tally.of_all), tally.keys, tally, span, of)


def _add_up_in(
    session: Session,
    table: Table,
    keys: Sequence[str],
    tally: Tally,
    span: Span,
    of: Length,
    here: ColumnElement[bool] | None = None,
) -> None:
    only = () if here is None else (here,)
    _remove(session, table, span, span.length, *only)
    told = (
        literal(span.length, table.c.length.type),
        literal(span.first, Date),
        literal(span.last, Date),
    )
    columns = [table.c[name] for name in keys]
    rows = (
        select(*told, *columns, *_sums(table, tally))
        .where(table.c.length == of, table.c.first.in_(firsts(span, of)), *only)
        .group_by(*columns)
    )
    _insert(session, table, (*SPAN, *keys, *tally.sums), rows)


def _add_wards_up(session: Session, tally: Tally, of_all: Table, within: Span) -> None:
    """What all wards have together of the days of the span."""
    _remove(session, of_all, within, Length.DAY)
    table = table_of(tally.table)
    rows = of_all_wards(tally).where(
        table.c.length == Length.DAY, table.c.first.between(within.first, within.last)
    )
    _insert(session, of_all, (*SPAN, *tally.keys, *tally.sums), rows)


SPAN = ("length", "first", "last")


def of_all_wards(tally: Tally) -> "Select[*tuple[Any, ...]]":
    """The summary's rows added up over the wards: span, keys and sums."""
    table = table_of(tally.table)
    keys = [table.c[name] for name in (*SPAN, *tally.keys)]
    return select(*keys, *_sums(table, tally)).group_by(*keys)


def _sums(table: Table, tally: Tally) -> Iterator[ColumnElement[Any]]:
    return (cast(func.sum(table.c[name]), table.c[name].type) for name in tally.sums)


def _remove(
    session: Session, table: Table, within: Span, length: Length, *only: ColumnElement[bool]
) -> None:
    """The rows of a length that lie in the span."""
    lie_in = table.c.first.in_(firsts(within, length))
    session.execute(delete(table).where(table.c.length == length, lie_in, *only))


def _insert(
    session: Session, table: Table, names: Sequence[str], rows: "Select[*tuple[Any, ...]]"
) -> None:
    session.execute(insert(table).from_select(list(names), rows))


def table_of(summary: Summary | SummaryOfAll) -> Table:
    table = summary.__table__
    assert isinstance(table, Table)  # noqa: S101 - as every Record's
    return table


def half_months(session: Session) -> set[Span]:
    """Every half month from the first thing to be counted to the last."""
    days: list[date] = []
    for of in (func.min, func.max):
        for day in (
            local_day(of(Case.start_at)),
            of(HandlingStep.acted_on),
            local_day(of(Decision.at)),
        ):
            found = session.scalar(select(day))
            days += [] if found is None else [found]
    return set(_halves_between(min(days), max(days))) if days else set()


def kept_half_months(session: Session) -> set[Span]:
    begun = session.scalars(
        select(BY_ACT.table.first).where(BY_ACT.table.length == Length.HALF_MONTH).distinct()
    )
    return {span_of(Length.HALF_MONTH, first) for first in begun}


def _halves_between(first: date, last: date) -> Iterable[Span]:
    half = span_of(Length.HALF_MONTH, first)
    while half.first <= last:
        yield half
        half = span_of(Length.HALF_MONTH, date.fromordinal(half.last.toordinal() + 1))
