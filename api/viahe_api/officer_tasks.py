"""What a field officer was sent for, and what they found there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, or_
from sqlalchemy.orm import Session, joinedload, selectinload

from viahe_api.case_places import place_of, with_place
from viahe_api.casefile import still_of
from viahe_api.errors import FormFault, NotFound
from viahe_api.field_tasks import LONGEST_TEXT, log_task, tasks_with_case
from viahe_api.photo_files import PhotoFile, row_of
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Case, EvidenceFile, FieldTask
from viahe_api.vocabulary import Finding, Role
from viahe_rules.domain import Act

SHOWN_FOR = timedelta(days=7)
"""How long an officer still sees what they have done."""


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as its officer sees it: nothing of the case but what the place needs. `still` is
    the name of a picture there is of it; both are gone once the finding is in."""

    id: int
    ward: str
    act: Act
    address: str
    street: str
    group: str | None
    act_at: datetime
    to_check: str
    asked_by: str
    asked_at: datetime
    still: str | None
    finding: Finding | None
    note: str
    found_at: datetime | None


def my_tasks(session: Session, viewer: Viewer, *, now: datetime) -> tuple[TaskView, ...]:
    """What the viewer was sent for: open tasks first, the longest waiting first, then those
    done in the last week. Raises RoleNeeded."""
    viewer.require(Role.FIELD_OFFICER)
    lately = or_(FieldTask.found_at.is_(None), FieldTask.found_at > now - SHOWN_FOR)
    statement = _mine(viewer).where(lately).order_by(FieldTask.asked_at, FieldTask.id)
    rows = session.scalars(scoped(statement, Case.ward_id, viewer, Role.FIELD_OFFICER)).all()
    done = sorted((row for row in rows if row.found_at), key=lambda row: row.id, reverse=True)
    return tuple(_task(row) for row in (*(row for row in rows if not row.found_at), *done))


def open_task(session: Session, viewer: Viewer, task_id: int) -> FieldTask:
    """The viewer's own task that waits for a finding, with its case, ward and files.

    Raises NotFound for another's, a withdrawn and a done one, RoleNeeded.
    """
    task = _own_task(session, viewer, task_id)
    if task.found_at is not None:
        raise NotFound(f"task {task_id} is done")
    return task


def task_still(session: Session, viewer: Viewer, task_id: int) -> EvidenceFile:
    """The picture that shows an officer what to look for. Raises NotFound."""
    still = still_of(open_task(session, viewer, task_id).case)
    if still is None:
        raise NotFound(f"task {task_id} has no picture")
    return still


def record_finding(
    session: Session,
    viewer: Viewer,
    task_id: int,
    finding: str,
    note: str,
    photos: Sequence[PhotoFile] = (),
    *,
    now: datetime,
) -> None:
    """What was found at the place; the same again changes nothing. `photos` are on disk already.

    Raises FormFault (`finding_needed`, `note_too_long`), NotFound, RoleNeeded.
    """
    task = _own_task(session, viewer, task_id, lock=True)
    if task.found_at is not None:
        return
    if finding not in set(Finding):
        raise FormFault("finding_needed", "choose what was found")
    if len(note) > LONGEST_TEXT:
        raise FormFault("note_too_long", f"a note has at most {LONGEST_TEXT} characters")
    task.finding, task.note, task.found_at = Finding(finding), note.strip(), now
    for photo in photos:
        row = row_of(photo)
        row.case_id, row.stored_at = task.case_id, now
        session.add(row)
    session.flush()
    files = {photo.name: photo.sha256 for photo in photos}
    detail = {"task": task.id, "finding": finding, "files": files}
    log_task(session, viewer, task.case, "case.finding", detail, now)


def _own_task(session: Session, viewer: Viewer, task_id: int, *, lock: bool = False) -> FieldTask:
    viewer.require(Role.FIELD_OFFICER)
    statement = _mine(viewer).where(FieldTask.id == task_id)
    if lock:
        statement = statement.with_for_update(of=FieldTask)
    task = session.scalar(scoped(statement, Case.ward_id, viewer, Role.FIELD_OFFICER))
    if task is None:
        raise NotFound(f"no task {task_id} of {viewer.login}")
    return task


def _mine(viewer: Viewer) -> Select[FieldTask]:
    return (
        tasks_with_case()
        .where(FieldTask.officer_id == viewer.account_id, FieldTask.withdrawn_at.is_(None))
        .options(
            joinedload(FieldTask.case).options(*with_place(), selectinload(Case.files)),
            joinedload(FieldTask.asked_by),
        )
    )


def _task(row: FieldTask) -> TaskView:
    place = place_of(row.case)
    still = None if row.found_at else still_of(row.case)
    return TaskView(
        row.id,
        row.case.ward.name,
        row.case.act,
        place.address,
        place.street,
        place.group,
        row.case.start_at,
        row.to_check,
        row.asked_by.name,
        row.asked_at,
        still.name if still else None,
        row.finding,
        row.note,
        row.found_at,
    )
