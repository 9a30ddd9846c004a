"""Counts of a period put together from summaries, and from the rows where none holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Date,
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
from viahe_api.spans import DAY, Length, Span, firsts, span_of, taken_apart
from viahe_api.tables import ActSummary, CaseChange, Ward
from viahe_api.tallies import BY_ACT, STATES, SummaryOfAll, Tally
from viahe_api.ward_hours import HoursReading

SPANS_AT_ONCE, MOST_PARTS = 100, 60
"""Each part and each span of these is a select of its own, of which SQLite takes 500 together.
Where more parts than that changed, each span is counted from its rows as a whole."""
_LENGTH = ActSummary.length.expression.type
Changed = Mapping[Span, Mapping[Span, Collection[int]]]
"""Spans whose summaries do not hold: of each the shortest spans within it that do not, or itself,
and of which wards."""
_Selects: TypeAlias = "list[Select[*tuple[Any, ...]]]"
_Noted: TypeAlias = Mapping[date, Collection[int]]
"""Days, and the wards where something changed on them that is not taken up yet."""


class SummaryReading:
    """Counts of some wards as one state of the database has them, and the hours of their cameras.

    Made for one report or page and used within one transaction, before which all that is to be
    counted is written: what changed since it was summed is asked once for all counts.
    """

    def __init__(self, session: Session, narrow: Narrow) -> None:
        self.session = session
        self.narrow = narrow
        self.hours = HoursReading(session, narrow)
        self._noted_in: dict[tuple[date, date], _Noted] = {}
        self._of_all: bool | None = None

    def counts(self, period: Period, tally: Tally, *keys: str) -> dict[tuple[Any, ...], Counts]:
        """Counts under a key of one value for each of `keys`; without cases a key is left out."""
        parts = self.parts(period, tally, *keys, *STATES)
        columns = [parts.c[name] for name in keys]
        sums = [func.sum(parts.c[name]) for name in STATES]
        rows = self.session.execute(select(*columns, *sums).group_by(*columns))
        told = ((tuple(row[: len(keys)]), row[len(keys) :]) for row in rows)
        return {key: _counts(summed) for key, summed in told if any(summed)}

    def counts_of_each(self, periods: Sequence[Period], tally: Tally) -> list[Counts]:
        """All counts of each of the periods, which may overlap, in as few statements as take them.
        The tally is one that is kept of days."""
        apart = [list(taken_apart(of.first, of.last, tally.lengths)) for of in periods]
        spans = sorted({span for some in apart for span in some})
        found: dict[tuple[Any, ...], Counts] = {}
        for begin in range(0, len(spans), SPANS_AT_ONCE):
            found |= self._counts_of_spans(spans[begin : begin + SPANS_AT_ONCE], tally)
        return [
            sum((found.get((span.length, span.first), Counts()) for span in some), Counts())
            for some in apart
        ]

    def _counts_of_spans(
        self, spans: Collection[Span], tally: Tally
    ) -> dict[tuple[Any, ...], Counts]:
        """Under each one's length and first day."""
        key = ("length", "first")
        parts = union_all(*self._selects(spans, tally, (*key, *STATES))).subquery()
        columns, sums = [parts.c[name] for name in key], [func.sum(parts.c[of]) for of in STATES]
        rows = self.session.execute(select(*columns, *sums).group_by(*columns))
        return {tuple(row[:2]): _counts(row[2:]) for row in rows}

    def clocks_off(self, period: Period) -> int:
        """Recorded cases of cameras whose clock was off, or by nobody knows how much, as
        `tallies.SYNCHRONISED_S` has it."""
        parts = self.parts(period, BY_ACT, "clocks_off")
        return int(self.session.scalar(select(func.sum(parts.c.clocks_off))) or 0)

    def parts(self, period: Period, tally: Tally, *names: str) -> Subquery:
        """These columns of the tally's rows of the spans the period is made of, or ward, keys, sums
        and extremes, to be added up. A key has some rows for each span, summarised or counted
        now."""
        every = ("ward_id", *tally.keys, *tally.sums, *tally.extremes)
        return union_all(*self.selects(period, tally, names or every)).subquery()

    def selects(self, period: Period, tally: Tally, names: Sequence[str]) -> _Selects:
        """The same in several selects, for who takes them together with others."""
        spans = list(taken_apart(period.first, period.last, tally.lengths))
        return self._selects(spans, tally, names)

    def _selects(self, spans: Collection[Span], tally: Tally, names: Sequence[str]) -> _Selects:
        """These columns of the spans. Without the ward among them they come from what is kept of
        all wards together, if these are all there are."""
        kept = [span for span in spans if span.length in tally.lengths]
        loose = _ranges(span for span in spans if span.length not in tally.lengths)
        changed = self._changed(tally, kept)
        counted = _counted(tally, names, loose, changed)
        selects = [self.narrow(part, tally.ward_of_rows()) for part in counted]
        shorter = _kept_within(tally, names, changed)
        selects += [self.narrow(part, tally.table.ward_id) for part in shorter]
        if tally.of_all is not None and "ward_id" not in names and self._all_wards():
            selects += _kept_of_all(tally, tally.of_all, names, kept, changed)
        else:
            held = _kept(tally, names, kept, changed)
            selects += [self.narrow(part, tally.table.ward_id) for part in held]
        return selects

    def _all_wards(self) -> bool:
        """Whether every ward there is is among those counted, as the grants are now."""
        if self._of_all is None:
            counted = self.narrow(select(func.count(Ward.id)), Ward.id).scalar_subquery()
            every = select(func.count(Ward.id)).scalar_subquery()
            self._of_all = bool(self.session.scalar(select(counted == every)))
        return self._of_all

    def _changed(self, tally: Tally, kept: Collection[Span]) -> Changed:
        found: defaultdict[Span, defaultdict[Span, set[int]]]
        found = defaultdict(lambda: defaultdict(set))
        if not kept:
            return found
        first, last = min(span.first for span in kept), max(span.last for span in kept)
        for day, wards in self._noted(first, last).items():
            for span in kept:
                if span.first <= day <= span.last:
                    found[span][span_of(tally.shortest, day)].update(wards)
        if sum(map(len, found.values())) <= MOST_PARTS:
            return found
        return {span: {span: _wards(parts)} for span, parts in found.items()}

    def _noted(self, first: date, last: date) -> _Noted:
        if (first, last) not in self._noted_in:
            noted = select(CaseChange.ward_id, CaseChange.day).distinct()
            noted = noted.where(CaseChange.day.between(first, last))
            found: defaultdict[date, set[int]] = defaultdict(set)
            for ward_id, day in self.session.execute(self.narrow(noted, CaseChange.ward_id)):
                found[day].add(ward_id)
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
                not_(and_(table.first == span.first, table.ward_id.in_(_wards(changed[span]))))
                for span in spans
                if span in changed
            ),
        )


