"""How many cases a figure counts, and on which days of which wards: from what is kept of days.

A list that shows the first of a million is looked up on the first of these days alone, and how many
there are in all is added up.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import Session

from viahe_api.cells import FIELDS, OUTCOMES, Cell
from viahe_api.counted_rows import STATES
from viahe_api.law import basis_name
from viahe_api.periods import Period
from viahe_api.spans import DAY, Length, Span, span_of
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Account, LegalBasis, Ward
from viahe_api.tallies import BY_ACT, BY_HOUR, BY_KIND, BY_OUTCOME, BY_REVIEWER, Tally
from viahe_api.vocabulary import Handling, Verdict

AT_ONCE = 2_000
"""Days that are looked through together: each is a value of its own, of which no database takes
more than some ten thousand, and somebody may ask of thousands of years."""
DayOfWard: TypeAlias = tuple[int, Span]
"""A ward's id, and one day."""

SUMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{name: (name,) for name in STATES},
        "recorded": tuple(name for name in STATES if name != "integrity_errors"),
        "reviewed": ("sufficient", "insufficient", "not_violation"),
        "clocks_off": ("clocks_off",),
    }
)
"""What of a tally's sums each of `cells.STATES` adds up; what repeats is in none."""
TOLD_BY: tuple[tuple[Tally, frozenset[str]], ...] = (
    (BY_ACT, frozenset({"act", "source", "ward"})),
    (BY_HOUR, frozenset({"weekday", "hour", "ward"})),
    (BY_KIND, frozenset({"act", "label", "source", "ward"})),
)
"""What a cell may ask for so that a tally tells its cases."""


@dataclass(frozen=True, slots=True)
class KeptCounts:
    """The sums of a tally that count a figure's cases, where each of these columns has one of
    these values."""

    tally: Tally
    sums: tuple[str, ...]
    where: Mapping[str, Collection[Any]]

    def total(self, reading: SummaryReading, period: Period) -> int:
        parts = reading.parts(period, self.tally, *self.where, *self.sums)
        counted = select(func.sum(self._cases(parts))).where(*self._conditions(parts))
        return int(reading.session.scalar(counted) or 0)

    def days(
        self, reading: SummaryReading, period: Period, total: int, most: int
    ) -> Iterator[DayOfWard]:
        """The days of wards with such cases, of which there are `total`, from the first on, up to
        the day by which there are so many of them."""
        counted, until, enough = 0, period.last, min(most, total)
        every = (period.last - period.first).days + 1
        # In a fifth more than they would be on if all days had as many: a second look reads twice
        # as many days.
        begin = 1 + 6 * every * enough // (5 * max(total, 1))
        for stretch in growing(period, begin, AT_ONCE):
            if stretch.first > until:
                return
            for ward_id, day, cases in self._by_day(reading, stretch):
                if day > until:
                    return
                yield ward_id, span_of(Length.DAY, day)
                counted += cases
                if counted >= enough:
                    until = day

    def _by_day(self, reading: SummaryReading, stretch: Span) -> "Iterator[tuple[int, date, int]]":
        names = dict.fromkeys((*self.where, *self.sums)).keys() - {"ward_id"}
        parts = reading.by_day(stretch, self.tally, *sorted(names))
        whose = (parts.c.ward_id, parts.c.first)
        cases = func.sum(self._cases(parts))
        found = (
            select(*whose, cases)
            .where(*self._conditions(parts))
            .group_by(*whose)
            .having(cases != 0)
            .order_by(parts.c.first)
        )
        for ward_id, day, number in reading.session.execute(found):
            yield ward_id, day, int(number)

    def _cases(self, parts: Subquery) -> ColumnElement[Any]:
        return reduce(add, (parts.c[name] for name in self.sums))

    def _conditions(self, parts: Subquery) -> Iterator[ColumnElement[bool]]:
        for name, values in self.where.items():
            yield parts.c[name].in_(values)


def kept_counts(session: Session, cell: Cell) -> KeptCounts | None:
    """What counts the cases of a cell; None if nothing that is kept of days does."""
    asked = {name for name in FIELDS if name != "of" and getattr(cell, name) is not None}
    if cell.of in OUTCOMES:
        told = {"act", "ward"} | ({"basis"} if cell.of == Handling.SANCTIONED else set())
        where = {"step": [OUTCOMES[cell.of]], **_where(session, cell)}
        return KeptCounts(BY_OUTCOME, ("cases",), where) if asked <= told else None
    sums = SUMS.get(cell.of, ())
    for tally, told_by in TOLD_BY:
        if asked <= told_by and sums and {*sums} <= {*tally.sums}:
            return KeptCounts(tally, sums, _where(session, cell))
    return None


def kept_decisions(session: Session, reviewer: str, verdict: Verdict) -> KeptCounts:
    """What counts somebody's standing decisions of one verdict."""
    people = session.scalars(select(Account.id).where(Account.name == reviewer)).all()
    return KeptCounts(BY_REVIEWER, ("decisions",), {"account_id": people, "verdict": [verdict]})


def growing(within: Period, begin: int = 1, most: int | None = None) -> Iterator[Span]:
    """The first so many days, twice as many after them and so on, up to `most`: what is soon found
    is looked for in few days, and anything else in few steps."""
    first, days = within.first, begin
    while first <= within.last:
        last = min(days, most or days, (within.last - first).days + 1) - 1
        yield Span(Length.DAY, first, first + last * DAY)
        first, days = first + (last + 1) * DAY, days * 2


def _where(session: Session, cell: Cell) -> dict[str, Collection[Any]]:
    found: dict[str, Collection[Any]] = {}
    for name in ("act", "label", "source"):
        if (value := getattr(cell, name)) is not None:
            found[name] = [value]
    if cell.ward is not None:
        found["ward_id"] = session.scalars(select(Ward.id).where(Ward.code == cell.ward)).all()
    if cell.basis is not None:
        bases = select(LegalBasis.id).where(basis_name() == cell.basis)
        found["basis_id"] = session.scalars(bases).all() if cell.basis else [0]
    if cell.weekday is not None or cell.hour is not None:
        found["hour"] = [
            hour
            for hour in range(7 * 24)
            if cell.weekday in {None, hour // 24} and cell.hour in {None, hour % 24}
        ]
    return found
