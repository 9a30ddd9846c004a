"""Hours of the week: which windows an instant falls into.

Local time is UTC plus a fixed offset, without daylight saving (Viet Nam has none).
"""

from collections.abc import Iterable

from viahe_rules.domain import Window

DAY_MINUTES = 24 * 60
EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday


def local_minute(at: float, utc_offset_minutes: int) -> tuple[int, int]:
    """The weekday (0 is Monday) and the minute of the day of an instant in UTC seconds."""
    minutes = int(at // 60) + utc_offset_minutes
    day, minute = divmod(minutes, DAY_MINUTES)
    return (day + EPOCH_WEEKDAY) % 7, minute


def within(windows: Iterable[Window], at: float, utc_offset_minutes: int) -> bool:
    """Whether an instant lies in any of the windows; each is half-open at its end."""
    weekday, minute = local_minute(at, utc_offset_minutes)
    return any(_holds(window, weekday, minute) for window in windows)


def _holds(window: Window, weekday: int, minute: int) -> bool:
    if window.start_minute < window.end_minute:
        return weekday in window.days and window.start_minute <= minute < window.end_minute
    begun_today = weekday in window.days and minute >= window.start_minute
    begun_yesterday = (weekday - 1) % 7 in window.days and minute < window.end_minute
    return begun_today or begun_yesterday
