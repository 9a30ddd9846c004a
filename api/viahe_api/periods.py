"""Reporting periods of Viet Nam: whole local days, as half-open spans of UTC.

The days of periods by cut-off are those domain notes give for Decree 09/2019/NĐ-CP, the
inspection rounds those of Tây Hồ's plan of 2020. How a period is written in an address is
`period_address`.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from viahe_api.months import LOCAL

DAY = timedelta(days=1)
CUT_OFF_DAY = 15
"""The day of a month on which the next period by cut-off begins."""

Days: TypeAlias = tuple[date, date]
"""The first and the last day, both included."""


class PeriodKind(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    CUT_OFF_MONTH = "cut_off_month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    NINE_MONTHS = "nine_months"
    YEAR = "year"
    ROUND_1 = "round_1"
    ROUND_2 = "round_2"
    TO_DATE = "to_date"
    FREE = "free"


MONTHS_BY_CUT_OFF: Mapping[PeriodKind, int] = MappingProxyType(
    {
        PeriodKind.CUT_OFF_MONTH: 1,
        PeriodKind.QUARTER: 3,
        PeriodKind.HALF_YEAR: 6,
        PeriodKind.NINE_MONTHS: 9,
        PeriodKind.YEAR: 12,
    }
)
"""How many months such a period has; each begins on the 15th and ends on a 14th."""


class PeriodFault(ValueError):
    """No period, and why in one word: `unreadable`, `backwards` or `not_begun`."""

    def __init__(self, fault: str, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Period:
    """`year` and `number` are what it is called by: month, week, quarter or half; 0 where the
    days alone name it. `first` and `last` are local days that both belong to it."""

    kind: PeriodKind
    year: int
    number: int
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodFault(
                "backwards", f"the period ends on {self.last}, before it begins on {self.first}"
            )

    @property
    def start(self) -> datetime:
        """The first moment that belongs to the period, in UTC."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment that no longer does, in UTC."""
        return _midnight(self.last + DAY)

    @property
    def previous(self) -> "Period":
        """What officials compare with: the period of the kind before it.

        Nine months and a year to date have only those of the year before; free days have as
        many days directly before them; a round has the round before it.
        """
        match self.kind:
            case PeriodKind.ROUND_1:
                return round_2(self.year - 1)
            case PeriodKind.ROUND_2:
                return round_1(self.year)
            case PeriodKind.NINE_MONTHS | PeriodKind.TO_DATE:
                return self.year_before
            case PeriodKind.FREE:
                return free(self.first - (self.last - self.first) - DAY, self.first - DAY)
            case _:
                return period_of(self.kind, self.first - DAY)

    @property
    def year_before(self) -> "Period":
        """The same period of the year before; 29 February falls back to the 28th, and a 53rd
        week to the last there was."""
        year, days = self.year - 1, (_year_earlier(self.first), _year_earlier(self.last))
        match self.kind:
            case PeriodKind.WEEK:
                return week(year, min(self.number, date(year, 12, 28).isocalendar().week))
            case PeriodKind.MONTH:
                return calendar_month(year, self.number)
            case PeriodKind.ROUND_1 | PeriodKind.ROUND_2:
                return Period(self.kind, year, self.number, *days)
            case kind if kind in MONTHS_BY_CUT_OFF:
                return by_cut_off(kind, year, self.number)
            case kind:
                return Period(kind, self.year and year, self.number, *days)

    def has_begun(self, now: datetime) -> bool:
        return self.start <= now

    def has_ended(self, now: datetime) -> bool:
        return self.end <= now

    def can_be_compared(self, now: datetime) -> bool:
        """Whether its counts at `now` can stand beside those of a whole period: it has ended. A
        year to date stands beside the same days, and is asked for on its last day."""
        if self.kind is PeriodKind.TO_DATE:
            return self.last <= local_day(now)
        return self.has_ended(now)

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def day(of: date) -> Period:
    return Period(PeriodKind.DAY, 0, 0, of, of)


