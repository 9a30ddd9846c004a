"""The words both the tables and the pages speak in; their Vietnamese is in the catalogues."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do in a ward. Roles add up; none implies another."""

    OPERATOR = "operator"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    OFFICIAL = "official"
    FIELD_OFFICER = "field_officer"
    SUPERVISOR = "supervisor"
    """Who looks at a ward from outside, such as an inspection: counts and the log, no case."""


class Authority(StrEnum):
    """Who answers for a ward's cameras: its People's Committee, or its police."""

    COMMITTEE = "committee"
    POLICE = "police"


EVERY_ROLE = tuple(Role)
CASE_DECIDERS = (Role.OPERATOR,)
CASE_READERS = (Role.OPERATOR, Role.APPROVER)
"""Who may see clips and persons; officials see counts alone, administrators the ground alone."""
CASE_ENTERERS = (Role.OPERATOR, Role.FIELD_OFFICER)
"""Who may write down what a citizen reported or a patrol saw."""
CAMERA_KEEPERS = (Role.ADMINISTRATOR,)
LOG_READERS = (Role.ADMINISTRATOR, Role.SUPERVISOR)
REQUEST_KEEPERS = (Role.APPROVER, Role.ADMINISTRATOR)
"""Who keeps the register of requests by people who were recorded."""
REQUEST_READERS = (*REQUEST_KEEPERS, Role.SUPERVISOR)
CAMERA_READERS = (Role.ADMINISTRATOR, Role.OPERATOR, Role.APPROVER)


class Source(StrEnum):
    """Where a case comes from: a camera's detector, or a person who entered it by hand."""

    CAMERA = "camera"
    CITIZEN = "citizen"
    PATROL = "patrol"


BY_HAND = (Source.CITIZEN, Source.PATROL)


class CaseState(StrEnum):
    """Where a case stands. Nothing is called a violation before SUFFICIENT."""

    WAITING = "waiting"
    NEEDS_MORE = "needs_more"
    SUFFICIENT = "sufficient"
    INSUFFICIENT = "insufficient"
    NOT_VIOLATION = "not_violation"
    DUPLICATE = "duplicate"
    INTEGRITY_ERROR = "integrity_error"
    EXPIRED = "expired"
    """Its evidence had to be removed before anybody decided."""


OPEN_STATES = (CaseState.WAITING, CaseState.NEEDS_MORE)
"""States in which a case still asks for an operator's decision."""
UNCONCLUDED_STATES = (*OPEN_STATES, CaseState.EXPIRED)
"""States in which nobody has said whether there was a violation; EXPIRED stays so."""
REJECTED_STATES = (CaseState.INSUFFICIENT, CaseState.NOT_VIOLATION)
OPINION_STATES = frozenset({CaseState.SUFFICIENT, *REJECTED_STATES})
"""States that a verdict leads to which can be looked at a second time."""


class Verdict(StrEnum):
    """What an operator says of a case."""

    CONFIRM = "confirm"
    REJECT = "reject"
    MORE = "more"
    DUPLICATE = "duplicate"


class RejectReason(StrEnum):
    """Why a case is rejected; the value is the digit that chooses it on the keyboard."""

    PASSERS_BY = "1"
    PERMITTED = "2"
    COLLECTION_CREW = "3"
    LOADING_GOODS = "4"
    RIGHT_PLACE_AND_HOUR = "5"
    ZONE_DRAWN_WRONG = "6"
    ALREADY_HANDLED = "7"
    PICTURE_TOO_POOR = "8"
    DETECTOR_MISTAKE = "9"
    OTHER = "0"


INSUFFICIENT_REASONS = frozenset(
    {RejectReason.ALREADY_HANDLED, RejectReason.PICTURE_TOO_POOR, RejectReason.OTHER}
)
"""Reasons that leave open whether there was a violation; the others say there was none."""


class Handling(StrEnum):
    """How far a case with sufficient grounds has been taken by those who handle it."""

    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    REMINDED = "reminded"
    COMMITTED = "committed"
    RECORDED = "recorded"
    SANCTIONED = "sanctioned"
    COMPLIED = "complied"
    CLOSED = "closed"


class Asked(StrEnum):
    """What somebody asks to be done with pictures of themselves."""

    VIEW = "view"
    COPY = "copy"
    CORRECT = "correct"
    ERASE = "erase"
    OBJECT = "object"


class Answered(StrEnum):
    """What became of such a request."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    NOTHING_HELD = "nothing_held"


class Finding(StrEnum):
    """What a field officer found at the place of a confirmed case."""

    STILL_THERE = "still_there"
    CLEARED = "cleared"
    NOTHING = "nothing"


class Keeping(StrEnum):
    """How far a case has come, as far as the keeping of its evidence goes.

    All but OF_USE count from the last thing that was done with the case, OF_USE from the
    recording: evidence is of no use beyond it, whatever else is said.
    """

    UNREVIEWED = "unreviewed"
    NOT_VIOLATION = "not_violation"
    DUPLICATE = "duplicate"
    INSUFFICIENT = "insufficient"
    IN_HANDLING = "in_handling"
    REMINDED = "reminded"
    CLOSED = "closed"
    OF_USE = "of_use"


class FileKind(StrEnum):
    """What an evidence file is, as the contract names it; photos come from people alone.

    A preview is the clip once more in H.264, where the camera sends something that not every
    browser plays: it is looked at, and the clip is the evidence.

    A photo is shown without what a telephone writes into it, such as where it was; the original
    keeps every byte and is handed out as a download only.
    """

    CLIP = "clip"
    PREVIEW = "preview"
    STILL_BEFORE = "still_before"
    STILL_ONSET = "still_onset"
    STILL_ACT = "still_act"
    STILL_AFTER = "still_after"
    OVERLAY = "overlay"
    MANIFEST = "manifest"
    SIGNATURE = "signature"
    PHOTO = "photo"
    PHOTO_ORIGINAL = "photo_original"


BROUGHT_BY_PEOPLE = frozenset({FileKind.PHOTO, FileKind.PHOTO_ORIGINAL})


class CameraState(StrEnum):
    """What a detector last said of a camera; OFFLINE also stands for a silent detector."""

    ONLINE = "online"
    DEGRADED = "degraded"
    OFFLINE = "offline"


class DeviceKind(StrEnum):
    """Whose instrument a camera is in the sense of the law on technical devices."""

    PROFESSIONAL = "professional"
    PRIVATE = "private"
