"""Periods in words, as headings, menus and documents say them."""

from collections.abc import Mapping
from types import MappingProxyType

from viahe_api.language import N_, Language
from viahe_api.periods import Period, PeriodKind

_NAMED: Mapping[PeriodKind, str] = MappingProxyType(
    {
        PeriodKind.DAY: N_("Day %(last)s"),
        PeriodKind.WEEK: N_("Week %(number)s/%(year)s"),
        PeriodKind.QUARTER: N_("Quarter %(number)s/%(year)s"),
        PeriodKind.NINE_MONTHS: N_("Nine months of %(year)s"),
        PeriodKind.YEAR: N_("Year %(year)s"),
        PeriodKind.ROUND_1: N_("Inspection round %(number)s/%(year)s"),
        PeriodKind.ROUND_2: N_("Inspection round %(number)s/%(year)s"),
        PeriodKind.TO_DATE: N_("Year %(year)s up to %(last)s"),
        PeriodKind.FREE: N_("%(first)s to %(last)s"),
    }
)
_HALVES = (N_("First half of %(year)s"), N_("Second half of %(year)s"))


def period_name(period: Period, language: Language) -> str:
    """Tháng 11/2026, Quý 4/2026, Đợt 1/2026, Tuần 47/2026, or the days themselves."""
    if period.kind in {PeriodKind.MONTH, PeriodKind.CUT_OFF_MONTH}:
        return language.month(period.year, period.number)
    named = _NAMED.get(period.kind) or _HALVES[period.number - 1]
    return language.gettext(
        named,
        year=period.year,
        number=period.number,
        first=language.day(period.first),
        last=language.day(period.last),
    )


def period_days(period: Period, language: Language) -> str:
    """The first and the last day, both belonging to it."""
    return language.gettext(
        "From %(first)s to %(last)s.",
        first=language.day(period.first),
        last=language.day(period.last),
    )
