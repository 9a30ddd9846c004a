"""Counts of a period put together from summaries, and from the rows where none holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    func,
    not_,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from viahe_api.counted_rows import STATES
from viahe_api.counted_wards import Narrow
from viahe_api.counts import Counts
from viahe_api.listed_ids import one_of
from viahe_api.periods import Period
from viahe_api.spans import Length, Span, joined, made_of, span_of, taken_apart
from viahe_api.tables import CaseChange, Ward
from viahe_api.tallies import BY_ACT, Summary, SummaryOfAll, Tally
from viahe_api.told_days import ToldDays, told_days
from viahe_api.ward_hours import HoursReading

_Selects: TypeAlias = "Iterator[Select[*tuple[Any, ...]]]"
_Noted: TypeAlias = Collection[tuple[int, date]]
"""Wards and days on which something changed there that is not taken up yet."""
_OfWard: TypeAlias = tuple[int, Span]
"""A ward's span."""
_NOTHING = Counts()


class SummaryReading:
    """Counts of some wards as one state of the database has them, and the hours of their cameras.

    Made for one report or page and used within one transaction, before which all that is to be
    counted is written: what changed since it was summed is asked once for all counts.
    """

    def __init__(self, session: Session, narrow: Narrow) -> None:
        self.session = session
        self.narrow = narrow
        self.hours = HoursReading(session, narrow)
        self._of_all: bool | None = None

    def counts(self, period: Period, tally: Tally, *keys: str) -> dict[tuple[Any, ...], Counts]:
        """Counts under a key of one value for each of `keys`; without cases a key is left out."""
        found = self._counts_by(keys, self.selects(period, tally, (*keys, *STATES)))
        return {key: counts for key, counts in found.items() if counts != _NOTHING}

    def counts_in_each(
        self, periods: Sequence[Period], tally: Tally, *keys: str
    ) -> list[dict[tuple[Any, ...], Counts]]:
        """The same of each of the periods, which may overlap. The tally is one that is kept of
        days.

        It is one statement: who writes on PostgreSQL sees what was taken up since the one before,
        which must not be missing from both what is kept and what changed."""
        apart = [list(taken_apart(of.first, of.last, tally.lengths)) for of in periods]
        every = {span for some in apart for span in some}
        names = (*keys, *STATES, "first")
        selects = list(self._kept(every, tally, (*names, "length")))
        if noted := self._noted_in(min(of.first for of in periods), max(of.last for of in periods)):
            since = self._since(noted, tally, names)
            selects += [part.add_columns(null().label("length")) for part in since]
        by_span = self._counts_by(("length", "first", *keys), selects)
        found = []
        for period, some in zip(periods, apart, strict=True):
            spans = {(span.length, span.first) for span in some}
            counts: defaultdict[tuple[Any, ...], Counts] = defaultdict(Counts)
            for (length, first, *key), of in by_span.items():
                changed = length is None and period.first <= first <= period.last
                if changed or (length, first) in spans:
                    counts[tuple(key)] += of
            found.append({key: of for key, of in counts.items() if of != _NOTHING})
        return found

    def _counts_by(
        self, keys: Sequence[str], selects: "Iterable[Select[*tuple[Any, ...]]]"
    ) -> dict[tuple[Any, ...], Counts]:
        """Past the ORM, which would make an object of its own of each row."""
        parts = union_all(*selects).subquery()
        columns, sums = [parts.c[name] for name in keys], [func.sum(parts.c[of]) for of in STATES]
        asked = select(*columns, *sums).group_by(*columns)
        rows = self.session.connection().execute(asked)
        return {tuple(row[: len(keys)]): _counts(row[len(keys) :]) for row in rows}

    def clocks_off(self, period: Period) -> int:
        """Recorded cases of cameras whose clock was off, or by nobody knows how much, as
        `counted_rows.SYNCHRONISED_S` has it."""
        parts = self.parts(period, BY_ACT, "clocks_off")
        return int(self.session.scalar(select(func.sum(parts.c.clocks_off))) or 0)

    def parts(self, period: Period, tally: Tally, *names: str) -> Subquery:
        """These columns of the tally's rows of the spans the period is made of, or ward, keys, sums
        and extremes, to be added up. A key has some rows for each span, summarised or counted
        now; one whose sums come to nothing has no case any more."""
        every = ("ward_id", *tally.keys, *tally.sums, *tally.extremes)
        return union_all(*self.selects(period, tally, names or every)).subquery()

    def by_day(self, days: Span, tally: Tally, *names: str) -> Subquery:
        """The same of a tally that is kept of days, each day of a ward by itself: its `first`."""
        every = ("ward_id", "first", *names)
        return union_all(*self.selects(days, tally, every, (Length.DAY,))).subquery()

    def selects(
        self,
        period: Period | Span,
        tally: Tally,
        names: Sequence[str],
        lengths: Collection[Length] = (),
    ) -> _Selects:
        """The same in several selects, for who takes them together with others, put together of
        spans of these lengths alone."""
        spans = list(taken_apart(period.first, period.last, lengths or tally.lengths))
        noted = self._noted_in(period.first, period.last)
        if Length.DAY in tally.lengths:
            yield from self._kept(spans, tally, names)
            if noted:
                yield from self._since(noted, tally, names)
        else:
            yield from self._kept_or_counted(spans, noted, tally, names)

    def _kept(self, spans: Collection[Span], tally: Tally, names: Sequence[str]) -> _Selects:
        """These columns of the spans as they were taken up last, a select for each length.
        Without the ward among them they come from what is kept of all wards together, if these
        are all there are."""
        if tally.of_all is not None and "ward_id" not in names and self._all_wards():
            yield from _of_spans(tally.of_all, spans, names)
        else:
            for part in _of_spans(tally.table, spans, names):
                yield self.narrow(part, tally.table.ward_id)

    def _since(self, noted: _Noted, tally: Tally, names: Sequence[str]) -> _Selects:
        """What the noted days came to be since they were taken up, day by day: what their rows
        say, less what is kept of them. A longer span is the sum of its days, so that this is what
        is wrong of that as well."""
        told = told_days((ward_id, span_of(Length.DAY, day)) for ward_id, day in noted)
        yield _only(names, tally.rows(told, True))
        table = tally.table
        of = {name: getattr(table, name) for name in names}
        yield select(*(-of[name] if name in tally.sums else of[name] for name in names)).where(
            table.length == Length.DAY, _is_told(table, told)
        )

    def _kept_or_counted(
        self, spans: Collection[Span], noted: _Noted, tally: Tally, names: Sequence[str]
    ) -> _Selects:
        """The same of what is not kept of days: the shortest spans that changed are counted from
        the rows, as the first and the last of something is not to be added up."""
        for days in joined(span for span in spans if span.length not in tally.lengths):
            counted = _only(names, tally.rows(days, False))
            yield self.narrow(counted, tally.ward_of_rows())
        kept = [span for span in spans if span.length in tally.lengths]
        stale, holding, again = _stale(kept, noted)
        table = tally.table
        for held in _of_spans(table, kept, names):
            yield self.narrow(held.where(*tally.of_these, *_holds(table, stale)), table.ward_id)
        for length, same in groupby(holding, key=lambda held: held[1].length):
            told = told_days(same)
            yield select(*(getattr(table, name) for name in names)).where(
                table.length == length, _is_told(table, told), *tally.of_these
            )
        if again:
            yield _only(names, tally.rows(told_days(again), True))

    def _all_wards(self) -> bool:
        """Whether every ward there is is among those counted, as the grants are now."""
        if self._of_all is None:
            counted = self.narrow(select(func.count(Ward.id)), Ward.id).scalar_subquery()
            every = select(func.count(Ward.id)).scalar_subquery()
            self._of_all = bool(self.session.scalar(select(counted == every)))
        return self._of_all

    def _noted_in(self, first: date, last: date) -> _Noted:
        return {(ward_id, day) for ward_id, day in self._noted if first <= day <= last}

    @cached_property
    def _noted(self) -> _Noted:
        noted = select(CaseChange.ward_id, CaseChange.day).distinct()
        rows = self.session.execute(self.narrow(noted, CaseChange.ward_id))
        return {(ward_id, day) for ward_id, day in rows}


