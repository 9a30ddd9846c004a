"""The form a period is asked for with: its kind, its number in a year, its days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.errors import FormFault
from viahe_api.language import N_
from viahe_api.period_address import YEARS
from viahe_api.periods import (
    MONTHS_BY_CUT_OFF,
    Period,
    PeriodFault,
    PeriodKind,
    by_cut_off,
    calendar_month,
    day,
    free,
    to_date,
    week,
)
from viahe_api.report_days import NUMBERS, round_of
from viahe_api.web.typed_times import read_day

KINDS: Mapping[PeriodKind, str] = MappingProxyType(
    {
        PeriodKind.MONTH: N_("Calendar month"),
        PeriodKind.CUT_OFF_MONTH: N_("Month by cut-off (15th to 14th)"),
        PeriodKind.DAY: N_("Day"),
        PeriodKind.WEEK: N_("Week (Monday to Sunday)"),
        PeriodKind.QUARTER: N_("Quarter"),
        PeriodKind.HALF_YEAR: N_("Half-year"),
        PeriodKind.NINE_MONTHS: N_("Nine months"),
        PeriodKind.YEAR: N_("Year"),
        PeriodKind.ROUND_1: N_("Inspection round 1"),
        PeriodKind.ROUND_2: N_("Inspection round 2"),
        PeriodKind.TO_DATE: N_("Year to date"),
        PeriodKind.FREE: N_("From a day to a day"),
    }
)
"""In the order they are offered."""

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "unreadable": N_("There is no such period: check year and number."),
        "backwards": N_("End must follow start."),
        "not_begun": N_("This period has not begun yet: there is nothing to count."),
        "date": N_("Write days as 22/11/2026."),
        "round_days": N_("A round lies within its year, and ends after it begins."),
    }
)


@dataclass(frozen=True, slots=True)
class PeriodForm:
    """As typed. `number` is of the month, week, quarter or half-year; a day, the year to date
    and free days are told by `first` and `last`."""

    kind: str = PeriodKind.MONTH.value
    year: str = ""
    number: str = ""
    first: str = ""
    last: str = ""

    def period(self, session: Session, narrow: Narrow, *, now: datetime) -> Period:
        """What is asked for. Raises FormFault with a word of FAULTS."""
        try:
            period = self._period(session, narrow)
        except PeriodFault as fault:
            raise FormFault(fault.fault, str(fault)) from None
        if period.first.year not in YEARS or period.last.year not in YEARS:
            raise FormFault("unreadable", f"years from {YEARS.start} on can be counted")
        if not period.has_begun(now):
            raise FormFault("not_begun", f"it begins on {period.first}, which is yet to come")
        return period

    def _period(self, session: Session, narrow: Narrow) -> Period:
        kind = self._kind()
        if kind in {PeriodKind.DAY, PeriodKind.TO_DATE, PeriodKind.FREE}:
            return self._by_days(kind)
        year = self._year()
        if kind in NUMBERS:
            return round_of(session, narrow, kind, year)
        if kind is PeriodKind.WEEK:
            return week(year, _whole(self.number))
        if kind is PeriodKind.MONTH:
            return calendar_month(year, _whole(self.number))
        numbered = MONTHS_BY_CUT_OFF[kind] <= 6  # nine months and a year are one in a year
        return by_cut_off(kind, year, _whole(self.number) if numbered else 1)

    def _by_days(self, kind: PeriodKind) -> Period:
        if kind is PeriodKind.DAY:
            return day(read_day(self.first or self.last))
        if kind is PeriodKind.TO_DATE:
            return to_date(read_day(self.last or self.first))
        return free(*self.days())

    def days(self) -> tuple[date, date]:
        """The typed days. Raises FormFault `date`."""
        return read_day(self.first), read_day(self.last)

    def _kind(self) -> PeriodKind:
        if self.kind not in set(PeriodKind):
            raise PeriodFault("unreadable", f"no kind of period {self.kind!r}")
        return PeriodKind(self.kind)

    def _year(self) -> int:
        year = _whole(self.year)
        if year not in YEARS:
            raise PeriodFault("unreadable", f"no year {year}")
        return year


def _whole(text: str) -> int:
    if not (text.isascii() and text.strip().isdecimal() and len(text) < 6):
        raise PeriodFault("unreadable", f"{text!r} is no number")
    return int(text)
