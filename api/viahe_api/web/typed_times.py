"""Days and hours as people type them."""

from datetime import date

from viahe_api.errors import FormFault


def read_day(text: str) -> date:
    """A day written dd/mm/yyyy. Raises FormFault `date`."""
    try:
        day, month, year = (int(part) for part in text.strip().split("/"))
        return date(year, month, day)
    except ValueError:
        raise FormFault("date", f"{text.strip()!r} is no day: write it as 22/11/2026") from None


def read_minute(text: str) -> int:
    """A minute of the day written HH:MM, 24:00 being its end. Raises FormFault `hours`."""
    hour, _, minute = text.strip().partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(minute) < 60):
        raise FormFault("hours", f"{text.strip()!r} is no time: write it as 18:30")
    minutes = int(hour) * 60 + int(minute)
    if minutes > 24 * 60:
        raise FormFault("hours", f"{text.strip()!r} is later than 24:00")
    return minutes


def minute_said(minute: int) -> str:
    """18:30."""
    return f"{minute // 60:02}:{minute % 60:02}"
