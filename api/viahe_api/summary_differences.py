"""Proving that the summaries are what the rows say."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Date, Select, literal, select
from sqlalchemy.orm import Session

from viahe_api.repeating import days_that_hang_on
from viahe_api.spans import OF_HALF_MONTHS, Length, Span, span_of
from viahe_api.summaries import SPAN, half_months, kept_half_months, of_all_wards, table_of
from viahe_api.tables import CaseChange
from viahe_api.tallies import TALLIES, Tally


def differences(session: Session) -> Iterator[str]:
    """A line for every summary that is not what the rows say, but for what is noted."""
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
            yield from _differences(session, tally, half, Length.DAY, stale)
        for span in (*sorted(halves), *sorted(longer)):
            yield from _differences(session, tally, span, span.length, stale)
        yield from _differences_of_all(session, tally)


def _differences(
    session: Session, tally: Tally, span: Span, length: Length, noted: Collection[tuple[int, date]]
) -> Iterator[str]:
    """Of the rows of a length that lie in the span."""
    rows = tally.rows(span, length is Length.DAY).subquery()
    first = rows.c.first if length is Length.DAY else literal(span.first, Date)
    names = ("ward_id", *tally.keys, *tally.sums)
    counted = _by_key(session, tally, select(first, *(rows.c[name] for name in names)))
    table = table_of(tally.table)
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


def _by_key(
    session: Session, tally: Tally, rows: "Select[*tuple[Any, ...]]"
) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Sums under first day, ward and the tally's keys."""
    width = 2 + len(tally.keys)
    return {tuple(row[:width]): tuple(row[width:]) for row in session.execute(rows)}
