"""The spans of days that summaries are kept for, and taking a period apart into them.

Every period officials know begins on a 1st, a 15th or a 16th: half months, and months and quarters
by cut-off and of the calendar, make up nearly all of it, and single days the rest.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from viahe_api.months import LOCAL

DAY = timedelta(days=1)
CUT_OFF_DAY = 15
QUARTERS_BEGIN = (12, 3, 6, 9)
CALENDAR_QUARTERS_BEGIN = (1, 4, 7, 10)


class Length(StrEnum):
    DAY = "day"
    HALF_MONTH = "half_month"  # the 1st to the 14th, and from the 15th on
    MONTH = "month"  # by cut-off: two half months from a 15th on
    CALENDAR_MONTH = "calendar_month"  # two half months from a 1st on
    QUARTER = "quarter"  # by cut-off: six half months from a 15th on
    CALENDAR_QUARTER = "calendar_quarter"  # six half months from a 1st on


OF_HALF_MONTHS = (
    Length.QUARTER,
    Length.CALENDAR_QUARTER,
    Length.MONTH,
    Length.CALENDAR_MONTH,
)
"""What is longer than a half month: all are made of such, and none of days."""
LONGER = (*OF_HALF_MONTHS, Length.HALF_MONTH)
LONGEST_FIRST = (*LONGER, Length.DAY)
MADE_OF: Mapping[Length, Length] = MappingProxyType(
    {
        Length.QUARTER: Length.MONTH,
        Length.CALENDAR_QUARTER: Length.CALENDAR_MONTH,
        Length.MONTH: Length.HALF_MONTH,
        Length.CALENDAR_MONTH: Length.HALF_MONTH,
        Length.HALF_MONTH: Length.DAY,
    }
)
"""The longest that each length is made of."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`first` and `last` are local days that both belong to it."""

    length: Length
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first moment that belongs to it."""
        return datetime.combine(self.first, time(), LOCAL)

    @property
    def end(self) -> datetime:
        """The first moment that no longer does."""
        return datetime.combine(self.last + DAY, time(), LOCAL)


@lru_cache(maxsize=1 << 14)
def span_of(length: Length, of: date) -> Span:
    """The span of a length that a local day falls in. Kept, as a page asks of some hundred days
    again and again: all lengths of ten years are fewer than are kept."""
    match length:
        case Length.DAY:
            return Span(length, of, of)
        case Length.HALF_MONTH:
            first = of.replace(day=CUT_OFF_DAY if of.day >= CUT_OFF_DAY else 1)
            last = (
                _month_after(first) - DAY if first.day > 1 else first.replace(day=CUT_OFF_DAY - 1)
            )
            return Span(length, first, last)
        case Length.MONTH | Length.CALENDAR_MONTH:
            first = _cut_off_month(of) if length is Length.MONTH else of.replace(day=1)
            return _months(length, first, 1)
        case Length.QUARTER:
            return _quarter(length, _cut_off_month(of), QUARTERS_BEGIN)
        case Length.CALENDAR_QUARTER:
            return _quarter(length, of.replace(day=1), CALENDAR_QUARTERS_BEGIN)


def _cut_off_month(of: date) -> date:
    """Its first day."""
    first = of.replace(day=CUT_OFF_DAY)
    return first if of.day >= CUT_OFF_DAY else _month_before(first)


def _quarter(length: Length, month: date, begin: Collection[int]) -> Span:
    """Of three months, the one that begins on the day `month` among them."""
    first = month
    while first.month not in begin:
        first = _month_before(first)
    return _months(length, first, 3)


def _months(length: Length, first: date, number: int) -> Span:
    after = first
    for _ in range(number):
        after = _month_after(after).replace(day=first.day)
    return Span(length, first, after - DAY)


def taken_apart(
    first: date, last: date, lengths: Collection[Length] = LONGEST_FIRST
) -> Iterator[Span]:
    """Spans of these lengths that make up the days, in order, each as long as can be; without
    days among the lengths, what is left over comes as days all the same."""
    of = first
    while of <= last:
        span = _longest(of, last, lengths)
        yield span
        of = span.last + DAY


def firsts(within: Span, length: Length) -> list[date]:
    """When each span of a length begins that lies in a longer one, or in one as long. Told one by
    one they find a ward's rows, where a range of days is read with all its wards."""
    if within.length is length:
        return [within.first]
    return [span.first for span in taken_apart(within.first, within.last, (length,))]


def _longest(of: date, last: date, lengths: Collection[Length]) -> Span:
    for length in LONGEST_FIRST:
        if length in lengths:
            span = span_of(length, of)
            if span.first == of and span.last <= last:
                return span
    return Span(Length.DAY, of, of)


def _month_after(of: date) -> date:
    """The 1st of the month after."""
    return (of.replace(day=1) + 32 * DAY).replace(day=1)


def _month_before(of: date) -> date:
    """The same day of the month before."""
    return (of.replace(day=1) - DAY).replace(day=of.day)