def _kept_within(
    tally: Tally, names: Iterable[str], changed: Changed
) -> "Iterator[Select[*tuple[Any, ...]]]":
    """Of wards where a span does not hold what holds within it: of a quarter in which one day
    changed the other days."""
    table = tally.table
    for span, parts in changed.items():
        if parts.keys() != {span}:
            yield select(*_columns(tally, names, span)).where(
                table.length == tally.shortest,
                table.first.in_(firsts(span, tally.shortest)),
                table.ward_id.in_(_wards(parts)),
                *tally.of_these,
                *(
                    not_(and_(table.first == part.first, table.ward_id.in_(wards)))
                    for part, wards in parts.items()
                ),
            )


def _kept_of_all(
    tally: Tally,
    table: SummaryOfAll,
    names: Sequence[str],
    kept: Collection[Span],
    changed: Changed,
) -> "Iterator[Select[*tuple[Any, ...]]]":
    """What holds of all wards together: what is kept of them, less what is kept of the wards
    where it does not."""
    for length, same in groupby(sorted(kept), key=lambda span: span.length):
        begun = [span.first for span in same]
        yield select(*(getattr(table, name) for name in names)).where(
            table.length == length, table.first.in_(begun)
        )
    of_each = tally.table
    for span, parts in changed.items():
        columns = {name: getattr(of_each, name) for name in names}
        less = (-of if name in tally.sums else of for name, of in columns.items())
        yield select(*less).where(
            of_each.length == span.length,
            of_each.first == span.first,
            of_each.ward_id.in_(_wards(parts)),
        )


def _wards(parts: Mapping[Span, Collection[int]]) -> set[int]:
    """All that some part of a span does not hold for."""
    return {ward for wards in parts.values() for ward in wards}


def _columns(tally: Tally, names: Iterable[str], span: Span) -> list[ColumnElement[Any]]:
    """Of the tally's table, as rows of the span."""
    told = _told(span)
    return [told[name] if name in told else getattr(tally.table, name) for name in names]


def _told(span: Span) -> dict[str, ColumnElement[Any]]:
    return {
        "length": literal(span.length, _LENGTH).label("length"),
        "first": literal(span.first, Date).label("first"),
    }


def _counted(
    tally: Tally, names: Iterable[str], loose: Collection[Span], changed: Changed
) -> "Iterator[Select[*tuple[Any, ...]]]":
    """What is counted now: days outside of any summary, and what changed since."""
    for span in loose:
        yield _picked(tally, span, span, names)
    for span, parts in changed.items():
        for part, wards in parts.items():
            yield _picked(tally, part, span, names).where(tally.ward_of_rows().in_(wards))


def _picked(
    tally: Tally, part: Span, span: Span, names: Iterable[str]
) -> "Select[*tuple[Any, ...]]":
    """These columns alone, however the rows are grouped: a part's as rows of the whole span."""
    rows = tally.rows(part, False)
    columns: dict[Any, ColumnElement[Any]] = dict(rows.selected_columns.items())
    columns |= _told(span)
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
