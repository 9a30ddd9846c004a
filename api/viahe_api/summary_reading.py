"""Counts of a period put together from summaries, and from the rows where none holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import Select, Subquery, func, select, tuple_, union_all
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.counts import Counts
from viahe_api.periods import Period
from viahe_api.spans import Length, Span, firsts, joined, span_of, taken_apart
from viahe_api.tables import CaseChange, Ward
from viahe_api.tallies import BY_ACT, STATES, Summary, SummaryOfAll, Tally
from viahe_api.told_days import told_days
from viahe_api.ward_hours import HoursReading

_Selects: TypeAlias = "Iterator[Select[*tuple[Any, ...]]]"
_Noted: TypeAlias = Collection[tuple[int, date]]
"""Wards and days on which something changed there that is not taken up yet."""
_OfWard: TypeAlias = tuple[int, Span]
"""A ward's span."""
_SPAN = ("length", "first")
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
        """The same of each of the periods, which may overlap, in a statement for what is kept
        and one for what changed since. The tally is one that is kept of days."""
        apart = [list(taken_apart(of.first, of.last, tally.lengths)) for of in periods]
        every = {span for some in apart for span in some}
        names = (*_SPAN, *keys)
        kept = self._counts_by(names, self._kept(every, tally, (*names, *STATES)))
        noted = self._noted_in(min(of.first for of in periods), max(of.last for of in periods))
        since: dict[tuple[Any, ...], Counts] = {}
        if noted:
            names = ("first", *keys)
            since = self._counts_by(names, self._since(noted, tally, (*names, *STATES)))
        found = []
        for period, some in zip(periods, apart, strict=True):
            spans = {(span.length, span.first) for span in some}
            counts: defaultdict[tuple[Any, ...], Counts] = defaultdict(Counts)
            for key, of_span in kept.items():
                if key[:2] in spans:
                    counts[key[2:]] += of_span
            for key, of_day in since.items():
                if period.first <= key[0] <= period.last:
                    counts[key[1:]] += of_day
            found.append({key: of for key, of in counts.items() if of != _NOTHING})
        return found

    def _counts_by(self, keys: Sequence[str], selects: _Selects) -> dict[tuple[Any, ...], Counts]:
        """Past the ORM, which would make an object of its own of each row."""
        parts = union_all(*selects).subquery()
        columns, sums = [parts.c[name] for name in keys], [func.sum(parts.c[of]) for of in STATES]
        asked = select(*columns, *sums).group_by(*columns)
        rows = self.session.connection().execute(asked)
        return {tuple(row[: len(keys)]): _counts(row[len(keys) :]) for row in rows}

    def clocks_off(self, period: Period) -> int:
        """Recorded cases of cameras whose clock was off, or by nobody knows how much, as
        `tallies.SYNCHRONISED_S` has it."""
        parts = self.parts(period, BY_ACT, "clocks_off")
        return int(self.session.scalar(select(func.sum(parts.c.clocks_off))) or 0)

    def parts(self, period: Period, tally: Tally, *names: str) -> Subquery:
        """These columns of the tally's rows of the spans the period is made of, or ward, keys, sums
        and extremes, to be added up. A key has some rows for each span, summarised or counted
        now; one whose sums come to nothing has no case any more."""
        every = ("ward_id", *tally.keys, *tally.sums, *tally.extremes)
        return union_all(*self.selects(period, tally, names or every)).subquery()

    def selects(self, period: Period, tally: Tally, names: Sequence[str]) -> _Selects:
        """The same in several selects, for who takes them together with others."""
        spans = list(taken_apart(period.first, period.last, tally.lengths))
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
            table.length == Length.DAY,
            table.first == told.first,
            table.ward_id == told.ward_id,
        )

    def _kept_or_counted(
        self, spans: Collection[Span], noted: _Noted, tally: Tally, names: Sequence[str]
    ) -> _Selects:
        """The same of what is not kept of days: of half months that changed the rows are counted
        whole, as the first and the last of something is not to be added up."""
        for days in joined(span for span in spans if span.length not in tally.lengths):
            counted = _only(names, tally.rows(days, False))
            yield self.narrow(counted, tally.ward_of_rows())
        kept = [span for span in spans if span.length in tally.lengths]
        changed = {(ward_id, span_of(Length.HALF_MONTH, day)) for ward_id, day in noted}
        stale, holding, again = _stale(kept, changed)
        table = tally.table
        for held in _of_spans(table, kept, names):
            of = held.where(*tally.of_these)
            if stale:
                told = told_days(stale)
                of = of.where(
                    tuple_(table.first, table.ward_id).not_in(select(told.first, told.ward_id))
                )
            yield self.narrow(of, table.ward_id)
        if holding:
            told = told_days(holding)
            yield select(*(getattr(table, name) for name in names)).where(
                table.length == Length.HALF_MONTH,
                table.first == told.first,
                table.ward_id == told.ward_id,
                *tally.of_these,
            )
        if again:
            told = told_days(again)
            yield _only(names, tally.rows(told, True))

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


def _only(names: Iterable[str], rows: "Select[*tuple[Any, ...]]") -> "Select[*tuple[Any, ...]]":
    """These columns alone, however the rows are grouped."""
    columns = rows.selected_columns
    return rows.with_only_columns(*(columns[name] for name in names))


def _stale(
    kept: Iterable[Span], changed: Collection[_OfWard]
) -> tuple[set[_OfWard], set[_OfWard], set[_OfWard]]:
    """What does not hold of these spans, which half months in them still do, and which do not."""
    stale, holding, again = set(), set(), set()
    for span in kept:
        within = {of for of in changed if span.first <= of[1].first <= span.last}
        for ward_id in {ward_id for ward_id, _ in within}:
            stale.add((ward_id, span))
            halves = {
                (ward_id, span_of(Length.HALF_MONTH, first))
                for first in firsts(span, Length.HALF_MONTH)
            }
            holding |= halves - within
        again |= within
    return stale, holding, again


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
