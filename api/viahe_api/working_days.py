"""Working days: Monday to Friday, without public holidays."""

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5


def after_working_days(day: date, count: int, days_off: Collection[date]) -> date:
    """The last of `count` working days that follow `day`, which itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, days_off)
    return day


def working_days_until(today: date, due: date, days_off: Collection[date]) -> int:
    """Working days after today up to and with `due`; negative by those that passed since."""
    first, last = sorted((today, due))
    days = (last - first).days
    between = (first + timedelta(days=number) for number in range(1, days + 1))
    count = sum(is_working_day(day, days_off) for day in between)
    return count if due >= today else -count


def is_working_day(day: date, days_off: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in days_off
