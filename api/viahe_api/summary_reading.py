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
    func,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from viahe_api.counted_rows import STATES
from viahe_api.counted_wards import Narrow
from viahe_api.counts import Counts
from viahe_api.periods import Period
from viahe_api.repeating import days_that_hang_on
from viahe_api.spans import LONGEST_FIRST, Length, Span, span_of, taken_apart
from viahe_api.tables import CaseChange, Ward
from viahe_api.tallies import BY_ACT, Summary, SummaryOfAll, Tally
from viahe_api.told_days import ToldDays, told_days
from viahe_api.ward_hours import HoursReading

_Selects: TypeAlias = "Iterator[Select[*tuple[Any, ...]]]"
_Noted: TypeAlias = Collection[tuple[int, date]]
"""Wards and days on which something changed there that is not taken up yet."""
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
        """The same of each of the periods, which may overlap.

        It is one statement: who writes on PostgreSQL sees what was taken up since the one before,
        which must not be missing from both what is kept and what changed."""
        apart = [list(taken_apart(of.first, of.last)) for of in periods]
        every = {span for some in apart for span in some}
        names = (*keys, *STATES, "first")
        selects = list(self._kept(every, tally, (*names, "length")))
        around = min(of.first for of in periods), max(of.last for of in periods)
        if noted := self._noted_in(tally, *around):
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
        """These columns of the tally's rows of the spans the period is made of, or ward, keys and
        sums, to be added up. A key has some rows for each span, summarised or counted now; one
        whose sums come to nothing has no case any more."""
        every = ("ward_id", *tally.keys, *tally.sums)
        return union_all(*self.selects(period, tally, names or every)).subquery()

    def by_day(self, days: Span, tally: Tally, *names: str) -> Subquery:
        """The same, each day of a ward by itself: its `first`."""
        every = ("ward_id", "first", *names)
        return union_all(*self.selects(days, tally, every, (Length.DAY,))).subquery()

    def selects(
        self,
        period: Period | Span,
        tally: Tally,
        names: Sequence[str],
        lengths: Collection[Length] = LONGEST_FIRST,
    ) -> _Selects:
        """The same in several selects, for who takes them together with others, put together of
        spans of these lengths alone."""
        spans = list(taken_apart(period.first, period.last, lengths))
        yield from self._kept(spans, tally, names)
        if noted := self._noted_in(tally, period.first, period.last):
            yield from self._since(noted, tally, names)

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

    def _all_wards(self) -> bool:
        """Whether every ward there is is among those counted, as the grants are now."""
        if self._of_all is None:
            counted = self.narrow(select(func.count(Ward.id)), Ward.id).scalar_subquery()
            every = select(func.count(Ward.id)).scalar_subquery()
            self._of_all = bool(self.session.scalar(select(counted == every)))
        return self._of_all

    def _noted_in(self, tally: Tally, first: date, last: date) -> _Noted:
        noted = self._noted_or_hanging if tally.hang_on_earlier else self._noted
        return {(ward_id, day) for ward_id, day in noted if first <= day <= last}

    @cached_property
    def _noted(self) -> _Noted:
        return {changed for changed in self._noted_anywhere if changed[0] in self._wards}

    @cached_property
    def _noted_or_hanging(self) -> _Noted:
        """What happened in a ward that is not counted may say that a case in one that is repeats:
        a camera was moved."""
        if not self._noted_anywhere:
            return ()
        hanging = self.session.execute(days_that_hang_on(self._noted_anywhere))
        return {*self._noted, *((row[0], row[1]) for row in hanging if row[0] in self._wards)}

    @cached_property
    def _noted_anywhere(self) -> _Noted:
        noted = select(CaseChange.ward_id, CaseChange.day).distinct()
        return {(ward_id, day) for ward_id, day in self.session.execute(noted)}

    @cached_property
    def _wards(self) -> Collection[int]:
        """Those that are counted."""
        return set(self.session.scalars(self.narrow(select(Ward.id), Ward.id)))


def _of_spans(
    table: Summary | SummaryOfAll, spans: Collection[Span], names: Sequence[str]
) -> _Selects:
    """These columns of what is kept of the spans, a select for each length."""
    for length, same in groupby(sorted(spans), key=lambda span: span.length):
        yield select(*(getattr(table, name) for name in names)).where(
            table.length == length, table.first.in_([span.first for span in same])
        )


def _is_told(table: Summary, told: ToldDays) -> ColumnElement[bool]:
    """Not as a join, in which SQLite may read all of a length for each of the told."""
    return tuple_(table.first, table.ward_id).in_(select(told.first, told.ward_id))


def _only(names: Iterable[str], rows: "Select[*tuple[Any, ...]]") -> "Select[*tuple[Any, ...]]":
    """These columns alone, however the rows are grouped."""
    columns = rows.selected_columns
    return rows.with_only_columns(*(columns[name] for name in names))


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
