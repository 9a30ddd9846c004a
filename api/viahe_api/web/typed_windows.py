"""Windows of the week as forms have them: hours as typed, days, and what holds on holidays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from starlette.datastructures import FormData

from viahe_api.errors import FormFault
from viahe_api.language import Language
from viahe_api.web.typed_times import minute_said, read_minute
from viahe_api.web.weekdays import holiday_choices, weekdays
from viahe_rules.plan import Holidays, Window

EVERY_DAY = frozenset("0123456")
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class TypedWindow:
    """A window as typed: HH:MM, and days as numbers from 0 (Monday). Without hours it is none."""

    begins: str = ""
    ends: str = ""
    days: frozenset[str] = EVERY_DAY
    holidays: str = Holidays.AS_WEEKDAY


@dataclass(frozen=True, slots=True)
class WindowFields:
    """A window's fields under one prefix; `days` and `holidays` are (value, word, chosen)."""

    prefix: str
    legend: str
    begins: str
    ends: str
    days: tuple[tuple[str, str, bool], ...]
    holidays: tuple[tuple[str, str, bool], ...]

    @property
    def is_filled(self) -> bool:
        return bool(self.begins or self.ends)


def typed_windows(windows: Iterable[Window]) -> tuple[TypedWindow, ...]:
    """The form of windows that hold."""
    return tuple(
        TypedWindow(
            minute_said(window.start_minute),
            minute_said(window.end_minute),
            frozenset(str(day) for day in window.days),
            window.holidays,
        )
        for window in windows
    )


def posted_windows(form: FormData, prefix: str, most: int) -> tuple[TypedWindow, ...]:
    """The windows as posted under a prefix; empty ones are left out."""
    return tuple(_posted(form, prefix, most))


def windows_of(typed: Iterable[TypedWindow]) -> tuple[Window, ...]:
    """The windows asked for. Raises FormFault `hours` or `no_day`."""
    return tuple(_window(one) for one in typed)


def can_be_typed(window: Window) -> bool:
    """Whether a form can ask for a window."""
    on_a_day = window.days or window.holidays is Holidays.ALSO
    return bool(on_a_day) and window.start_minute not in {window.end_minute, DAY}


def window_fields(
    language: Language, prefix: str, typed: tuple[TypedWindow, ...], count: int
) -> list[WindowFields]:
    """The fields of the windows and of empty ones, so many in all."""
    rows = [*typed, *(TypedWindow() for _ in range(count))][:count]
    return [
        WindowFields(
            f"{prefix}-{number}",
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


def _posted(form: FormData, prefix: str, most: int) -> Iterator[TypedWindow]:
    for number in range(1, most + 1):
        name = f"{prefix}-{number}"
        begins, ends = (str(form.get(f"{name}-{end}", "")) for end in ("begins", "ends"))
        if begins.strip() or ends.strip():
            days = {day for day in form.getlist(f"{name}-days") if isinstance(day, str)}
            holidays = str(form.get(f"{name}-holidays", ""))
            yield TypedWindow(begins.strip(), ends.strip(), frozenset(days), holidays)


def _window(typed: TypedWindow) -> Window:
    days = frozenset(int(day) for day in typed.days & EVERY_DAY)
    # As on weekdays where a form says nothing of holidays.
    known = typed.holidays in set(Holidays)
    holidays = Holidays(typed.holidays) if known else Holidays.AS_WEEKDAY
    if not days and holidays is not Holidays.ALSO:
        raise FormFault("no_day", "choose at least one day of the week")
    begins, ends = read_minute(typed.begins), read_minute(typed.ends)
    if begins in {ends, DAY}:
        raise FormFault("hours", "hours begin and end at the same minute")
    return Window(days, begins, ends, holidays)
