"""Hours of the week as a form has them: always, only in one window, or except in one.

Anything the rules can hold and this cannot say is shown as kept, and is.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from viahe_api.errors import FormFault
from viahe_api.web.typed_times import minute_said, read_minute
from viahe_rules.domain import Holidays, Window

ALWAYS, ONLY, EXCEPT, KEPT = "always", "only", "except", "kept"
DAY, WEEK = 24 * 60, 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class HoursForm:
    """As typed: `days` are numbers from 0 (Monday), hours HH:MM.

    `holidays` says what the window does on public holidays; an exception has none.
    """

    mode: str = ALWAYS
    begins: str = ""
    ends: str = ""
    days: frozenset[str] = frozenset("0123456")
    holidays: str = Holidays.AS_WEEKDAY


def shown_hours(held: tuple[Window, ...]) -> HoursForm:
    """The form for hours that hold."""
    if not held:
        return HoursForm()
    holidays = {window.holidays for window in held}
    if holidays != {Holidays.AS_WEEKDAY}:
        return _on_holidays(held)
    if (only := _one_window(minutes_of(held))) is not None:
        return _form(ONLY, only)
    if (other := _one_window(_rest(minutes_of(held)))) is not None:
        return _form(EXCEPT, other)
    return HoursForm(KEPT)


def windows_of(form: HoursForm, held: tuple[Window, ...] = ()) -> tuple[Window, ...]:
    """The hours the form asks for. Raises FormFault `hours`, `no_day` or `holidays`."""
    if form.mode == KEPT:
        return held
    if form.mode not in (ONLY, EXCEPT):
        return ()
    days = frozenset(int(day) for day in form.days if day in set("0123456"))
    holidays = holidays_of(form.holidays)
    if not days and holidays is not Holidays.ALSO:
        raise FormFault("no_day", "choose at least one day of the week")
    begins, ends = read_minute(form.begins), read_minute(form.ends)
    if begins in {ends, DAY}:
        raise FormFault("hours", "hours begin and end at the same minute")
    window = Window(days, begins, ends, holidays)
    if form.mode == ONLY:
        return (window,)
    if holidays is not Holidays.AS_WEEKDAY:
        raise FormFault("holidays", "an exception is the same on public holidays")
    rest = _windows(_rest(minutes_of((window,))))
    if not rest:
        raise FormFault("hours", "no hour of the week is left")
    return rest


def holidays_of(said: str) -> Holidays:
    """What a window does on public holidays; as on weekdays where a form says nothing of it."""
    return Holidays(said) if said in set(Holidays) else Holidays.AS_WEEKDAY


def minutes_of(windows: Iterable[Window]) -> frozenset[int]:
    """The minutes of the week, from Monday 00:00, that lie in any of the windows."""
    found: set[int] = set()
    for window in windows:
        length = (window.end_minute - window.start_minute) % DAY or DAY
        for day in window.days:
            start = day * DAY + window.start_minute
            found.update(minute % WEEK for minute in range(start, start + length))
    return frozenset(found)


def _rest(minutes: frozenset[int]) -> frozenset[int]:
    return frozenset(range(WEEK)) - minutes


def _one_window(minutes: frozenset[int]) -> Window | None:
    """The one window that holds just these minutes, where there is one."""
    starts = [minute for minute in minutes if (minute - 1) % WEEK not in minutes]
    spans = set()
    for start in starts:
        length = next(n for n in range(1, WEEK + 1) if (start + n) % WEEK not in minutes)
        spans.add((start % DAY, length))
    if len(spans) != 1:
        return None
    begins, length = spans.pop()
    if length >= DAY:
        return None
    days = frozenset(start // DAY for start in starts)
    ends = begins + length
    return Window(days, begins, ends if ends <= DAY else ends - DAY)


def _windows(minutes: frozenset[int]) -> tuple[Window, ...]:
    """Windows within days that hold just these minutes."""
    days_of: dict[tuple[int, int], set[int]] = defaultdict(set)
    for day in range(7):
        inside = [minute for minute in range(DAY) if day * DAY + minute in minutes]
        for begins in inside:
            if day * DAY + begins - 1 in minutes and begins:
                continue
            after = (m for m in range(begins, DAY) if day * DAY + m not in minutes)
            days_of[begins, next(after, DAY)].add(day)
    return tuple(Window(frozenset(days), *span) for span, days in sorted(days_of.items()))


def _on_holidays(held: tuple[Window, ...]) -> HoursForm:
    """The form of one window that is told apart from weekdays; several, or a day, are kept."""
    one = held[0]
    if len(held) > 1 or (one.end_minute - one.start_minute) % DAY == 0:
        return HoursForm(KEPT)
    return _form(ONLY, one)


def _form(mode: str, window: Window) -> HoursForm:
    days = frozenset(str(day) for day in window.days)
    begins, ends = minute_said(window.start_minute), minute_said(window.end_minute)
    return HoursForm(mode, begins, ends, days, window.holidays)