def week(year: int, number: int) -> Period:
    """Monday to Sunday of an ISO week. Raises PeriodFault."""
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        raise PeriodFault("unreadable", f"{year} has no week {number}") from None
    return Period(PeriodKind.WEEK, year, number, monday, monday + 6 * DAY)


def calendar_month(year: int, month: int) -> Period:
    """Raises PeriodFault."""
    _in_range(month, 12, PeriodKind.MONTH)
    last = date(year, month, monthrange(year, month)[1])
    return Period(PeriodKind.MONTH, year, month, date(year, month, 1), last)


def by_cut_off(kind: PeriodKind, year: int, number: int = 1) -> Period:
    """The month, quarter, half, nine months or year that ends on the 14th of its last month
    and begins on the 15th of the month before its first. Raises PeriodFault."""
    months = MONTHS_BY_CUT_OFF[kind]
    _in_range(number, 12 // months, kind)
    closing, opening = number * months, (number - 1) * months
    first = date(year, opening, CUT_OFF_DAY) if opening else date(year - 1, 12, CUT_OFF_DAY)
    return Period(kind, year, number, first, date(year, closing, CUT_OFF_DAY) - DAY)


def round_1(year: int, days: Days | None = None) -> Period:
    """The year's first round, on the days its plan names if they are not the usual ones."""
    first, last = days or (date(year, 6, 1), date(year, 6, 30))
    return Period(PeriodKind.ROUND_1, year, 1, first, last)


def round_2(year: int, days: Days | None = None) -> Period:
    """The year's second round, on the days its plan names if they are not the usual ones."""
    first, last = days or (date(year, 11, 16), date(year, 12, 15))
    return Period(PeriodKind.ROUND_2, year, 2, first, last)


def to_date(last: date) -> Period:
    """The year by cut-off that `last` falls in, up to and with that day."""
    year, _ = _closing(last)
    return Period(PeriodKind.TO_DATE, year, 0, by_cut_off(PeriodKind.YEAR, year).first, last)


def free(first: date, last: date) -> Period:
    """Raises PeriodFault."""
    return Period(PeriodKind.FREE, 0, 0, first, last)


def period_of(kind: PeriodKind, of: date) -> Period:
    """The period of a kind that a local day falls in. A round is that of the calendar year,
    and free days are the day alone; nine months are the year's even after they ended."""
    if kind in MONTHS_BY_CUT_OFF:
        months, (year, closing) = MONTHS_BY_CUT_OFF[kind], _closing(of)
        return by_cut_off(kind, year, min(-(-closing // months), 12 // months))
    if kind is PeriodKind.WEEK:
        return week(of.isocalendar().year, of.isocalendar().week)
    if kind is PeriodKind.MONTH:
        return calendar_month(of.year, of.month)
    if kind is PeriodKind.TO_DATE:
        return to_date(of)
    if kind in {PeriodKind.ROUND_1, PeriodKind.ROUND_2}:
        return round_1(of.year) if kind is PeriodKind.ROUND_1 else round_2(of.year)
    return Period(kind, 0, 0, of, of)


def local_day(moment: datetime) -> date:
    """The day a moment falls on in Viet Nam."""
    return moment.astimezone(LOCAL).date()


def _closing(of: date) -> tuple[int, int]:
    """Year and month of the cut-off month a day belongs to."""
    later = of.day >= CUT_OFF_DAY
    return of.year + (later and of.month == 12), of.month % 12 + 1 if later else of.month


def _in_range(number: int, highest: int, kind: PeriodKind) -> None:
    if not 1 <= number <= highest:
        raise PeriodFault("unreadable", f"a year has no {kind.value.replace('_', ' ')} {number}")


def _year_earlier(of: date) -> date:
    leap_day = (of.month, of.day) == (2, 29)
    return of.replace(year=of.year - 1, day=28 if leap_day else of.day)


def _midnight(of: date) -> datetime:
    return datetime.combine(of, time(), LOCAL).astimezone(UTC)
