"""Counts of a period put together from summaries, and from the rows where none holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, not_, select, union_all
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.counts import Counts
from viahe_api.periods import Period
from viahe_api.spans import DAY, Length, Span, taken_apart
from viahe_api.tables import Case, CaseChange
from viahe_api.tallies import STATES, Tally

Changed = Mapping[Span, Collection[int]]
"""Spans whose summaries do not hold, and of which wards."""


def counts_of(
    session: Session, narrow: Narrow, period: Period, tally: Tally, *keys: str
) -> dict[tuple[Any, ...], Counts]:
    """Counts under a key of one value for each of `keys`; without cases a key is left out."""
    parts = parts_of(session, narrow, period, tally)
    columns = [parts.c[name] for name in keys]
    sums = [func.sum(parts.c[name]) for name in STATES]
    rows = session.execute(select(*columns, *sums).group_by(*columns))
    return {
        tuple(row[: len(keys)]): counts
        for row in rows
        if (counts := _counts(row[len(keys) :])) != Counts()
    }


def parts_of(session: Session, narrow: Narrow, period: Period, tally: Tally) -> Subquery:
    """The tally's rows of the spans the period is made of: ward, keys, sums and extremes to be
    added up. A key has a row for each span, summarised or counted now."""
    spans = list(taken_apart(period.first, period.last, tally.lengths))
    kept = [span for span in spans if span.length in tally.lengths]
    loose = _ranges(span for span in spans if span.length not in tally.lengths)
    changed = _changed(session, narrow, period, kept)
    names = ("ward_id", *tally.keys, *tally.sums, *tally.extremes)
    selects = [
        *(narrow(part, tally.table.ward_id) for part in _kept(tally, names, kept, changed)),
        *(narrow(part, Case.ward_id) for part in _counted(tally, names, loose, changed)),
    ]
    return union_all(*selects).subquery()


def _changed(
    session: Session, narrow: Narrow, period: Period, kept: Collection[Span]
) -> defaultdict[Span, set[int]]:
    noted = (
        select(CaseChange.ward_id, CaseChange.day)
        .where(CaseChange.day.between(period.first, period.last))
        .distinct()
    )
    found: defaultdict[Span, set[int]] = defaultdict(set)
    for ward_id, day in session.execute(narrow(noted, CaseChange.ward_id)):
        for span in kept:
            if span.first <= day <= span.last:
                found[span].add(ward_id)
    return found


def _kept(
    tally: Tally, names: Iterable[str], kept: Collection[Span], changed: Changed
) -> "Iterator[Select[*tuple[Any, ...]]]":
    """What holds, a select for each length of span."""
    table = tally.table
    for length, same in groupby(sorted(kept), key=lambda span: span.length):
        spans = list(same)
        yield select(*(getattr(table, name) for name in names)).where(
            table.length == length,
            table.first.in_([span.first for span in spans]),
            *(
                not_(and_(table.first == span.first, table.ward_id.in_(changed[span])))
                for span in spans
                if span in changed
            ),
        )


def _counted(
    tally: Tally, names: Iterable[str], loose: Collection[Span], changed: Changed
) -> "Iterator[Select[*tuple[Any, ...]]]":
    """What is counted now: days outside of any summary, and what changed since."""
    for span in loose:
        yield _picked(tally.rows(span, False), names)
    for span, wards in changed.items():
        yield _picked(tally.rows(span, False), names).where(Case.ward_id.in_(wards))


def _picked(rows: "Select[*tuple[Any, ...]]", names: Iterable[str]) -> "Select[*tuple[Any, ...]]":
    """These columns alone, however the rows are grouped."""
    columns = {column.key: column for column in rows.selected_columns}
    return rows.with_only_columns(*(columns[name] for name in names))


def _ranges(days: Iterable[Span]) -> list[Span]:
    """Single days that follow each other as one stretch."""
    found: list[Span] = []
    for day in days:
        if found and found[-1].last + DAY == day.first:
            found[-1] = Span(Length.DAY, found[-1].first, day.last)
        else:
            found.append(day)
    return found


def _counts(sums: Collection[Any]) -> Counts:
    sufficient, insufficient, not_violation, duplicate, open_, faulty = (
        int(number or 0) for number in sums
    )
    return Counts(
        recorded=sufficient + insufficient + not_violation + duplicate + open_,
        sufficient=sufficient,
        insufficient=insufficient,
        not_violation=not_violation,
        duplicate=duplicate,
        in_verification=open_,
        integrity_errors=faulty,
    )
