"""The tables. Times are UTC; nothing is loaded that a query did not ask for."""

from viahe_api.tables.by_hand import FieldTask
from viahe_api.tables.casework import Case, CaseNumber, Decision, EvidenceFile, HandReport
from viahe_api.tables.chain import AuditEntry, AuditHead
from viahe_api.tables.connection import ConnectionTest
from viahe_api.tables.desk import AnsweredForm, NoteDraft, SavedView
from viahe_api.tables.handling import (
    DayOff,
    DeadlineRule,
    HandlingStep,
    HandlingUndo,
    LegalBasis,
)
from viahe_api.tables.locked import LockedCase, LockedReport
from viahe_api.tables.observations import ObservationFile
from viahe_api.tables.people import Account, FailedSignIn, Grant, LoginSession
from viahe_api.tables.places import (
    Camera,
    CameraHours,
    CameraOff,
    Device,
    Permit,
    ResidentialGroup,
    Ward,
    WardRole,
    ZoneVersion,
)
from viahe_api.tables.purposes import PermitPurpose
from viahe_api.tables.reasons import WardReason
from viahe_api.tables.record import Record, UtcDateTime
from viahe_api.tables.reporting import LeftReport, ReportKey, ReportKeyWard, RoundDays
from viahe_api.tables.requests import PictureRequest
from viahe_api.tables.retention import EvidenceRemoval, LegalHold, RetentionRule
from viahe_api.tables.second_review import SecondReview
from viahe_api.tables.summaries import (
    ActSummary,
    ActSummaryOfAll,
    CaseChange,
    HourSummary,
    HourSummaryOfAll,
    KindSummary,
    KindSummaryOfAll,
    OutcomeSummary,
    OutcomeSummaryOfAll,
    PlaceSummary,
    ReviewerSummary,
    SeatSummary,
    SeenTotal,
)

__all__ = [
    "Account",
    "ActSummary",
    "ActSummaryOfAll",
    "AnsweredForm",
    "AuditEntry",
    "AuditHead",
    "Camera",
    "CameraHours",
    "CameraOff",
    "Case",
    "CaseChange",
    "CaseNumber",
    "ConnectionTest",
    "DayOff",
    "DeadlineRule",
    "Decision",
    "Device",
    "EvidenceFile",
    "EvidenceRemoval",
    "FailedSignIn",
    "FieldTask",
    "Grant",
    "HandReport",
    "HandlingStep",
    "HandlingUndo",
    "HourSummary",
    "HourSummaryOfAll",
    "KindSummary",
    "KindSummaryOfAll",
    "LeftReport",
    "LegalBasis",
    "LegalHold",
    "LockedCase",
    "LockedReport",
    "LoginSession",
    "NoteDraft",
    "ObservationFile",
    "OutcomeSummary",
    "OutcomeSummaryOfAll",
    "Permit",
    "PermitPurpose",
    "PictureRequest",
    "PlaceSummary",
    "Record",
    "ReportKey",
    "ReportKeyWard",
    "ResidentialGroup",
    "RetentionRule",
    "ReviewerSummary",
    "RoundDays",
    "SavedView",
    "SeatSummary",
    "SecondReview",
    "SeenTotal",
    "UtcDateTime",
    "Ward",
    "WardReason",
    "WardRole",
    "ZoneVersion",
]
