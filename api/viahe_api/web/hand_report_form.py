"""The form of a report by hand: what was typed, as typed, and what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from types import MappingProxyType

from viahe_api.entry_wards import EntryWard
from viahe_api.errors import FormFault
from viahe_api.hand_reports import HandDraft
from viahe_api.language import N_, Language, local
from viahe_api.months import LOCAL
from viahe_api.vocabulary import BY_HAND, Source
from viahe_api.web.typed_times import read_day, read_minute
from viahe_rules.domain import Act

SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "form_expired": (
            N_("This form was of an earlier session: look it over and send it again."),
            "photo",
        ),
        "ward": (N_("Choose the ward."), "ward"),
        "act": (N_("Choose what is suspected."), "act-dumping"),
        "source": (N_("Choose the source."), "source-citizen"),
        "place": (N_("Say where it is, in at most 200 characters."), "address"),
        "date": (N_("Give the day as dd/mm/yyyy."), "day"),
        "hours": (N_("Give the time as hh:mm."), "time"),
        "future": (N_("The time has not come yet."), "time"),
        "too_old": (N_("That is more than a year ago."), "day"),
        "description": (
            N_("Describe what was seen, in at most 2,000 characters."),
            "description",
        ),
        "text_too_long": (
            N_("Describe what was seen, in at most 2,000 characters."),
            "description",
        ),
        "group": (N_("Choose a residential group of this ward."), "group"),
        "camera": (N_("Choose a camera of this ward."), "camera"),
        "photo": (N_("Choose a photo."), "photo"),
        "photos": (N_("Choose one to three photos."), "photo"),
        "too_many_photos": (N_("Choose one to three photos."), "photo"),
        "photo_too_large": (N_("A photo is too large: at most 10 MB each."), "photo"),
        "photo_too_wide": (N_("A photo has too many pixels: at most 100 million."), "photo"),
        "photo_damaged": (N_("A photo is damaged: its file is not whole."), "photo"),
        "finding_needed": (N_("Choose what was found."), "finding-still_there"),
        "note_too_long": (N_("The note is too long: 2,000 characters at most."), "note"),
        "not_a_photo": (
            N_("A file is no photo, whatever its name says: JPEG, PNG and WebP are taken."),
            "photo",
        ),
    }
)
"""By the word of a fault: the sentence, and the field it concerns."""


@dataclass(frozen=True, slots=True)
class TypedReport:
    """The fields as typed. Days are dd/mm/yyyy, times hh:mm, both in Ha Noi."""

    ward: str = ""
    act: str = ""
    source: str = ""
    address: str = ""
    street: str = ""
    group: str = ""
    camera: str = ""
    day: str = ""
    time: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class FaultSaid:
    """`at` is the id of the field to look at."""

    sentence: str
    at: str


def typed_report(texts: Mapping[str, str]) -> TypedReport:
    """From the fields of a form; others are left out."""
    return TypedReport(**{known.name: texts.get(known.name, "") for known in fields(TypedReport)})


def blank_report(wards: Sequence[EntryWard], source: Source, now: datetime) -> TypedReport:
    """For a patrol it is usually now; a citizen tells of some time ago."""
    here = local(now)
    return TypedReport(
        ward=str(wards[0].id) if len(wards) == 1 else "",
        source=source.value,
        day=here.strftime("%d/%m/%Y"),
        time=here.strftime("%H:%M") if source is Source.PATROL else "",
    )


def read_report(typed: TypedReport) -> tuple[HandDraft | None, list[str]]:
    """What was typed, or None and the words of everything that cannot be read."""
    faults = []
    if not typed.ward.isdecimal():
        faults.append("ward")
    if typed.act not in set(Act):
        faults.append("act")
    if typed.source not in set(BY_HAND):
        faults.append("source")
    if not typed.address.strip():
        faults.append("place")
    at = _moment(typed, faults)
    if not typed.description.strip():
        faults.append("description")
    if faults or at is None:
        return None, faults
    return (
        HandDraft(
            int(typed.ward),
            Act(typed.act),
            Source(typed.source),
            typed.address,
            typed.street,
            int(typed.group) if typed.group.isdecimal() else None,
            int(typed.camera) if typed.camera.isdecimal() else None,
            at,
            typed.description,
        ),
        [],
    )


def faults_said(language: Language, faults: Sequence[str]) -> list[FaultSaid]:
    """Each once, in words."""
    said = (SENTENCES.get(fault, (fault, "address")) for fault in faults)
    return [FaultSaid(language.gettext(sentence), at) for sentence, at in dict.fromkeys(said)]


def _moment(typed: TypedReport, faults: list[str]) -> datetime | None:
    day = minute = None
    try:
        day = read_day(typed.day)
    except FormFault as fault:
        faults.append(fault.fault)
    try:
        minute = read_minute(typed.time)
    except FormFault as fault:
        faults.append(fault.fault)
    if day is None or minute is None:
        return None
    try:
        return datetime.combine(day, time(), LOCAL) + timedelta(minutes=minute)
    except OverflowError:
        faults.append("date")
        return None
