"""Keeping the summaries what the rows say.

Triggers note every ward's day whose cases, steps, decisions or reports changed; `refresh` counts
those days anew, half months and quarters from them, and from each what all wards have of it
together. Until then readers count the rows.
So a summary that is there and not noted equals its rows, whoever wrote them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
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
from viahe_api.spans import QUARTERS, Length, Span, span_of
from viahe_api.tables import Case, CaseChange, Decision, HandlingStep, Ward
from viahe_api.tallies import BY_ACT, TALLIES, Tally

AT_ONCE = 400
"""Noted changes that one transaction takes up: others want to write meanwhile."""

Work = Mapping[date, Collection[int]]
"""Days, and the wards whose counts of them are to be made anew."""


def anything_noted(session: Session) -> bool:
    """Whether a change waits to be taken up."""
    return session.scalar(select(CaseChange.id).limit(1)) is not None


def refresh(session: Session, at_once: int = AT_ONCE) -> int:
    """Take up the oldest noted changes; returns how many were. In a writing transaction.

    One noted by a transaction that has not ended is not seen and stays for the next time, so
    nobody has to wait for anybody.
    """
    _alone(session.connection())
    noted = session.execute(
        select(CaseChange.id, CaseChange.ward_id, CaseChange.day)
        .order_by(CaseChange.id)
        .limit(at_once)
    ).all()
    work: defaultdict[date, set[int]] = defaultdict(set)
    for _, ward_id, day in noted:
        work[day].add(ward_id)
    for day, wards in work.items():
        for tally in TALLIES:
            _count_days(session, tally, Span(Length.DAY, day, day), wards)
    _count_on(session, work)
    session.execute(delete(CaseChange).where(CaseChange.id.in_([row.id for row in noted])))
    return len(noted)


def rebuild(session: Session) -> int:
    """Make every summary anew from the rows; returns of how many half months. In a writing
    transaction, which holds others up for as long as it takes."""
    _alone(session.connection())
    noted = session.scalar(select(func.max(CaseChange.id))) or 0
    for tally in TALLIES:
        session.execute(delete(tally.table))
        if tally.of_all is not None:
            session.execute(delete(tally.of_all))
    wards = set(session.scalars(select(Ward.id)))
    halves = _half_months(session)
    for half in halves:
        for tally in TALLIES:
            _count_days(session, tally, half, wards)
    _count_on(session, {half.first: wards for half in halves})
    session.execute(delete(CaseChange).where(CaseChange.id <= noted))
    return len(halves)


def differences(session: Session) -> Iterator[str]:
    """A line for every summary that is not what the rows say, but for what is noted."""
    noted = {
        (ward_id, day)
        for ward_id, day in session.execute(select(CaseChange.ward_id, CaseChange.day).distinct())
    }
    halves = _half_months(session) | _kept_half_months(session)
    quarters = {span_of(length, half.first) for half in halves for length in QUARTERS}
    for tally in TALLIES:
        for span in (*sorted(halves), *sorted(quarters)):
            for length in {span.length, Length.DAY} & set(tally.lengths):
                if length is span.length or span.length is Length.HALF_MONTH:
                    yield from _differences(session, tally, span, length, noted)
        yield from _differences_of_all(session, tally)


def _alone(connection: Connection) -> None:
    """Two at once would write the same rows; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE act_summary IN EXCLUSIVE MODE"))


def _count_days(session: Session, tally: Tally, within: Span, wards: Collection[int]) -> None:
    """The days of the span, where the tally is kept of days."""
    if Length.DAY in tally.lengths:
        _replace(session, tally, within, wards, Length.DAY)
        _add_wards_up(session, tally, within, Length.DAY)


def _count_on(session: Session, work: Work) -> None:
    """The half months and quarters that these days lie in."""
    for tally in TALLIES:
        halves = _spans(work, Length.HALF_MONTH)
        for half, wards in halves.items():
            if Length.DAY in tally.lengths:
                _add_up(session, tally, half, wards, Length.DAY)
            else:
                _replace(session, tally, half, wards, half.length)
            _add_wards_up(session, tally, half, half.length)
        for length in QUARTERS:
            for quarter, wards in _spans(work, length).items():
                _add_up(session, tally, quarter, wards, Length.HALF_MONTH)
                _add_wards_up(session, tally, quarter, length)


def _spans(work: Work, length: Length) -> Mapping[Span, set[int]]:
    """The spans of a length that the days lie in, with all their wards."""
    found: defaultdict[Span, set[int]] = defaultdict(set)
    for day, wards in work.items():
        found[span_of(length, day)].update(wards)
    return found


def _replace(
    session: Session, tally: Tally, span: Span, wards: Collection[int], length: Length
) -> None:
    """The span's own row for each key, or one for each of its days, from the base rows."""
    _remove(session, tally, span, wards, length)
    by_day = length is Length.DAY
    counted = tally.rows(span, by_day).where(tally.ward_of_rows().in_(wards)).subquery()
    first = counted.c.day if by_day else literal(span.first, Date)
    last = counted.c.day if by_day else literal(span.last, Date)
    names = ("ward_id", *tally.keys, *tally.sums, *tally.extremes)
    _insert(session, tally, length, first, last, select(*(counted.c[name] for name in names)))


def _add_up(session: Session, tally: Tally, span: Span, wards: Collection[int], of: Length) -> None:
    """A span's rows from those of a shorter length."""
    _remove(session, tally, span, wards, span.length)
    table = _table(tally)
    keys = [table.c.ward_id, *(table.c[name] for name in tally.keys)]
    sums = [cast(func.sum(table.c[name]), table.c[name].type) for name in tally.sums]
    extremes = [func.min(table.c.first_at), func.max(table.c.last_at)] if tally.extremes else []
    rows = (
        select(*keys, *sums, *extremes)
        .where(
            table.c.length == of,
            table.c.first.between(span.first, span.last),
            table.c.ward_id.in_(wards),
        )
        .group_by(*keys)
    )
    first, last = literal(span.first, Date), literal(span.last, Date)
    _insert(session, tally, span.length, first, last, rows)


