"""The days of the week in words, Monday first, and what holds on public holidays."""

from collections.abc import Mapping
from types import MappingProxyType

from viahe_api.language import N_, Language
from viahe_rules.plan import Holidays

_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


_HOLIDAYS: Mapping[Holidays, str] = MappingProxyType(
    {
        Holidays.AS_WEEKDAY: N_("as on the day of the week"),
        Holidays.NEVER: N_("not on public holidays"),
        Holidays.ALSO: N_("on public holidays too"),
    }
)


def holidays_said(language: Language, holidays: Holidays) -> str:
    return language.gettext(_HOLIDAYS[holidays])


def holiday_choices(language: Language, chosen: str) -> tuple[tuple[str, str, bool], ...]:
    """What a window may do on public holidays, as (value, word, chosen)."""
    return tuple(
        (each.value, holidays_said(language, each), each.value == chosen) for each in Holidays
    )


def weekdays(language: Language) -> tuple[str, ...]:
    return tuple(language.gettext(name) for name in _WEEKDAYS)
