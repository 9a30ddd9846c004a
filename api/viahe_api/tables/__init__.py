"""The tables. Times are UTC; nothing is loaded that a query did not ask for."""

from viahe_api.tables.casework import Case, CaseNumber, Decision, EvidenceFile
from viahe_api.tables.chain import AuditEntry, AuditHead
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
from viahe_api.tables.record import Record, UtcDateTime

__all__ = [
    "Account",
    "AuditEntry",
    "AuditHead",
    "Camera",
    "CameraHours",
    "Case",
    "CaseNumber",
    "Decision",
    "Device",
    "EvidenceFile",
    "FailedSignIn",
    "Grant",
    "LoginSession",
    "Permit",
    "Record",
    "ResidentialGroup",
    "UtcDateTime",
    "Ward",
    "ZoneVersion",
]
