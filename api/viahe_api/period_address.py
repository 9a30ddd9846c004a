"""How a period is written in addresses and on the command line.

2026-11-22                       a day
2026-W47                         a week, Monday to Sunday, numbered as ISO 8601 does
2026-11                          a calendar month
2026-11.cutoff                   a month by cut-off: the 15th of the month before to the 14th
2026-Q4, 2026-H1, 2026-9M, 2026  quarter, half-year, nine months, year: by the same cut-off
2026-D1, 2026-D2                 inspection rounds on the days of the ward's plan; without one
                                 June, and 16 November to 15 December
2026-D2.2026-11-20..2026-12-10   a round on these days
2026..2026-11-22                 the year, by cut-off, up to and with a day
2026-11-03..2026-11-20           any days, the last one included
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from viahe_api.periods import (
    Period,
    PeriodFault,
    PeriodKind,
    by_cut_off,
    calendar_month,
    day,
    free,
    round_1,
    round_2,
    to_date,
    week,
)

YEARS = range(2000, 9000)
"""The years that can be asked for."""

_NAMES: Mapping[PeriodKind, str] = MappingProxyType(
    {
        PeriodKind.WEEK: "{year:04}-W{number:02}",
        PeriodKind.MONTH: "{year:04}-{number:02}",
        PeriodKind.CUT_OFF_MONTH: "{year:04}-{number:02}.cutoff",
        PeriodKind.QUARTER: "{year:04}-Q{number}",
        PeriodKind.HALF_YEAR: "{year:04}-H{number}",
        PeriodKind.NINE_MONTHS: "{year:04}-9M",
        PeriodKind.YEAR: "{year:04}",
        PeriodKind.ROUND_1: "{year:04}-D1",
        PeriodKind.ROUND_2: "{year:04}-D2",
        PeriodKind.TO_DATE: "{year:04}..{last}",
        PeriodKind.DAY: "{first}",
        PeriodKind.FREE: "{first}..{last}",
    }
)


def write_period(period: Period) -> str:
    """The address of a period; `read_period` reads it back."""
    written = _NAMES[period.kind].format(
        year=period.year, number=period.number, first=period.first, last=period.last
    )
    usual = {PeriodKind.ROUND_1: round_1, PeriodKind.ROUND_2: round_2}.get(period.kind)
    if usual is not None and period != usual(period.year):
        return f"{written}.{period.first}..{period.last}"
    return written


def read_period(text: str) -> Period:
    """The period an address names. Raises PeriodFault."""
    try:
        period = _read_span(text) if ".." in text else _read_named(text)
    except PeriodFault:
        raise
    except ValueError:
        raise PeriodFault(
            "unreadable",
            f"{text!r} is no period: write it as 2026-11, 2026-11.cutoff, 2026-Q4, 2026-W47, "
            "2026-11-22 or 2026-11-03..2026-11-20",
        ) from None
    if period.first.year not in YEARS or period.last.year not in YEARS:
        raise PeriodFault("unreadable", f"{text}: years from {YEARS.start} on can be counted")
    return period


def names_round(text: str) -> bool:
    """Whether an address is that of a round whose days it leaves to the ward's plan."""
    return text[4:] in {"-D1", "-D2"}


def begun_period(text: str, now: datetime) -> Period:
    """As `read_period`, of what has begun: the future has no counts. Raises PeriodFault."""
    period = read_period(text)
    if not period.has_begun(now):
        raise PeriodFault("not_begun", f"{text} begins on {period.first}, which is yet to come")
    return period


def _read_span(text: str) -> Period:
    before, _, last = text.partition("..")
    if len(before) == 4:
        return _read_to_date(_digits(before, 4), _read_day(last))
    for word, named in (("-D1.", round_1), ("-D2.", round_2)):
        year, own_days, first = before.rpartition(word)
        if own_days:
            return named(_digits(year, 4), (_read_day(first), _read_day(last)))
    return free(_read_day(before), _read_day(last))


def _read_named(text: str) -> Period:
    year, name = _digits(text[:4], 4), text[5:]
    if year not in YEARS or text[4:5] not in {"", "-"} or text.endswith("-"):
        raise ValueError(text)
    match (name[:1], name[1:]):
        case ("", ""):
            return by_cut_off(PeriodKind.YEAR, year)
        case ("9", "M"):
            return by_cut_off(PeriodKind.NINE_MONTHS, year)
        case ("D", "1" | "2" as number):
            return round_1(year) if number == "1" else round_2(year)
        case ("W", number):
            return week(year, _digits(number, 2))
        case ("Q" | "H" as letter, number):
            kind = PeriodKind.QUARTER if letter == "Q" else PeriodKind.HALF_YEAR
            return by_cut_off(kind, year, _digits(number, 1))
    return _read_month_or_day(text, year, name)


def _read_month_or_day(text: str, year: int, name: str) -> Period:
    if name.endswith(".cutoff"):
        month = _digits(name.removesuffix(".cutoff"), 2)
        return by_cut_off(PeriodKind.CUT_OFF_MONTH, year, month)
    return day(_read_day(text)) if "-" in name else calendar_month(year, _digits(name, 2))


def _read_day(text: str) -> date:
    if len(text) != 10:  # fromisoformat knows more ways of writing a day
        raise ValueError(text)
    return date.fromisoformat(text)


def _read_to_date(year: int, last: date) -> Period:
    period = to_date(last)
    if period.year != year:
        raise PeriodFault(
            "unreadable", f"{last} belongs to {period.year}, which begins on {period.first}"
        )
    return period


def _digits(text: str, count: int) -> int:
    if len(text) != count or not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    return int(text)