def _add_wards_up(session: Session, tally: Tally, within: Span, length: Length) -> None:
    """Of all wards together, the rows of a length that lie in the span."""
    of_all = tally.of_all
    if of_all is None:
        return
    session.execute(
        delete(of_all).where(
            of_all.length == length, of_all.first.between(within.first, within.last)
        )
    )
    table = _table(tally)
    rows = _of_all_wards(tally).where(
        table.c.length == length, table.c.first.between(within.first, within.last)
    )
    session.execute(
        insert(of_all).from_select([*_NAMES, *tally.keys, *tally.sums], rows),
        execution_options={"synchronize_session": False},
    )


_NAMES = ("length", "first", "last")


def _of_all_wards(tally: Tally) -> "Select[*tuple[Any, ...]]":
    """The summary's rows added up over the wards."""
    table = _table(tally)
    keys = [table.c[name] for name in (*_NAMES, *tally.keys)]
    sums = [cast(func.sum(table.c[name]), table.c[name].type) for name in tally.sums]
    return select(*keys, *sums).group_by(*keys)


def _remove(
    session: Session, tally: Tally, within: Span, wards: Collection[int], length: Length
) -> None:
    table = tally.table
    session.execute(
        delete(table).where(
            table.length == length,
            table.first.between(within.first, within.last),
            table.ward_id.in_(wards),
        )
    )


def _insert(
    session: Session,
    tally: Tally,
    length: Length,
    first: Any,
    last: Any,
    rows: "Select[*tuple[Any, ...]]",
) -> None:
    names = ["ward_id", *tally.keys, *tally.sums, *tally.extremes, "length", "first", "last"]
    told = literal(length, _table(tally).c.length.type)
    session.execute(
        insert(tally.table).from_select(names, rows.add_columns(told, first, last)),
        execution_options={"synchronize_session": False},
    )


def _table(tally: Tally) -> Table:
    table = tally.table.__table__
    assert isinstance(table, Table)  # noqa: S101 - as every Record's
    return table


def _half_months(session: Session) -> set[Span]:
    """Every half month from the first thing to be counted to the last."""
    days: list[date] = []
    for moment in (Case.start_at, HandlingStep.at, Decision.at):
        for of in (func.min, func.max):
            day = session.scalar(select(local_day(of(moment))))
            days += [] if day is None else [day]
    for of in (func.min, func.max):
        papered = session.scalar(select(of(HandlingStep.day)))
        days += [] if papered is None else [papered]
    return set(_halves_between(min(days), max(days))) if days else set()


def _kept_half_months(session: Session) -> set[Span]:
    firsts = session.scalars(
        select(BY_ACT.table.first).where(BY_ACT.table.length == Length.HALF_MONTH).distinct()
    )
    return {span_of(Length.HALF_MONTH, first) for first in firsts}


def _halves_between(first: date, last: date) -> Iterable[Span]:
    half = span_of(Length.HALF_MONTH, first)
    while half.first <= last:
        yield half
        half = span_of(Length.HALF_MONTH, date.fromordinal(half.last.toordinal() + 1))


def _differences(
    session: Session, tally: Tally, span: Span, length: Length, noted: Collection[tuple[int, date]]
) -> Iterator[str]:
    """Of the rows of a length that lie in the span."""
    rows = tally.rows(span, length is Length.DAY).subquery()
    first = rows.c.day if length is Length.DAY else literal(span.first, Date)
    names = ("ward_id", *tally.keys, *tally.sums, *tally.extremes)
    counted = _by_key(session, tally, select(first, *(rows.c[name] for name in names)))
    table = _table(tally)
    within = (table.c.length == length, table.c.first.between(span.first, span.last))
    columns = (table.c.first, *(table.c[name] for name in names))
    kept = _by_key(session, tally, select(*columns).where(*within))
    changed = {ward_id for ward_id, day in noted if span.first <= day <= span.last}
    for key in sorted(counted.keys() | kept.keys()):
        if key[1] not in changed and kept.get(key) != counted.get(key):
            yield (
                f"{table.name}, {length.value} {key[0]}, ward {key[1]}, "
                f"{', '.join(map(str, key[2:]))}: {kept.get(key)} kept, {counted.get(key)} counted"
            )


def _differences_of_all(session: Session, tally: Tally) -> Iterator[str]:
    """What is kept of all wards and is not the sum of what is kept of each."""
    if tally.of_all is None:
        return
    keys = [getattr(tally.of_all, name) for name in (*_NAMES, *tally.keys)]
    kept = select(*keys, *(getattr(tally.of_all, name) for name in tally.sums))
    width, of_all = len(keys), tally.of_all.__tablename__
    found, added = (
        {tuple(row[:width]): tuple(row[width:]) for row in session.execute(rows)}
        for rows in (kept, _of_all_wards(tally))
    )
    for key in sorted(found.keys() | added.keys()):
        if found.get(key) != added.get(key):
            yield (
                f"{of_all}, {', '.join(map(str, key))}: {found.get(key)} kept, "
                f"{added.get(key)} in its wards"
            )


def _by_key(
    session: Session, tally: Tally, rows: "Select[*tuple[Any, ...]]"
) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Sums and extremes under first day, ward and the tally's keys."""
    width = 2 + len(tally.keys)
    return {tuple(row[:width]): tuple(row[width:]) for row in session.execute(rows)}
