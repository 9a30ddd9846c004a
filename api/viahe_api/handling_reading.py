"""How far confirmed cases have been taken, and what a viewer may do with them next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from viahe_api.case_places import place_of, with_place
from viahe_api.handling import FOLLOWING, confirmer, may_handle
from viahe_api.law import Deadline, Reminders, bases_for, local_day, reminders
from viahe_api.refs import find_case, ref_of
from viahe_api.scope import Viewer, scoped
from viahe_api.second_reviews import blind_to, require_look
from viahe_api.tables import Case, HandlingStep, HandlingUndo, LegalBasis
from viahe_api.taking_back import can_take_back
from viahe_api.vocabulary import CASE_READERS, CaseState, Handling, Role
from viahe_rules.domain import Act

S = TypeVar("S")

LISTED = 200


@dataclass(frozen=True, slots=True)
class StepView:
    """`undone` says who took it back and when; `undoable` that this viewer may, now."""

    id: int
    step: Handling
    by: str
    at: datetime
    number: str
    day: date | None
    amount: int | None
    basis: str
    note: str
    undone: tuple[str, datetime] | None
    undoable: bool


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
    street: str
    group: str | None
    start_at: datetime
    handling: Handling | None
    deadline: Deadline | None


def handling_of(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> HandlingView:
    """How far a case has been taken, and what this viewer may do next. Raises NotFound, and
    LookFirst to an approver who is to look at it a second time."""
    case = find_case(session, viewer, ref, *CASE_READERS)
    steps = _steps_of(session, [case.id]).get(case.id, [])
    standing = [step for step in steps if step.undo is None]
    confirmed = case.state is CaseState.SUFFICIENT
    may = confirmed and may_handle(session, viewer, case)
    if may:
        require_look(session, viewer, case)
    own = may and case.handling is None and confirmer(session, case) == viewer.account_id
    return HandlingView(
        ref_of(case.code, case.ward, viewer),
        tuple(_step_view(step, standing, viewer if may else None) for step in steps),
        case.handling,
        may and case.handling is None and not own,
        own,
        FOLLOWING.get(case.handling, ()) if may and case.handling else (),
        bases_for(session, case.act, case.start_at) if may else (),
        _deadline(reminders(session), case.handling, standing, now) if standing else None,
    )


def handled_cases(
    session: Session, viewer: Viewer, *, handed_over: bool, now: datetime
) -> tuple[HandledCase, ...]:
    """Confirmed cases that wait for an approver, or those handed over and not closed, oldest
    first; at most 200, of those that `count_handled` counts. Raises RoleNeeded."""
    viewer.require(Role.APPROVER)
    statement = (
        _of_stage(select(Case), viewer, handed_over=handed_over)
        .options(joinedload(Case.ward), *with_place())
        .order_by(Case.start_at, Case.id)
        .limit(LISTED)
    )
    cases = session.scalars(scoped(statement, Case.ward_id, viewer, Role.APPROVER)).all()
    rules = reminders(session)
    steps = _steps_of(session, [case.id for case in cases]) if handed_over else {}
    return tuple(_line(case, viewer, rules, steps.get(case.id, []), now) for case in cases)


def count_handled(session: Session, viewer: Viewer, *, handed_over: bool) -> int:
    """How many cases wait for an approver, or were handed over and are not closed. Raises
    RoleNeeded."""
    viewer.require(Role.APPROVER)
    statement = _of_stage(select(func.count(Case.id)), viewer, handed_over=handed_over)
    return session.scalars(scoped(statement, Case.ward_id, viewer, Role.APPROVER)).one()


def _of_stage(statement: Select[S], viewer: Viewer, *, handed_over: bool) -> Select[S]:
    """Without those that wait for the viewer's own second look: to be listed here says it all."""
    stage = (
        (Case.handling.is_not(None), Case.handling != Handling.CLOSED)
        if handed_over
        else (Case.handling.is_(None),)
    )
    return statement.where(
        Case.state == CaseState.SUFFICIENT,
        Case.completed_at.is_not(None),
        Case.id.not_in(blind_to(viewer)),
        *stage,
    )


def _steps_of(session: Session, case_ids: Sequence[int]) -> dict[int, list[HandlingStep]]:
    statement = (
        select(HandlingStep)
        .where(HandlingStep.case_id.in_(case_ids))
        .options(
            joinedload(HandlingStep.account),
            joinedload(HandlingStep.basis),
            joinedload(HandlingStep.undo).joinedload(HandlingUndo.account),
        )
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


def _step_view(
    step: HandlingStep, standing: Sequence[HandlingStep], handler: Viewer | None
) -> StepView:
    """`handler` is the viewer if they may handle the case at all."""
    return StepView(
        step.id,
        step.step,
        step.account.name,
        step.at,
        step.number,
        step.day,
        step.amount,
        f"{step.basis.provision}, {step.basis.instrument}" if step.basis else "",
        step.note,
        (step.undo.account.name, step.undo.at) if step.undo else None,
        handler is not None and can_take_back(step, standing, handler),
    )


def _line(
    case: Case, viewer: Viewer, rules: Reminders, steps: Sequence[HandlingStep], now: datetime
) -> HandledCase:
    place = place_of(case)
    standing = [step for step in steps if step.undo is None]
    return HandledCase(
        ref_of(case.code, case.ward, viewer),
        case.code,
        case.ward.name,
        case.act,
        place.address,
        place.street,
        place.group,
        case.start_at,
        case.handling,
        _deadline(rules, case.handling, standing, now),
    )
