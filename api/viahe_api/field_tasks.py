"""Approvers send field officers to the places of confirmed cases. What officers see and find is
in `officer_tasks`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from viahe_api import audit
from viahe_api.errors import Conflict, FormFault, NotFound, RoleNeeded
from viahe_api.handling import may_handle
from viahe_api.refs import find_case, media_url, ref_of
from viahe_api.scope import Viewer, scoped
from viahe_api.second_reviews import require_look
from viahe_api.tables import Account, Case, EvidenceFile, FieldTask, Grant
from viahe_api.vocabulary import CASE_READERS, CaseState, FileKind, Finding, Handling, Role

LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who can be sent."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class SentView:
    """A task as the case's page shows it; `photos` are addresses."""

    id: int
    officer: str
    asked_by: str
    asked_at: datetime
    to_check: str
    finding: Finding | None
    note: str
    found_at: datetime | None
    withdrawn_at: datetime | None
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseTasks:
    """Who was sent for a case. `officers` is empty where this viewer cannot send anybody now."""

    sent: tuple[SentView, ...]
    officers: tuple[Officer, ...]
    may_withdraw: bool


def send_officer(
    session: Session,
    viewer: Viewer,
    ref: str,
    officer_id: int | None,
    to_check: str,
    *,
    form_id: str,
    now: datetime,
) -> None:
    """Ask a field officer of the case's ward to look at the place. The same form asks once.

    Raises RoleNeeded, LookFirst, Conflict if the case is not confirmed or is closed, FormFault
    (`officer_needed`, `check_needed`, `form_id`), NotFound.
    """
    if not 0 < len(form_id) <= 64:
        raise FormFault("form_id", "a form carries the id it was given")
    case = find_case(session, viewer, ref, *CASE_READERS, lock=True)
    if not may_handle(session, viewer, case):
        raise RoleNeeded(Role.APPROVER)
    require_look(session, viewer, case)
    sent = select(FieldTask.id).where(
        FieldTask.asked_by_id == viewer.account_id, FieldTask.form_id == form_id
    )
    if session.scalar(sent) is not None:
        return
    if not _open(case):
        raise Conflict(f"{case.code} is {case.handling or case.state}: nobody is sent for it")
    if officer_id not in {officer.id for officer in _officers(session, case.ward_id)}:
        raise FormFault("officer_needed", "choose a field officer of this ward")
    if not 0 < len(to_check.strip()) <= LONGEST_TEXT:
        raise FormFault("check_needed", f"say what to check in 1 to {LONGEST_TEXT} characters")
    task = FieldTask(
        case_id=case.id,
        officer_id=officer_id,
        asked_by_id=viewer.account_id,
        form_id=form_id,
        to_check=to_check.strip(),
        asked_at=now,
    )
    session.add(task)
    session.flush()
    log_task(
        session, viewer, case, "case.officer_sent", {"task": task.id, "officer": officer_id}, now
    )


def withdraw_task(session: Session, viewer: Viewer, task_id: int, *, now: datetime) -> str:
    """Call an officer back; returns the case's ref. Done already, nothing changes.

    Raises RoleNeeded, NotFound.
    """
    statement = tasks_with_case().where(FieldTask.id == task_id)
    task = session.scalar(scoped(statement, Case.ward_id, viewer, *CASE_READERS))
    if task is None:
        raise NotFound(f"no task {task_id} in the wards of {viewer.login}")
    if not may_handle(session, viewer, task.case):
        raise RoleNeeded(Role.APPROVER)
    session.refresh(task, with_for_update={"of": FieldTask})
    if task.found_at is None and task.withdrawn_at is None:
        task.withdrawn_at = now
        session.flush()
        log_task(session, viewer, task.case, "case.officer_called_back", {"task": task.id}, now)
    return ref_of(task.case.code, task.case.ward, viewer)


def case_tasks(session: Session, viewer: Viewer, ref: str) -> CaseTasks:
    """Who was sent for a case, and who can be. Raises NotFound or Ambiguous."""
    case = find_case(session, viewer, ref, *CASE_READERS)
    rows = session.scalars(
        select(FieldTask)
        .where(FieldTask.case_id == case.id)
        .options(joinedload(FieldTask.officer), joinedload(FieldTask.asked_by))
        .order_by(FieldTask.id)
    ).all()
    photos = select(EvidenceFile.name).where(
        EvidenceFile.case_id == case.id,
        EvidenceFile.kind == FileKind.PHOTO,
        EvidenceFile.stored_at.is_not(None),
    )
    names = session.scalars(photos.order_by(EvidenceFile.name)).all()
    shown_ref = ref_of(case.code, case.ward, viewer)
    may = may_handle(session, viewer, case)
    return CaseTasks(
        tuple(_sent(row, shown_ref, names) for row in rows),
        _officers(session, case.ward_id) if may and _open(case) else (),
        may,
    )


def tasks_with_case() -> Select[FieldTask]:
    """Tasks, each with its case and ward."""
    return (
        select(FieldTask)
        .join(FieldTask.case)
        .options(joinedload(FieldTask.case).joinedload(Case.ward))
    )


def log_task(
    session: Session,
    viewer: Viewer,
    case: Case,
    action: str,
    detail: dict[str, object],
    now: datetime,
) -> None:
    """An audit row on a case somebody is sent for."""
    audit.append(
        session,
        viewer,
        action,
        f"case:{case.code}",
        now=now,
        ward_id=case.ward_id,
        detail=detail,
    )


def _open(case: Case) -> bool:
    return case.state is CaseState.SUFFICIENT and case.handling is not Handling.CLOSED


def _officers(session: Session, ward_id: int) -> tuple[Officer, ...]:
    statement = (
        select(Account.id, Account.name)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.ward_id == ward_id,
            Grant.role == Role.FIELD_OFFICER,
            Account.disabled_at.is_(None),
        )
        .order_by(Account.name, Account.id)
    )
    return tuple(Officer(*row) for row in session.execute(statement))


def _sent(row: FieldTask, ref: str, photos: Sequence[str]) -> SentView:
    mine = [name for name in photos if name.startswith(f"task_{row.id}_")]
    return SentView(
        row.id,
        row.officer.name,
        row.asked_by.name,
        row.asked_at,
        row.to_check,
        row.finding,
        row.note,
        row.found_at,
        row.withdrawn_at,
        tuple(media_url(ref, name) for name in mine),
    )