def _of_spans(
    table: Summary | SummaryOfAll, spans: Collection[Span], names: Sequence[str]
) -> _Selects:
    """These columns of what is kept of the spans, a select for each length."""
    for length, same in groupby(sorted(spans), key=lambda span: span.length):
        yield select(*(getattr(table, name) for name in names)).where(
            table.length == length, table.first.in_([span.first for span in same])
        )


def _holds(table: Summary, stale: Collection[_OfWard]) -> "list[ColumnElement[bool]]":
    """Span by span: what tells wards and days at once is asked of each row, ten times as long."""
    wards: defaultdict[Span, list[int]] = defaultdict(list)
    for ward_id, span in stale:
        wards[span].append(ward_id)
    return [
        not_(and_(table.first == span.first, one_of(table.ward_id.expression, of)))
        for span, of in sorted(wards.items())
    ]


def _is_told(table: Summary, told: ToldDays) -> ColumnElement[bool]:
    """Not as a join, in which SQLite may read all of a length for each of the told."""
    return tuple_(table.first, table.ward_id).in_(select(told.first, told.ward_id))


def _only(names: Iterable[str], rows: "Select[*tuple[Any, ...]]") -> "Select[*tuple[Any, ...]]":
    """These columns alone, however the rows are grouped."""
    columns = rows.selected_columns
    return rows.with_only_columns(*(columns[name] for name in names))


def _stale(
    kept: Iterable[Span], noted: _Noted
) -> tuple[list[_OfWard], list[_OfWard], list[_OfWard]]:
    """What does not hold of these spans, the longest within them that do, by length, and the
    shortest that do not."""
    stale, holding, again = [], [], []
    for ward_id, same in groupby(sorted(noted), key=lambda changed: changed[0]):
        days = [day for _, day in same]
        found = [span for span in kept if _changed(span, days)]
        stale += [(ward_id, span) for span in found]
        while found:
            parts = [(span, made_of(span)) for span in found]
            again += [(ward_id, span) for span, within in parts if not within]
            shorter = [span for _, within in parts for span in within]
            holding += [(ward_id, span) for span in shorter if not _changed(span, days)]
            found = [span for span in shorter if _changed(span, days)]
    return stale, sorted(holding, key=lambda held: held[1]), again


def _changed(span: Span, days: Iterable[date]) -> bool:
    return any(span.first <= day <= span.last for day in days)


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
