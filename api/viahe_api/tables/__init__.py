"""The tables. Times are UTC; nothing is loaded that a query did not ask for."""

from viahe_api.tables.casework import Case, CaseNumber, Decision, EvidenceFile
from viahe_api.tables.chain import AuditEntry, AuditHead
from viahe_api.tables.desk import NoteDraft, SavedView
from viahe_api.tables.handling import DayOff, DeadlineRule, HandlingStep, LegalBasis
from viahe_api.tables.locked import LockedCase, LockedReport
from viahe_api.tables.observations import ObservationFile
from viahe_api.tables.people import Account, FailedSignIn, Grant, LoginSession
from viahe_api.tables.places import (
    Camera,
    CameraHours,
    Device,
    Permit,
    ResidentialGroup,
    Ward,
    ZoneVersion,
)
from viahe_api.tables.purposes import PermitPurpose
from viahe_api.tables.record import Record, UtcDateTime
from viahe_api.tables.second_review import SecondReview

__all__ = [
    "Account",
    "AuditEntry",
    "AuditHead",
    "Camera",
    "CameraHours",
    "Case",
    "CaseNumber",
    "DayOff",
    "DeadlineRule",
    "Decision",
    "Device",
    "EvidenceFile",
    "FailedSignIn",
    "Grant",
    "HandlingStep",
    "LegalBasis",
    "LockedCase",
    "LockedReport",
    "LoginSession",
    "NoteDraft",
    "ObservationFile",
    "Permit",
    "PermitPurpose",
    "Record",
    "ResidentialGroup",
    "SavedView",
    "SecondReview",
    "UtcDateTime",
    "Ward",
    "ZoneVersion",
]
