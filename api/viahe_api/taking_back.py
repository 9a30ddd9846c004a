"""An outcome that was entered wrongly is taken back, as long as nobody has built on it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from viahe_api import audit
from viahe_api.errors import NotFound, NotUndoable, RoleNeeded
from viahe_api.handling import OUTCOMES, may_handle
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Case, HandlingStep, HandlingUndo
from viahe_api.vocabulary import CASE_READERS, Role


def take_back(session: Session, viewer: Viewer, step_id: int, *, now: datetime) -> Case:
    """Take back an outcome one has recorded: the step stays on file, marked, and the case is
    where it was before. The same again changes nothing.

    Raises NotUndoable for another's step, for one that somebody has built on and for a
    hand-over or a return, RoleNeeded, NotFound.
    """
    step = _find_step(session, viewer, step_id)
    case = step.case
    session.refresh(case, with_for_update={"of": Case})
    if not may_handle(session, viewer, case):
        raise RoleNeeded(Role.APPROVER)
    if step.undo is not None and step.account_id == viewer.account_id:
        return case
    standing = standing_steps(session, case.id)
    if not can_take_back(step, standing, viewer):
        raise NotUndoable(f"step {step_id} is another's, no outcome, or was built upon")
    session.add(HandlingUndo(step_id=step.id, account_id=viewer.account_id, at=now))
    case.handling = standing[-2].step
    session.flush()
    audit.append(
        session,
        viewer,
        "case.outcome_undone",
        f"case:{case.code}",
        now=now,
        ward_id=case.ward_id,
        detail={"step": step.id, "undone": step.step, "now": case.handling},
    )
    return case


def can_take_back(step: HandlingStep, standing: Sequence[HandlingStep], viewer: Viewer) -> bool:
    """Whether the viewer may take the step back; `standing` are the steps of its case that are
    not undone, oldest first."""
    newest = len(standing) > 1 and standing[-1].id == step.id
    return newest and step.step in OUTCOMES and step.account_id == viewer.account_id


def standing_steps(session: Session, case_id: int) -> list[HandlingStep]:
    """The steps of a case that nobody took back, oldest first."""
    statement = (
        select(HandlingStep)
        .where(HandlingStep.case_id == case_id, ~HandlingStep.undo.has())
        .order_by(HandlingStep.id)
    )
    return list(session.scalars(statement))


def _find_step(session: Session, viewer: Viewer, step_id: int) -> HandlingStep:
    statement = (
        select(HandlingStep)
        .join(HandlingStep.case)
        .where(HandlingStep.id == step_id)
        .options(joinedload(HandlingStep.case), joinedload(HandlingStep.undo))
    )
    step = session.scalar(scoped(statement, Case.ward_id, viewer, *CASE_READERS))
    if step is None:
        raise NotFound(f"no step {step_id} in the wards of {viewer.login}")
    return step
