"""Quiet hours as the camera's form has them: several windows, each with its days."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.datastructures import FormData

from viahe_api.errors import FormFault
from viahe_api.language import Language
from viahe_api.web.hours_form import holidays_of
from viahe_api.web.typed_times import minute_said, read_minute
from viahe_api.web.weekdays import holiday_choices, weekdays
from viahe_rules.domain import Holidays, Window

MOST = 12
SPARE = 2
"""Empty windows offered beside those that are filled."""
EVERY_DAY = frozenset("0123456")


@dataclass(frozen=True, slots=True)
class QuietForm:
    """A window as typed: HH:MM, and days as numbers from 0 (Monday). Without hours it is none."""

    begins: str = ""
    ends: str = ""
    days: frozenset[str] = EVERY_DAY
    holidays: str = Holidays.AS_WEEKDAY


@dataclass(frozen=True, slots=True)
class QuietShown:
    """A window's fields under one prefix; `days` and `holidays` are (value, word, chosen)."""

    prefix: str
    legend: str
    begins: str
    ends: str
    days: tuple[tuple[str, str, bool], ...]
    holidays: tuple[tuple[str, str, bool], ...]


def shown_quiet(windows: tuple[Window, ...]) -> tuple[QuietForm, ...]:
    """The form of windows that hold."""
    return tuple(
        QuietForm(
            minute_said(window.start_minute),
            minute_said(window.end_minute),
            frozenset(str(day) for day in window.days),
            window.holidays,
        )
        for window in windows
    )


def posted_quiet(form: FormData) -> tuple[QuietForm, ...]:
    """The windows as posted; empty ones are left out."""
    return tuple(_posted(form))


def windows_of(typed: tuple[QuietForm, ...]) -> tuple[Window, ...]:
    """The windows asked for. Raises FormFault `hours` or `no_day`."""
    return tuple(_window(one) for one in typed)


def quiet_fields(language: Language, typed: tuple[QuietForm, ...]) -> list[QuietShown]:
    """The fields of the windows, and of some more."""
    rows = [*typed, *(QuietForm() for _ in range(SPARE))][:MOST]
    return [
        QuietShown(
            f"quiet-{number}",
            language.gettext("Window %(n)s", n=number),
            row.begins,
            row.ends,
            tuple(
                (str(day), word, str(day) in row.days)
                for day, word in enumerate(weekdays(language))
            ),
            holiday_choices(language, row.holidays),
        )
        for number, row in enumerate(rows, start=1)
    ]


def _posted(form: FormData) -> Iterator[QuietForm]:
    for number in range(1, MOST + 1):
        begins, ends = (str(form.get(f"quiet-{number}-{end}", "")) for end in ("begins", "ends"))
        if begins.strip() or ends.strip():
            days = {day for day in form.getlist(f"quiet-{number}-days") if isinstance(day, str)}
            holidays = str(form.get(f"quiet-{number}-holidays", ""))
            yield QuietForm(begins.strip(), ends.strip(), frozenset(days), holidays)


def _window(typed: QuietForm) -> Window:
    days = frozenset(int(day) for day in typed.days & EVERY_DAY)
    holidays = holidays_of(typed.holidays)
    if not days and holidays is not Holidays.ALSO:
        raise FormFault("no_day", "choose at least one day of the week")
    begins, ends = read_minute(typed.begins), read_minute(typed.ends)
    if begins in {ends, 24 * 60}:
        raise FormFault("hours", "hours begin and end at the same minute")
    return Window(days, begins, ends, holidays)
