"""The zone form's fields in words: dwell times by group and class, hours by act."""

from dataclasses import dataclass

from viahe_api.language import Language
from viahe_api.web.hours_form import ALWAYS, EXCEPT, KEPT, MOST, ONLY, HoursForm
from viahe_api.web.reasons import thing_name
from viahe_api.web.typed_windows import WindowFields, window_fields
from viahe_api.web.wording import ACTS
from viahe_api.web.zone_form import WATCHED, ZoneForm
from viahe_rules.domain import Act


@dataclass(frozen=True, slots=True)
class OwnShown:
    """The field of one class."""

    field: str
    word: str
    value: str


@dataclass(frozen=True, slots=True)
class WatchedShown:
    """The field of a group of classes, and those of its classes."""

    field: str
    act: str
    word: str
    value: str
    own: tuple[OwnShown, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class HoursShown:
    """The hours' fields under one prefix; `modes` are (value, word, chosen).

    `said` is the chosen mode in words.
    """

    prefix: str
    legend: str
    modes: tuple[tuple[str, str, bool], ...]
    windows: list[WindowFields]
    said: str
    is_open: bool


def shown_watched(language: Language, form: ZoneForm) -> list[WatchedShown]:
    shown = []
    for field, watched in WATCHED.items():
        own = tuple(
            OwnShown(
                f"own-{watched.own(label)}",
                thing_name(language, label),
                form.own.get(watched.own(label), ""),
            )
            for label in sorted(watched.labels)
        )
        shown.append(
            WatchedShown(
                field,
                language.gettext(ACTS[watched.act]),
                language.gettext(watched.word),
                form.dwells.get(field, ""),
                own,
                any(item.value for item in own),
            )
        )
    return shown


def shown_hours_of(language: Language, form: ZoneForm) -> list[HoursShown]:
    return [
        hours_shown(language, act, language.gettext(ACTS[act]), form.hours.get(act, HoursForm()))
        for act in Act
    ]


def hours_shown(language: Language, prefix: str, legend: str, hours: HoursForm) -> HoursShown:
    words = [
        (ALWAYS, language.gettext("At all hours")),
        (ONLY, language.gettext("Only in these hours")),
        (EXCEPT, language.gettext("Except in these hours")),
    ]
    if hours.mode == KEPT:
        words.append((KEPT, language.gettext("As it was")))
    return HoursShown(
        prefix,
        legend,
        tuple((mode, word, mode == hours.mode) for mode, word in words),
        window_fields(language, prefix, hours.windows, MOST),
        dict(words).get(hours.mode, words[0][1]),
        hours.mode != ALWAYS,
    )
