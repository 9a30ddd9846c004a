"""Handing pictures out: who may have them, and the log of who did."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api import audit, officer_tasks
from viahe_api.cameras import find_camera
from viahe_api.connection_tests import newest_of
from viahe_api.database import Database
from viahe_api.errors import NotFound, RetentionEnded
from viahe_api.records import ZoneView
from viahe_api.refs import find_case
from viahe_api.scope import Viewer
from viahe_api.tables import AuditEntry, EvidenceFile
from viahe_api.vocabulary import CAMERA_KEEPERS, CAMERA_READERS, CASE_READERS, FileKind
from viahe_api.zones import zones_of

ONE_VIEWING = timedelta(minutes=10)
"""A player asks for a clip in many ranges: within this time they are one viewing."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    ward_code: str
    case_code: str
    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Act:
    action: str
    subject: str
    ward_id: int


class Handing(StrEnum):
    """What a file is handed out for, as the audit calls it."""

    VIEWED = "file.viewed"
    DOWNLOADED = "file.downloaded"
    AHEAD = "file.fetched_ahead"
    """By a browser for the case it will open next: nobody has seen it yet."""


def case_file(
    database: Database, viewer: Viewer, ref: str, name: str, handing: Handing, *, now: datetime
) -> HandedOut:
    """A stored file of a case the viewer may see, logged. Raises NotFound, Ambiguous or
    RetentionEnded."""
    with database.reading() as session:
        case = find_case(session, viewer, ref, *CASE_READERS)
        file = session.get(EvidenceFile, (case.id, name))
        if file is None:
            raise NotFound(f"case {case.code} has no file {name}")
        if case.evidence_removed_at is not None:
            raise RetentionEnded(f"the evidence of {case.code} was removed: its time was over")
        if file.kind is FileKind.PHOTO_ORIGINAL and handing is not Handing.DOWNLOADED:
            raise NotFound(f"{name} is an original: it is downloaded, not shown")
        handed = HandedOut(case.ward.code, case.code, name, file.media_type, file.sha256)
        act = _Act(
            handing,
            f"case:{case.code}/{name}",
            case.ward_id,
        )
        noted = handing is not Handing.DOWNLOADED and _noted_lately(session, viewer, act, now)
    if not noted:
        _note(database, viewer, act, now, {"sha256": handed.sha256})
    return handed


def task_still(database: Database, viewer: Viewer, task_id: int, *, now: datetime) -> HandedOut:
    """The picture of a field officer's own open task, logged as seen. Raises NotFound."""
    with database.reading() as session:
        file = officer_tasks.task_still(session, viewer, task_id)
        case = officer_tasks.open_task(session, viewer, task_id).case
        handed = HandedOut(case.ward.code, case.code, file.name, file.media_type, file.sha256)
        act = _Act(Handing.VIEWED, f"case:{case.code}/{file.name}", case.ward_id)
        noted = _noted_lately(session, viewer, act, now)
    if not noted:
        _note(database, viewer, act, now, {"sha256": handed.sha256, "task": str(task_id)})
    return handed


def camera_still(database: Database, viewer: Viewer, camera_id: int, *, now: datetime) -> datetime:
    """When the camera's newest still was taken, logged as seen. Raises NotFound."""
    with database.reading() as session:
        camera = find_camera(session, viewer, camera_id, *CAMERA_READERS)
        if camera.still_at is None:
            raise NotFound(f"camera {camera.slug} has sent no still yet")
        taken = camera.still_at
        act = _Act("still.viewed", f"camera:{camera.id}/still", camera.ward_id)
        noted = _noted_lately(session, viewer, act, now)
    if not noted:
        _note(database, viewer, act, now, {})
    return taken


def still_of_zone(
    database: Database, viewer: Viewer, camera_id: int, zone: str, *, now: datetime
) -> ZoneView:
    """The zone whose picture is asked for, logged as seen. Raises RoleNeeded, NotFound."""
    viewer.require(*CAMERA_KEEPERS)
    with database.reading() as session:
        camera = find_camera(session, viewer, camera_id, *CAMERA_KEEPERS)
        found = next((view for view in zones_of(session, camera) if view.zone == zone), None)
        if found is None:
            raise NotFound(f"camera {camera.slug} has no zone {zone}")
        act = _Act("still.viewed", f"camera:{camera.id}/zone:{zone}/still", camera.ward_id)
        noted = _noted_lately(session, viewer, act, now)
    if not noted:
        _note(database, viewer, act, now, {})
    return found


def still_of_test(database: Database, viewer: Viewer, camera_id: int, *, now: datetime) -> datetime:
    """When the camera's newest test was answered, its picture logged as seen. Raises NotFound."""
    with database.reading() as session:
        test = newest_of(session, viewer, camera_id, now=now)
        if test is None or not test.has_still:
            raise NotFound(f"camera {camera_id} was not tested, or the test took no picture")
        camera = find_camera(session, viewer, camera_id, *CAMERA_KEEPERS)
        act = _Act("still.viewed", f"camera:{camera.id}/test", camera.ward_id)
        noted = _noted_lately(session, viewer, act, now)
    if not noted:
        _note(database, viewer, act, now, {})
    return test.answered_at or test.asked_at


def _noted_lately(session: Session, viewer: Viewer, act: _Act, now: datetime) -> bool:
    found = session.scalar(
        select(AuditEntry.seq)
        .where(
            AuditEntry.object == act.subject,
            AuditEntry.action == act.action,
            AuditEntry.ward_id == act.ward_id,
            AuditEntry.actor == f"account:{viewer.login}",
            AuditEntry.at > now - ONE_VIEWING,
        )
        .limit(1)
    )
    return found is not None


def _note(
    database: Database, viewer: Viewer, act: _Act, now: datetime, detail: dict[str, str]
) -> None:
    with database.writing() as session:
        audit.append(
            session,
            viewer,
            act.action,
            act.subject,
            now=now,
            ward_id=act.ward_id,
            detail=detail,
        )
