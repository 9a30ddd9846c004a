"""The zone form's fields in words: dwell times by group and class, hours by act and class."""

from collections.abc import Iterable
from dataclasses import dataclass

from viahe_api.errors import FieldFault, FormFault
from viahe_api.language import Language
from viahe_api.web.hours_form import ALWAYS, AS_ACT, EXCEPT, KEPT, MOST, ONLY, HoursForm
from viahe_api.web.polygon_words import faults_said
from viahe_api.web.reasons import thing_name
from viahe_api.web.typed_windows import WindowFields, window_fields
from viahe_api.web.wording import ACTS
from viahe_api.web.zone_form import AS_ITS_ACT, WATCHED, ZoneForm, hours_field
from viahe_rules.domain import Act


@dataclass(frozen=True, slots=True)
class HoursShown:
    """The hours' fields under one prefix; `modes` are (value, word, chosen).

    `said` is the chosen mode in words, `fault` what is wrong with what was typed.
    """

    prefix: str
    legend: str
    modes: tuple[tuple[str, str, bool], ...]
    windows: list[WindowFields]
    said: str
    is_open: bool
    fault: str


@dataclass(frozen=True, slots=True)
class OwnShown:
    """The fields of one class."""

    field: str
    word: str
    value: str
    hours: HoursShown


@dataclass(frozen=True, slots=True)
class WatchedShown:
    """The field of a group of classes, and those of its classes."""

    field: str
    act: str
    word: str
    value: str
    own: tuple[OwnShown, ...]
    is_open: bool
    hours_open: bool


@dataclass(frozen=True, slots=True)
class FaultShown:
    """What is wrong, and the fields it is wrong `at`, if they are some of many alike."""

    said: str
    at: str = ""


def shown_watched(
    language: Language, form: ZoneForm, fault: FormFault | None = None
) -> list[WatchedShown]:
    shown = []
    for field, watched in WATCHED.items():
        own = tuple(
            _own_shown(language, form, watched.own(label), thing_name(language, label), fault)
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
                any(item.hours.is_open for item in own),
            )
        )
    return shown


def shown_hours_of(
    language: Language, form: ZoneForm, fault: FormFault | None = None
) -> list[HoursShown]:
    return [
        _hours_shown(
            language,
            act,
            language.gettext(ACTS[act]),
            form.hours.get(act, HoursForm()),
            ALWAYS,
            fault,
        )
        for act in Act
    ]


def shown_faults(
    language: Language,
    fault: FormFault | None,
    hours: Iterable[HoursShown],
    watched: Iterable[WatchedShown],
) -> list[FaultShown]:
    """What is wrong with a form, for the head of its page."""
    if fault is None:
        return []
    of_classes = (own.hours for item in watched for own in item.own)
    at_fields = [
        FaultShown(f"{language.gettext('Hours')}, {item.legend}: {item.fault}", item.prefix)
        for item in (*hours, *of_classes)
        if item.fault
    ]
    return at_fields or [FaultShown(said) for said in faults_said(language, fault)]


def _own_shown(
    language: Language, form: ZoneForm, own: str, word: str, fault: FormFault | None
) -> OwnShown:
    hours = form.own_hours.get(own, AS_ITS_ACT)
    return OwnShown(
        f"own-{own}",
        word,
        form.own.get(own, ""),
        _hours_shown(language, hours_field(own), word, hours, AS_ACT, fault),
    )


def _hours_shown(
    language: Language,
    prefix: str,
    legend: str,
    hours: HoursForm,
    usual: str,
    fault: FormFault | None,
) -> HoursShown:
    """The fields of hours that are of the mode `usual` unless somebody chose otherwise."""
    words = [
        (ALWAYS, language.gettext("At all hours")),
        (ONLY, language.gettext("Only in these hours")),
        (EXCEPT, language.gettext("Except in these hours")),
    ]
    if usual == AS_ACT:
        words.insert(0, (AS_ACT, language.gettext("As the act")))
    if hours.mode == KEPT:
        words.append((KEPT, language.gettext("As it was")))
    is_at_fault = isinstance(fault, FieldFault) and fault.field == prefix
    said = " ".join(faults_said(language, fault)) if fault and is_at_fault else ""
    return HoursShown(
        prefix,
        legend,
        tuple((mode, word, mode == hours.mode) for mode, word in words),
        window_fields(language, prefix, hours.windows, MOST),
        dict(words).get(hours.mode, words[0][1]),
        hours.mode != usual or is_at_fault,
        said,
    )
