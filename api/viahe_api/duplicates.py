"""Cases that repeat another one: which they are, and taking one out again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from viahe_api import audit
from viahe_api.errors import Conflict, RetentionEnded, RoleNeeded
from viahe_api.leases import may_decide
from viahe_api.refs import find_case
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Case, Decision
from viahe_api.vocabulary import CASE_READERS, CaseState, Role


def repeats_of(session: Session, viewer: Viewer, case: Case) -> tuple[Case, ...]:
    """The cases that were found to repeat this one, by time, with their wards and files."""
    statement = (
        select(Case)
        .join(Decision, Decision.case_id == Case.id)
        .where(
            Decision.duplicate_of_id == case.id,
            Decision.undone_at.is_(None),
            Case.state == CaseState.DUPLICATE,
        )
        .options(joinedload(Case.ward), selectinload(Case.files))
        .order_by(Case.start_at, Case.id)
    )
    found = session.scalars(scoped(statement, Case.ward_id, viewer, *CASE_READERS))
    return tuple(found.unique())


def repeated_by(session: Session, viewer: Viewer, case: Case) -> Case | None:
    """The case this one was found to repeat, with its ward and files; None if it repeats none."""
    if case.state is not CaseState.DUPLICATE:
        return None
    statement = (
        select(Case)
        .join(Decision, Decision.duplicate_of_id == Case.id)
        .where(Decision.case_id == case.id, Decision.undone_at.is_(None))
        .options(joinedload(Case.ward), selectinload(Case.files))
        .order_by(Decision.id.desc())
    )
    return session.scalars(scoped(statement, Case.ward_id, viewer, *CASE_READERS)).first()


def split(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> None:
    """Take a case out from under the one it was said to repeat: it waits for a decision again.

    Any operator of the ward may, not only who joined them; the decision stays on file, marked.
    A case that is open already stays as it is. Raises RoleNeeded, Conflict if the case was
    decided otherwise meanwhile, RetentionEnded, NotFound or Ambiguous.
    """
    case = find_case(session, viewer, ref, *CASE_READERS, lock=True)
    if not may_decide(session, viewer, case):
        raise RoleNeeded(Role.OPERATOR)
    if case.evidence_removed_at is not None:
        raise RetentionEnded(f"the evidence of {case.code} was removed: its time was over")
    joined = session.scalar(
        select(Decision)
        .where(Decision.case_id == case.id, Decision.undone_at.is_(None))
        .order_by(Decision.id.desc())
        .limit(1)
    )
    if joined is None:
        return
    if case.state is not CaseState.DUPLICATE or joined.state_after is not CaseState.DUPLICATE:
        raise Conflict(f"{case.code} is {case.state}: it repeats no case")
    joined.undone_at, case.state = now, joined.state_before
    session.flush()
    audit.append(
        session,
        viewer,
        "case.split",
        f"case:{case.code}",
        now=now,
        ward_id=case.ward_id,
        detail={"decision": joined.id, "after": case.state, "key": case.key},
    )
