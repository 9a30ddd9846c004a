"""The days of the week in words, Monday first."""

from viahe_api.language import N_, Language

_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def weekdays(language: Language) -> tuple[str, ...]:
    return tuple(language.gettext(name) for name in _WEEKDAYS)
