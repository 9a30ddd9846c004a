"""Hours of the week as a form has them: always, only in some windows, or except in some.

Anything the rules can hold and this cannot say is shown as kept, and is.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from viahe_api.errors import FormFault
from viahe_api.web import typed_windows
from viahe_api.web.typed_windows import DAY, TypedWindow, can_be_typed
from viahe_rules.plan import Holidays, Window

ALWAYS, ONLY, EXCEPT, KEPT = "always", "only", "except", "kept"
AS_ACT = "act"
"""Of a class that has no hours of its own: those of its act."""
WEEK = 7 * DAY
MOST = 3
"""Windows a form has."""


@dataclass(frozen=True, slots=True)
class HoursForm:
    """As typed. An exception is the same on public holidays."""

    mode: str = ALWAYS
    windows: tuple[TypedWindow, ...] = ()


def shown_hours(held: tuple[Window, ...]) -> HoursForm:
    """The form for hours that hold."""
    if not held:
        return HoursForm()
    apart = any(window.holidays is not Holidays.AS_WEEKDAY for window in held)
    other = () if apart else _windows(_rest(minutes_of(held)))
    if _is_rest(held) and 0 < len(other) <= MOST:
        return _form(EXCEPT, other)
    if len(held) <= MOST and all(can_be_typed(window) for window in held):
        return _form(ONLY, held)
    only = () if apart else _windows(minutes_of(held))
    if 0 < len(only) <= MOST:
        return _form(ONLY, only)
    if 0 < len(other) <= MOST:
        return _form(EXCEPT, other)
    return HoursForm(KEPT)


def windows_of(form: HoursForm, held: tuple[Window, ...] = ()) -> tuple[Window, ...]:
    """The hours the form asks for. Raises FormFault `hours`, `no_day` or `holidays`."""
    if form.mode == KEPT:
        return held
    if form.mode not in (ONLY, EXCEPT):
        return ()
    typed = typed_windows.windows_of(form.windows)
    if not typed:
        raise FormFault("hours", "no hours are typed")
    if form.mode == ONLY:
        return typed
    if any(window.holidays is not Holidays.AS_WEEKDAY for window in typed):
        raise FormFault("holidays", "an exception is the same on public holidays")
    rest = _within_days(_rest(minutes_of(typed)))
    if not rest:
        raise FormFault("hours", "no hour of the week is left")
    return rest


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


def _is_rest(held: tuple[Window, ...]) -> bool:
    """Whether windows look like what an exception leaves of whole days: they fill both ends."""
    begins = {window.start_minute for window in held}
    ends = {window.end_minute for window in held}
    return len(held) > 1 and 0 in begins and DAY in ends


def _windows(minutes: frozenset[int]) -> tuple[Window, ...]:
    """Windows that hold just these minutes, over midnight where they go on there."""
    days_of: dict[tuple[int, int], set[int]] = defaultdict(set)
    for start in (minute for minute in minutes if (minute - 1) % WEEK not in minutes):
        length = next(n for n in range(1, WEEK + 1) if (start + n) % WEEK not in minutes)
        if length >= DAY:
            return _within_days(minutes)
        begins, ends = start % DAY, start % DAY + length
        days_of[begins, ends if ends <= DAY else ends - DAY].add(start // DAY)
    return _of_days(days_of) if days_of else _within_days(minutes)


def _within_days(minutes: frozenset[int]) -> tuple[Window, ...]:
    """Windows within days that hold just these minutes."""
    days_of: dict[tuple[int, int], set[int]] = defaultdict(set)
    for day in range(7):
        inside = [minute for minute in range(DAY) if day * DAY + minute in minutes]
        for begins in inside:
            if day * DAY + begins - 1 in minutes and begins:
                continue
            after = (m for m in range(begins, DAY) if day * DAY + m not in minutes)
            days_of[begins, next(after, DAY)].add(day)
    return _of_days(days_of)


def _of_days(days_of: dict[tuple[int, int], set[int]]) -> tuple[Window, ...]:
    return tuple(Window(frozenset(days), *span) for span, days in sorted(days_of.items()))


def _form(mode: str, windows: tuple[Window, ...]) -> HoursForm:
    return HoursForm(mode, typed_windows.typed_windows(windows))
