"""How the vocabulary is said to people: a shape, a word and a tone for each state, the names of
acts, things, roles and reasons. All of it is messages for `Language.gettext`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from viahe_api.language import N_, Language
from viahe_api.permit_reading import Standing
from viahe_api.vocabulary import (
    CameraState,
    CaseState,
    DeviceKind,
    Finding,
    Handling,
    RejectReason,
    Role,
    Source,
    Verdict,
)
from viahe_rules.domain import Act
from viahe_rules.plan import Surface


@dataclass(frozen=True, slots=True)
class Status:
    """`icon` is a symbol of the sprite, `tone` a colour of the stylesheet, never shown alone."""

    icon: str
    word: str
    tone: str


CASE_STATUS: Mapping[CaseState, Status] = MappingProxyType(
    {
        CaseState.WAITING: Status("clock", N_("Waiting for review"), "wait"),
        CaseState.NEEDS_MORE: Status("question", N_("Needs more evidence"), "wait"),
        CaseState.SUFFICIENT: Status("tick", N_("Sufficient grounds"), "ok"),
        CaseState.INSUFFICIENT: Status("cross", N_("Insufficient grounds"), "neutral"),
        CaseState.NOT_VIOLATION: Status("cross", N_("Not a violation"), "neutral"),
        CaseState.DUPLICATE: Status("sheets", N_("Duplicate"), "neutral"),
        CaseState.INTEGRITY_ERROR: Status("triangle", N_("Integrity error"), "bad"),
        CaseState.EXPIRED: Status("square", N_("Retention ended"), "neutral"),
    }
)

SECOND_LOOK = Status("heads", N_("Second look"), "info")
"""Instead of a case's state, to who looks at it a second time."""
TO_LOOK_AT = Status("heads", N_("Waiting for a second look"), "info")
"""The same in a list, before the look."""

CLOCK_OFF = Status("question", N_("not synchronised"), "wait")
"""Beside the clock of a case whose moment may be wrong."""

HANDLING_STATUS: Mapping[Handling, Status] = MappingProxyType(
    {
        Handling.HANDED_OVER: Status("arrow", N_("Handed over"), "info"),
        Handling.REMINDED: Status("arrow", N_("Reminded"), "info"),
        Handling.COMMITTED: Status("arrow", N_("Commitment signed"), "info"),
        Handling.RECORDED: Status("arrow", N_("Record drawn up"), "info"),
        Handling.SANCTIONED: Status("arrow", N_("Sanction decided"), "info"),
        Handling.COMPLIED: Status("tick", N_("Complied"), "ok"),
        Handling.CLOSED: Status("square", N_("Closed"), "neutral"),
    }
)
"""A returned case has none: it is the operators' again."""

CAMERA_STATUS: Mapping[CameraState, Status] = MappingProxyType(
    {
        CameraState.ONLINE: Status("tick", N_("Online"), "ok"),
        CameraState.DEGRADED: Status("question", N_("Degraded image"), "wait"),
        CameraState.OFFLINE: Status("triangle", N_("Offline"), "bad"),
    }
)

CAMERA_DISABLED = Status("square", N_("Disabled"), "neutral")

PERMIT_STATUS: Mapping[Standing, Status] = MappingProxyType(
    {
        Standing.VALID: Status("tick", N_("In force"), "ok"),
        Standing.TO_COME: Status("clock", N_("Not yet in force"), "wait"),
        Standing.EXPIRED: Status("square", N_("Expired"), "neutral"),
        Standing.WITHDRAWN: Status("cross", N_("Withdrawn"), "neutral"),
    }
)

ACTS: Mapping[Act, str] = MappingProxyType(
    {
        Act.DUMPING: N_("Illegal dumping"),
        Act.ENCROACHMENT: N_("Pavement or road encroachment"),
    }
)

VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.CONFIRM: N_("Confirm sufficient grounds"),
        Verdict.REJECT: N_("Reject"),
        Verdict.MORE: N_("Request more evidence"),
        Verdict.DUPLICATE: N_("Duplicate"),
    }
)

REJECT_REASONS: Mapping[RejectReason, str] = MappingProxyType(
    {
        RejectReason.PASSERS_BY: N_("Passers-by"),
        RejectReason.PERMITTED: N_("Permitted"),
        RejectReason.COLLECTION_CREW: N_("Collection crew"),
        RejectReason.LOADING_GOODS: N_("Loading goods"),
        RejectReason.RIGHT_PLACE_AND_HOUR: N_("Right place and hour"),
        RejectReason.ZONE_DRAWN_WRONG: N_("Zone drawn wrong"),
        RejectReason.ALREADY_HANDLED: N_("Already handled"),
        RejectReason.PICTURE_TOO_POOR: N_("Picture too poor"),
        RejectReason.DETECTOR_MISTAKE: N_("Detector mistake"),
        RejectReason.OTHER: N_("Other (say which)"),
    }
)

SOURCES: Mapping[Source, str] = MappingProxyType(
    {
        Source.CAMERA: N_("Camera"),
        Source.CITIZEN: N_("Citizen's report"),
        Source.PATROL: N_("Patrol"),
    }
)

FINDINGS: Mapping[Finding, str] = MappingProxyType(
    {
        Finding.STILL_THERE: N_("Still there"),
        Finding.CLEARED: N_("Cleared away"),
        Finding.NOTHING: N_("Nothing found"),
    }
)

ROLES: Mapping[Role, str] = MappingProxyType(
    {
        Role.OPERATOR: N_("Duty operator"),
        Role.APPROVER: N_("Approver"),
        Role.ADMINISTRATOR: N_("Administrator"),
        Role.OFFICIAL: N_("Official"),
        Role.FIELD_OFFICER: N_("Field officer"),
        Role.SUPERVISOR: N_("Supervisor"),
    }
)

DEVICE_KINDS: Mapping[DeviceKind, str] = MappingProxyType(
    {
        DeviceKind.PROFESSIONAL: N_("Professional technical device"),
        DeviceKind.PRIVATE: N_("Device of an organisation or person"),
    }
)

SURFACES: Mapping[Surface, str] = MappingProxyType(
    {
        Surface.PAVEMENT: N_("Pavement"),
        Surface.ROADWAY: N_("Roadway"),
        Surface.MEDIAN: N_("Median strip"),
        Surface.WASTE_POINT: N_("Waste collection point"),
    }
)

THINGS: Mapping[str, str] = MappingProxyType(
    {
        "person": N_("person"),
        "bicycle": N_("bicycle"),
        "car": N_("car"),
        "motorcycle": N_("motorcycle"),
        "bus": N_("bus"),
        "truck": N_("truck"),
        "bench": N_("bench"),
        "backpack": N_("backpack"),
        "umbrella": N_("umbrella"),
        "handbag": N_("handbag"),
        "suitcase": N_("suitcase"),
        "chair": N_("chair"),
        "dining table": N_("table"),
        "potted plant": N_("potted plant"),
        "rubbish": N_("rubbish"),
        "bin": N_("bin"),
        "bin_overflow": N_("overflowing bin"),
        "thing": N_("thing"),
        "vehicle": N_("vehicle"),
        "group": N_("people and goods"),
        "row": N_("row of bicycles or motorcycles"),
    }
)


def said(language: Language, status: Status) -> Status:
    """The status with its word in the language."""
    return Status(status.icon, language.gettext(status.word), status.tone)


def reason_said(language: Language, reason: RejectReason, names: tuple[str, str] | None) -> str:
    """Why a case was rejected: in the ward's own words (Vietnamese, English) where it has any."""
    if names is None:
        return language.gettext(REJECT_REASONS[reason])
    return names[0] if language.code == "vi" else names[1]
