"""Proving that the summaries are what the rows say."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import Date, Select, func, literal, select
from sqlalchemy.orm import Session

from viahe_api.repeating import days_that_hang_on
from viahe_api.spans import OF_HALF_MONTHS, Length, Span, span_of
from viahe_api.summaries import SPAN, half_months, kept_half_months, of_all_wards, table_of
from viahe_api.tables import CaseChange
from viahe_api.tallies import TALLIES, Tally

_Key: TypeAlias = tuple[Any, ...]
"""First day, ward, and the tally's keys."""
_Sums: TypeAlias = dict[_Key, tuple[Any, ...]]


def differences(session: Session) -> Iterator[str]:
    """A line for every day's summary that is not what the rows say, but for what is noted, and for
    every longer span's that is not the sum of its days. The rows are gone through once for each
    tally."""
    noted = {
        (ward_id, day)
        for ward_id, day in session.execute(select(CaseChange.ward_id, CaseChange.day).distinct())
    }
    halves = half_months(session) | kept_half_months(session)
    longer = {span_of(length, half.first) for half in halves for length in OF_HALF_MONTHS}
    hanging = {(row[0], row[1]) for row in session.execute(days_that_hang_on(noted))}
    for tally in TALLIES:
        stale = noted | hanging if tally.hang_on_earlier else noted
        for half in sorted(halves):
            yield from _differences_of_days(session, tally, half, stale)
        for span in (*sorted(halves), *sorted(longer)):
            yield from _differences_of_span(session, tally, span)
        yield from _differences_of_all(session, tally)


def _differences_of_days(
    session: Session, tally: Tally, half: Span, noted: Collection[tuple[int, date]]
) -> Iterator[str]:
    rows = tally.rows(half, True).subquery()
    names = ("first", "ward_id", *tally.keys, *tally.sums)
    counted = _by_key(session, tally, select(*(rows.c[name] for name in names)))
    kept = _by_key(session, tally, _kept(tally, half, Length.DAY))
    for key in sorted(counted.keys() | kept.keys()):
        if (key[1], key[0]) not in noted and kept.get(key) != counted.get(key):
            yield _said(tally, Length.DAY, key, kept, f"{counted.get(key)} counted")


def _differences_of_span(session: Session, tally: Tally, span: Span) -> Iterator[str]:
    """Noted or not: what is kept of a span follows what is kept of its days."""
    days = _kept(tally, span, Length.DAY).subquery()
    columns = [days.c[name] for name in ("ward_id", *tally.keys)]
    sums = (func.sum(days.c[name]) for name in tally.sums)
    first = literal(span.first, Date)
    added = _by_key(session, tally, select(first, *columns, *sums).group_by(*columns))
    kept = _by_key(session, tally, _kept(tally, span, span.length))
    for key in sorted(added.keys() | kept.keys()):
        if kept.get(key) != added.get(key):
            yield _said(tally, span.length, key, kept, f"{added.get(key)} in its days")


def _kept(tally: Tally, span: Span, length: Length) -> "Select[*tuple[Any, ...]]":
    """The rows of a length that lie in the span."""
    table = table_of(tally.table)
    names = ("first", "ward_id", *tally.keys, *tally.sums)
    within = (table.c.length == length, table.c.first.between(span.first, span.last))
    return select(*(table.c[name] for name in names)).where(*within)


def _said(tally: Tally, length: Length, key: _Key, kept: _Sums, otherwise: str) -> str:
    of = f"{length.value} {key[0]}, ward {key[1]}, {', '.join(map(str, key[2:]))}"
    return f"{tally.table.__tablename__}, {of}: {kept.get(key)} kept, {otherwise}"


def _differences_of_all(session: Session, tally: Tally) -> Iterator[str]:
    """What is kept of all wards and is not the sum of what is kept of each."""
    if tally.of_all is None:
        return
    keys = [getattr(tally.of_all, name) for name in (*SPAN, *tally.keys)]
    kept = select(*keys, *(getattr(tally.of_all, name) for name in tally.sums))
    width, of_all = len(keys), tally.of_all.__tablename__
    found, added = (
        {tuple(row[:width]): tuple(row[width:]) for row in session.execute(rows)}
        for rows in (kept, of_all_wards(tally))
    )
    for key in sorted(found.keys() | added.keys()):
        if found.get(key) != added.get(key):
            yield (
                f"{of_all}, {', '.join(map(str, key))}: {found.get(key)} kept, "
                f"{added.get(key)} in its wards"
            )


def _by_key(session: Session, tally: Tally, rows: "Select[*tuple[Any, ...]]") -> _Sums:
    """Sums under first day, ward and the tally's keys."""
    width = 2 + len(tally.keys)
    return {tuple(row[:width]): tuple(row[width:]) for row in session.execute(rows)}
