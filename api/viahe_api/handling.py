"""What follows a confirmed case: another person hands it over, and outcomes are recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from viahe_api import audit
from viahe_api.errors import Conflict, FormFault, RoleNeeded, SecondPersonNeeded
from viahe_api.law import Deadline, Reminders, bases_for, local_day, reminders
from viahe_api.leases import NEVER_DECIDE
from viahe_api.refs import find_case, ref_of
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Camera, Case, Decision, Grant, HandlingStep, LegalBasis
from viahe_api.vocabulary import CASE_READERS, CaseState, Handling, Role, Verdict
from viahe_rules.domain import Act

LONGEST_NOTE = 2000
LISTED = 200

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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done and what its paper says; `amount` in đồng."""

    step: Handling
    number: str = ""
    day: date | None = None
    amount: int | None = None
    basis_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    step: Handling
    by: str
    at: datetime
    number: str
    day: date | None
    amount: int | None
    basis: str
    note: str


@dataclass(frozen=True, slots=True)
class HandlingView:
    """`may_approve`: this viewer may hand the case over or return it now. `own`: they may not
    because they confirmed it. `offered`: outcomes they may record now."""

    ref: str
    steps: tuple[StepView, ...]
    handling: Handling | None
    may_approve: bool
    own: bool
    offered: tuple[Handling, ...]
    bases: tuple[LegalBasis, ...]
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class HandledCase:
    """A line of the approver's lists."""

    ref: str
    code: str
    ward: str
    act: Act
    address: str
    group: str | None
    start_at: datetime
    handling: Handling | None
    deadline: Deadline | None


def handling_of(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> HandlingView:
    """How far a case has been taken, and what this viewer may do next. Raises NotFound."""
    case = find_case(session, viewer, ref, *CASE_READERS)
    steps = _steps(session, case)
    confirmed = case.state is CaseState.SUFFICIENT
    may = confirmed and _may_handle(session, viewer, case)
    own = may and case.handling is None and _confirmer(session, case) == viewer.account_id
    return HandlingView(
        ref_of(case.code, case.ward, viewer),
        tuple(_step_view(step) for step in steps),
        case.handling,
        may and case.handling is None and not own,
        own,
        FOLLOWING.get(case.handling, ()) if may and case.handling else (),
        bases_for(session, case.act, case.start_at) if may else (),
        _deadline(reminders(session), case.handling, steps, now),
    )


def handled_cases(
    session: Session, viewer: Viewer, *, handed_over: bool, now: datetime
) -> tuple[HandledCase, ...]:
    """Confirmed cases that wait for an approver, or those handed over and not closed, oldest
    first; at most 200. Raises RoleNeeded."""
    viewer.require(Role.APPROVER)
    stage = (
        (Case.handling.is_not(None), Case.handling != Handling.CLOSED)
        if handed_over
        else (Case.handling.is_(None),)
    )
    statement = (
        select(Case)
        .where(Case.state == CaseState.SUFFICIENT, Case.completed_at.is_not(None), *stage)
        .options(joinedload(Case.ward), joinedload(Case.camera).joinedload(Camera.group))
        .order_by(Case.start_at, Case.id)
        .limit(LISTED)
    )
    cases = session.scalars(scoped(statement, Case.ward_id, viewer, Role.APPROVER)).all()
    rules = reminders(session)
    steps = _steps_of(session, [case.id for case in cases]) if handed_over else {}
    return tuple(_line(case, viewer, rules, steps.get(case.id, []), now) for case in cases)


def hand_over(
    session: Session, viewer: Viewer, ref: str, *, form_id: str, now: datetime, note: str = ""
) -> None:
    """Hand a confirmed case over to those who sanction: from now on nothing of it is undone.

    The same form again changes nothing. Raises RoleNeeded, SecondPersonNeeded for whoever
    confirmed it, Conflict if it is not confirmed or was handed over, FormFault, NotFound.
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

    Deadlines never refuse anything. Raises RoleNeeded, Conflict if the step does not follow,
    FormFault for a paper without number, day, basis or amount, NotFound.
    """
    if _sent_before(session, viewer, form_id):
        return
    case = _handleable(session, viewer, ref)
    if case.handling is None or outcome.step not in FOLLOWING.get(case.handling, ()):
        raise Conflict(f"{case.code} is {case.handling or case.state}: not {outcome.step} next")
    _check_paper(session, case, outcome, now)
    _keep(session, viewer, case, outcome, form_id, now)
    case.handling = outcome.step


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
    if _confirmer(session, case) == viewer.account_id:
        raise SecondPersonNeeded(f"{viewer.login} confirmed {case.code}: another approves it")
    return case


def _handleable(session: Session, viewer: Viewer, ref: str) -> Case:
    case = find_case(session, viewer, ref, *CASE_READERS, lock=True)
    if not _may_handle(session, viewer, case):
        raise RoleNeeded(Role.APPROVER)
    return case


def _may_handle(session: Session, viewer: Viewer, case: Case) -> bool:
    granted = select(Grant.role).where(
        Grant.account_id == viewer.account_id, Grant.ward_id == case.ward_id
    )
    roles = set(session.scalars(granted))
    return Role.APPROVER in roles and not roles & NEVER_DECIDE


def _confirmer(session: Session, case: Case) -> int | None:
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


def _steps(session: Session, case: Case) -> list[HandlingStep]:
    return _steps_of(session, [case.id]).get(case.id, [])


def _steps_of(session: Session, case_ids: Sequence[int]) -> dict[int, list[HandlingStep]]:
    statement = (
        select(HandlingStep)
        .where(HandlingStep.case_id.in_(case_ids))
        .options(joinedload(HandlingStep.account), joinedload(HandlingStep.basis))
        .order_by(HandlingStep.id)
    )
    found: dict[int, list[HandlingStep]] = {}
    for step in session.scalars(statement):
        found.setdefault(step.case_id, []).append(step)
    return found


def _deadline(
    rules: Reminders, handling: Handling | None, steps: Sequence[HandlingStep], now: datetime
) -> Deadline | None:
    last = next((step for step in reversed(steps) if step.step is handling), None)
    if last is None:
        return None
    return rules.after(last.step, last.day or local_day(last.at), local_day(now))


def _step_view(step: HandlingStep) -> StepView:
    basis = f"{step.basis.provision}, {step.basis.instrument}" if step.basis else ""
    return StepView(
        step.step, step.account.name, step.at, step.number, step.day, step.amount, basis, step.note
    )


def _line(
    case: Case, viewer: Viewer, rules: Reminders, steps: Sequence[HandlingStep], now: datetime
) -> HandledCase:
    return HandledCase(
        ref_of(case.code, case.ward, viewer),
        case.code,
        case.ward.name,
        case.act,
        case.camera.address,
        case.camera.group.name if case.camera.group else None,
        case.start_at,
        case.handling,
        _deadline(rules, case.handling, steps, now),
    )
