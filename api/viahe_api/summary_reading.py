"""Counts of a period put together from summaries, and from the rows where none holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    Subquery,
    and_,
    func,
    literal,
    not_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.counts import Counts
from viahe_api.periods import Period
from viahe_api.spans import DAY, Length, Span, taken_apart
from viahe_api.tables import CaseChange
from viahe_api.tallies import BY_ACT, STATES, Tally

Changed = Mapping[Span, Collection[int]]
"""Spans whose summaries do not hold, and of which wards."""
_Noted: TypeAlias = Sequence[Row[int, date]]


class SummaryReading:
    """Counts of some wards as one state of the database has them.

    Made for one report or page and used within one transaction, before which all that is to be
    counted is written: what changed since it was summed is asked once for all counts.
    """

    def __init__(self, session: Session, narrow: Narrow) -> None:
        self.session = session
        self.narrow = narrow
        self._noted_in: dict[tuple[date, date], _Noted] = {}

    def counts(self, period: Period, tally: Tally, *keys: str) -> dict[tuple[Any, ...], Counts]:
        """Counts under a key of one value for each of `keys`; without cases a key is left out."""
        parts = self.parts(period, tally)
        columns = [parts.c[name] for name in keys]
        sums = [func.sum(parts.c[name]) for name in STATES]
        rows = self.session.execute(select(*columns, *sums).group_by(*columns))
        told = ((tuple(row[: len(keys)]), row[len(keys) :]) for row in rows)
        return {key: _counts(summed) for key, summed in told if any(summed)}

    def counts_of_each(self, periods: Sequence[Period], tally: Tally) -> list[Counts]:
        """All counts of each of the periods, in one statement for all of them."""
        spans = {
            span: place
            for place, period in enumerate(periods)
            for span in taken_apart(period.first, period.last, tally.lengths)
        }
        parts = self._parts(list(spans), tally, ("first", *tally.sums))
        sums = [func.sum(parts.c[name]) for name in STATES]
        rows = self.session.execute(select(parts.c.first, *sums).group_by(parts.c.first))
        begun = {span.first: place for span, place in spans.items()}
        found = [Counts()] * len(periods)
        for first, *summed in rows:
            found[begun[first]] += _counts(summed)
        return found

    def clocks_off(self, period: Period) -> int:
        """Recorded cases of cameras whose clock was off, or by nobody knows how much, as
        `tallies.SYNCHRONISED_S` has it."""
        parts = self.parts(period, BY_ACT)
        return int(self.session.scalar(select(func.sum(parts.c.clocks_off))) or 0)

    def parts(self, period: Period, tally: Tally) -> Subquery:
        """The tally's rows of the spans the period is made of: ward, keys, sums and extremes to be
        added up. A key has a row for each span, summarised or counted now."""
        spans = list(taken_apart(period.first, period.last, tally.lengths))
        return self._parts(spans, tally, ("ward_id", *tally.keys, *tally.sums, *tally.extremes))

    def _parts(self, spans: Collection[Span], tally: Tally, names: Sequence[str]) -> Subquery:
        kept = [span for span in spans if span.length in tally.lengths]
        loose = _ranges(span for span in spans if span.length not in tally.lengths)
        changed = self._changed(kept)
        held, counted = _kept(tally, names, kept, changed), _counted(tally, names, loose, changed)
        selects = [
            *(self.narrow(part, tally.table.ward_id) for part in held),
            *(self.narrow(part, tally.ward_of_rows()) for part in counted),
        ]
        return union_all(*selects).subquery()

    def _changed(self, kept: Collection[Span]) -> defaultdict[Span, set[int]]:
        found: defaultdict[Span, set[int]] = defaultdict(set)
        if not kept:
            return found
        first, last = min(span.first for span in kept), max(span.last for span in kept)
        for ward_id, day in self._noted(first, last):
            for span in kept:
                if span.first <= day <= span.last:
                    found[span].add(ward_id)
        return found

    def _noted(self, first: date, last: date) -> _Noted:
        """The wards and days of these that changed."""
        if (first, last) not in self._noted_in:
            noted = select(CaseChange.ward_id, CaseChange.day).distinct()
            noted = noted.where(CaseChange.day.between(first, last))
            found = self.session.execute(self.narrow(noted, CaseChange.ward_id)).all()
            self._noted_in[first, last] = found
        return self._noted_in[first, last]


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
            *tally.of_these,
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
        yield _picked(tally, span, names)
    for span, wards in changed.items():
        yield _picked(tally, span, names).where(tally.ward_of_rows().in_(wards))


def _picked(tally: Tally, span: Span, names: Iterable[str]) -> "Select[*tuple[Any, ...]]":
    """These columns alone, however the rows are grouped."""
    rows = tally.rows(span, False)
    columns: dict[Any, ColumnElement[Any]] = dict(rows.selected_columns.items())
    columns["first"] = literal(span.first, Date)
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
