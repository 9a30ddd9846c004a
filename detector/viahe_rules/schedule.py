"""Hours of the week: which windows an instant falls into.

Local time is UTC plus a fixed offset, without daylight saving (Viet Nam has none). Public
holidays, Tết among them, are data: dates of the local calendar.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from viahe_rules.plan import Holidays, Plan, Window

DAY_MINUTES = 24 * 60
FIRST_DAY = date(1970, 1, 1)


def local_minute(at: float, utc_offset_minutes: int) -> tuple[date, int]:
    """The local day and the minute of that day of an instant in UTC seconds."""
    minutes = int(at // 60) + utc_offset_minutes
    day, minute = divmod(minutes, DAY_MINUTES)
    return FIRST_DAY + timedelta(days=day), minute


def within(
    windows: Iterable[Window],
    at: float,
    utc_offset_minutes: int,
    holidays: frozenset[str] = frozenset(),
) -> bool:
    """Whether an instant lies in any of the windows; each is half-open at its end."""
    day, minute = local_minute(at, utc_offset_minutes)
    return any(_holds(window, day, minute, holidays) for window in windows)


def holds(windows: tuple[Window, ...], plan: Plan, at: float) -> bool:
    """Whether an instant lies in hours of a plan; no windows are all hours."""
    return not windows or within(windows, at, plan.utc_offset_minutes, plan.holidays)


def _holds(window: Window, day: date, minute: int, holidays: frozenset[str]) -> bool:
    if window.start_minute < window.end_minute:
        return _begins(window, day, holidays) and window.start_minute <= minute < window.end_minute
    begun_today = _begins(window, day, holidays) and minute >= window.start_minute
    yesterday = day - timedelta(days=1)
    return begun_today or (_begins(window, yesterday, holidays) and minute < window.end_minute)


def _begins(window: Window, day: date, holidays: frozenset[str]) -> bool:
    """Whether a window begins on a day."""
    if window.holidays is not Holidays.AS_WEEKDAY and day.isoformat() in holidays:
        return window.holidays is Holidays.ALSO
    return day.weekday() in window.days
