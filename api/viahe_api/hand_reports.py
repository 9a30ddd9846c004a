"""Cases entered by hand: what a citizen reported or a patrol saw, with photos.

As with a detector's, a case is announced with the hashes of its files, the files are stored, and
only then is it complete and in the queue. The same form again finds the same case.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload, selectinload

from viahe_api import audit
from viahe_api.accents import folded
from viahe_api.case_numbers import hold_numbers, next_code
from viahe_api.errors import FormFault, NotFound, RoleNeeded
from viahe_api.leases import NEVER_DECIDE
from viahe_api.photo_files import PhotoFile, row_of
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import (
    Camera,
    Case,
    EvidenceFile,
    Grant,
    HandReport,
    ResidentialGroup,
    Ward,
)
from viahe_api.vocabulary import BY_HAND, CASE_ENTERERS, CaseState, Source
from viahe_rules.domain import Act

LONGEST_DESCRIPTION = 2000
MOST_PHOTOS = 3
OLDEST = timedelta(days=365)
"""An act longer ago than this is past what can still be followed up."""


@dataclass(frozen=True, slots=True)
class HandDraft:
    """A report as entered, checked for sense by `enter`. `group_id` and `camera_id` may be
    None; `at` is when the act was seen."""

    ward_id: int
    act: Act
    source: Source
    address: str
    street: str
    group_id: int | None
    camera_id: int | None
    at: datetime
    description: str


@dataclass(frozen=True, slots=True)
class Entered:
    """Where the files of a case go, and whether it is complete already."""

    case_id: int
    code: str
    ward_code: str
    complete: bool


def enter(
    session: Session,
    viewer: Viewer,
    draft: HandDraft,
    photos: Sequence[PhotoFile],
    *,
    form_id: str,
    now: datetime,
) -> Entered:
    """A case of what the draft says, waiting for its photos; the same form finds it again.

    Raises FormFault (`place`, `description`, `future`, `too_old`, `photos`, `group`, `camera`,
    `form_id`), NotFound for a ward where the viewer may not enter cases, RoleNeeded.
    """
    if not 0 < len(form_id) <= 64:
        raise FormFault("form_id", "a form carries the id it was given")
    ward = _ward(session, viewer, draft.ward_id)
    _check(session, draft, photos, now)
    hold_numbers(session, ward.id, draft.at)  # a second submit waits here for the first
    key = f"hand:{viewer.account_id}:{form_id}"
    case = _known(session, ward.id, key)
    if case is None:
        case = _case(viewer, draft, key, next_code(session, ward.id, draft.at), now)
        session.add(case)
        session.flush()
    if case.completed_at is None:
        _announce(session, case, photos)
    return Entered(case.id, case.code, ward.code, case.completed_at is not None)


def complete(
    session: Session,
    viewer: Viewer,
    entered: Entered,
    photos: Sequence[PhotoFile],
    *,
    now: datetime,
) -> None:
    """Put the case into the queue, since its photos are on disk. If the same form was sent
    again meanwhile with others, that sending completes it."""
    case = session.get_one(
        Case,
        entered.case_id,
        options=(selectinload(Case.files), joinedload(Case.hand_report)),
        with_for_update={"of": Case},
    )
    announced = {file.name for file in case.files}
    if case.completed_at is not None or announced != {photo.name for photo in photos}:
        return
    for file in case.files:
        file.stored_at = now
    case.completed_at = now
    session.flush()
    audit.append(
        session,
        viewer,
        "case.entered",
        f"case:{case.code}",
        now=now,
        ward_id=case.ward_id,
        detail={"source": case.source, "files": {file.name: file.sha256 for file in case.files}},
    )


def _ward(session: Session, viewer: Viewer, ward_id: int) -> Ward:
    viewer.require(*CASE_ENTERERS)
    statement = select(Ward).where(Ward.id == ward_id)
    ward = session.scalar(scoped(statement, Ward.id, viewer, *CASE_ENTERERS))
    if ward is None:
        raise NotFound(f"no ward {ward_id} where {viewer.login} enters cases")
    held = session.scalars(
        select(Grant.role).where(Grant.account_id == viewer.account_id, Grant.ward_id == ward.id)
    )
    if set(held) & NEVER_DECIDE:
        raise RoleNeeded(*CASE_ENTERERS)
    return ward


def _check(session: Session, draft: HandDraft, photos: Sequence[PhotoFile], now: datetime) -> None:
    if draft.source not in BY_HAND:
        raise FormFault("source", "a person enters what a citizen or a patrol saw")
    if not 0 < len(draft.address.strip()) <= 200 or len(draft.street) > 120:
        raise FormFault("place", "say where it is, in at most 200 characters")
    if not 0 < len(draft.description.strip()) <= LONGEST_DESCRIPTION:
        raise FormFault("description", f"describe it in 1 to {LONGEST_DESCRIPTION} characters")
    if draft.at > now:
        raise FormFault("future", "the act has not happened yet")
    if draft.at < now - OLDEST:
        raise FormFault("too_old", "the act is more than a year ago")
    if not 1 <= len({photo.number for photo in photos}) <= MOST_PHOTOS:
        raise FormFault("photos", f"a report has one to {MOST_PHOTOS} photos")
    group = session.get(ResidentialGroup, draft.group_id) if draft.group_id else None
    if draft.group_id is not None and (group is None or group.ward_id != draft.ward_id):
        raise FormFault("group", f"this ward has no group {draft.group_id}")
    camera = session.get(Camera, draft.camera_id) if draft.camera_id else None
    if draft.camera_id is not None and (camera is None or camera.ward_id != draft.ward_id):
        raise FormFault("camera", f"this ward has no camera {draft.camera_id}")


def _known(session: Session, ward_id: int, key: str) -> Case | None:
    return session.scalar(
        select(Case)
        .where(Case.ward_id == ward_id, Case.key == key)
        .execution_options(populate_existing=True)
    )


def _announce(session: Session, case: Case, photos: Sequence[PhotoFile]) -> None:
    """These photos and no others: an earlier sending of the form did not get its own on disk."""
    session.execute(delete(EvidenceFile).where(EvidenceFile.case_id == case.id))
    for photo in photos:
        row = row_of(photo)
        row.case_id = case.id
        session.add(row)
    session.flush()


def _case(viewer: Viewer, draft: HandDraft, key: str, code: str, now: datetime) -> Case:
    """What only a detector can say of a case stays empty."""
    return Case(
        ward_id=draft.ward_id,
        source=draft.source,
        camera_id=draft.camera_id,
        key=key,
        code=code,
        content_sha256=_content_hash(draft),
        act=draft.act,
        run="",
        zone="",
        zone_version=0,
        rule="",
        label="",
        place=[],
        start_t=0.0,
        end_t=0.0,
        score=0.0,
        reasons=[],
        thresholds=[],
        start_at=draft.at,
        end_at=draft.at,
        clock_source="typed",
        model_name="",
        model_sha256="",
        detector="",
        state=CaseState.WAITING,
        received_at=now,
        hand_report=_report(viewer, draft),
    )


def _report(viewer: Viewer, draft: HandDraft) -> HandReport:
    address, street = draft.address.strip(), draft.street.strip()
    return HandReport(
        ward_id=draft.ward_id,
        entered_by_id=viewer.account_id,
        group_id=draft.group_id,
        address=address,
        street=street,
        searched=folded(f"{address} {street}"),
        description=draft.description.strip(),
    )


def _content_hash(draft: HandDraft) -> str:
    said = {name: str(value) for name, value in asdict(draft).items()}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
