"""What follows a confirmed case: another person hands it over, and outcomes are recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.errors import (
    Conflict,
    FormFault,
    RoleNeeded,
    SecondPersonNeeded,
)
from viahe_api.law import bases_for, local_day
from viahe_api.leases import NEVER_DECIDE
from viahe_api.refs import find_case
from viahe_api.scope import Viewer
from viahe_api.second_reviews import require_look
from viahe_api.tables import Case, Decision, Grant, HandlingStep
from viahe_api.vocabulary import CASE_READERS, CaseState, Handling, Role, Verdict

LONGEST_NOTE = 2000

H = Handling
FOLLOWING: Mapping[Handling, tuple[Handling, ...]] = MappingProxyType(
    {
        H.HANDED_OVER: (H.REMINDED, H.COMMITTED, H.RECORDED, H.CLOSED),
        H.REMINDED: (H.REMINDED, H.COMMITTED, H.RECORDED, H.CLOSED),
        H.COMMITTED: (H.COMMITTED, H.RECORDED, H.CLOSED),
        H.RECORDED: (H.RECORDED, H.SANCTIONED, H.CLOSED),
        H.SANCTIONED: (H.SANCTIONED, H.COMPLIED, H.CLOSED),
        H.COMPLIED: (H.COMPLIED, H.CLOSED),
    }
)
"""What may be recorded after which step; a step again corrects what was entered before."""
WITH_PAPER = frozenset({H.RECORDED, H.SANCTIONED})
"""Steps that stand on a numbered, dated paper and a legal basis."""
OUTCOMES = frozenset(step for following in FOLLOWING.values() for step in following)
"""What can be taken back: not the hand-over, after which others act."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done and what its paper says; `amount` in đồng."""

    step: Handling
    number: str = ""
    day: date | None = None
    amount: int | None = None
    basis_id: int | None = None
    note: str = ""


def hand_over(
    session: Session, viewer: Viewer, ref: str, *, form_id: str, now: datetime, note: str = ""
) -> None:
    """Hand a confirmed case over to those who sanction: from now on nothing of it is undone.

    The same form again changes nothing. Raises RoleNeeded, SecondPersonNeeded for whoever
    confirmed it, LookFirst for who is to look at it a second time, Conflict if it is not confirmed
    or was handed over, FormFault, NotFound.
    """
    if _sent_before(session, viewer, form_id):
        return
    case = _approvable(session, viewer, ref)
    _keep(session, viewer, case, Outcome(Handling.HANDED_OVER, note=note), form_id, now)
    case.handling = Handling.HANDED_OVER


def give_back(
    session: Session, viewer: Viewer, ref: str, note: str, *, form_id: str, now: datetime
) -> None:
    """Return a confirmed case to the operators, with what is missing. Raises as `hand_over`,
    and FormFault without a note."""
    if _sent_before(session, viewer, form_id):
        return
    if not note.strip():
        raise FormFault("return_note_needed", "say in the note what is missing")
    case = _approvable(session, viewer, ref)
    _keep(session, viewer, case, Outcome(Handling.RETURNED, note=note), form_id, now)
    case.state = CaseState.NEEDS_MORE


def record_outcome(
    session: Session, viewer: Viewer, ref: str, outcome: Outcome, *, form_id: str, now: datetime
) -> None:
    """Record what became of a case that was handed over.

    Deadlines never refuse anything. Raises RoleNeeded, LookFirst, Conflict if the step does not
    follow, FormFault for a paper without number, day, basis or amount, NotFound.
    """
    if _sent_before(session, viewer, form_id):
        return
    case = _handleable(session, viewer, ref)
    if case.handling is None or outcome.step not in FOLLOWING.get(case.handling, ()):
        raise Conflict(f"{case.code} is {case.handling or case.state}: not {outcome.step} next")
    _check_paper(session, case, outcome, now)
    _keep(session, viewer, case, outcome, form_id, now)
    case.handling = outcome.step


def may_handle(session: Session, viewer: Viewer, case: Case) -> bool:
    """Whether the viewer approves in the case's ward now, and is nothing there that bars it."""
    granted = select(Grant.role).where(
        Grant.account_id == viewer.account_id, Grant.ward_id == case.ward_id
    )
    roles = set(session.scalars(granted))
    return Role.APPROVER in roles and not roles & NEVER_DECIDE


def confirmer(session: Session, case: Case) -> int | None:
    """The account that confirmed the case, as it stands."""
    return session.scalar(
        select(Decision.account_id)
        .where(
            Decision.case_id == case.id,
            Decision.verdict == Verdict.CONFIRM,
            Decision.undone_at.is_(None),
        )
        .order_by(Decision.id.desc())
        .limit(1)
    )


def _check_paper(session: Session, case: Case, outcome: Outcome, now: datetime) -> None:
    if outcome.day is not None and outcome.day > local_day(now):
        raise FormFault("day_in_future", "the paper's day has not come yet")
    if outcome.step in WITH_PAPER:
        if not outcome.number.strip():
            raise FormFault("number_needed", "give the paper's number")
        if outcome.day is None:
            raise FormFault("day_needed", "give the paper's day")
        offered = {basis.id for basis in bases_for(session, case.act, case.start_at)}
        if outcome.basis_id not in offered:
            raise FormFault("basis_needed", "choose a basis in force on the day of the act")
    if outcome.step is Handling.SANCTIONED and not outcome.amount:
        raise FormFault("amount_needed", "give the amount in đồng")


def _approvable(session: Session, viewer: Viewer, ref: str) -> Case:
    case = _handleable(session, viewer, ref)
    if case.handling is not None or case.state is not CaseState.SUFFICIENT:
        raise Conflict(f"{case.code} is {case.handling or case.state}: nothing to approve")
    if confirmer(session, case) == viewer.account_id:
        raise SecondPersonNeeded(f"{viewer.login} confirmed {case.code}: another approves it")
    return case


def _handleable(session: Session, viewer: Viewer, ref: str) -> Case:
    case = find_case(session, viewer, ref, *CASE_READERS, lock=True)
    if not may_handle(session, viewer, case):
        raise RoleNeeded(Role.APPROVER)
    require_look(session, viewer, case)
    return case


def _sent_before(session: Session, viewer: Viewer, form_id: str) -> bool:
    if not 0 < len(form_id) <= 64:
        raise FormFault("form_id", "a form carries the id it was given")
    known = select(HandlingStep.id).where(
        HandlingStep.account_id == viewer.account_id, HandlingStep.form_id == form_id
    )
    return session.scalar(known) is not None


def _keep(
    session: Session, viewer: Viewer, case: Case, outcome: Outcome, form_id: str, now: datetime
) -> None:
    if len(outcome.note) > LONGEST_NOTE:
        raise FormFault("note_too_long", f"a note has at most {LONGEST_NOTE} characters")
    step = HandlingStep(
        ward_id=case.ward_id,
        case_id=case.id,
        account_id=viewer.account_id,
        form_id=form_id,
        step=outcome.step,
        basis_id=outcome.basis_id,
        number=outcome.number.strip()[:80],
        day=outcome.day,
        amount=outcome.amount,
        note=outcome.note.strip(),
        at=now,
    )
    session.add(step)
    session.flush()
    detail = {
        "step": step.id,
        "number": step.number,
        "day": step.day and step.day.isoformat(),
        "amount": step.amount,
        "basis": step.basis_id,
    }
    audit.append(
        session,
        viewer,
        f"case.{outcome.step}",
        f"case:{case.code}",
        now=now,
        ward_id=case.ward_id,
        detail=detail,
    )
