"""Cases that repeat another one: which they are, naming that one, and taking one out again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from viahe_api import audit
from viahe_api.errors import (
    Ambiguous,
    Conflict,
    FormFault,
    NotFound,
    RetentionEnded,
    RoleNeeded,
)
from viahe_api.leases import may_decide
from viahe_api.refs import find_case
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Case, Decision
from viahe_api.vocabulary import CASE_READERS, CaseState, Role

WITHOUT_EVIDENCE = frozenset({CaseState.INTEGRITY_ERROR, CaseState.EXPIRED})
"""States of cases that nothing can be compared with any more."""


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


def other_case(session: Session, viewer: Viewer, case: Case, typed: str) -> Case:
    """The case that `case` is said to repeat: another one of its ward, by its code as the pages
    show it, whatever its spaces and letters, or by its ref.

    Raises FormFault: `duplicate_needed` if nothing is typed, `duplicate_unknown`,
    `duplicate_elsewhere` for a case of another ward of the viewer's, `duplicate_itself`,
    `duplicate_of_duplicate`, or `duplicate_without_evidence`.
    """
    if not typed.strip():
        raise FormFault("duplicate_needed", "choose the case this one repeats")
    other = _named(session, viewer, case, typed)
    if other is None:
        raise FormFault("duplicate_unknown", f"no case {typed} in the ward of {case.code}")
    if other.ward_id != case.ward_id:
        raise FormFault("duplicate_elsewhere", f"{other.code} is a case of another ward")
    if other.id == case.id:
        raise FormFault("duplicate_itself", f"{case.code} cannot repeat itself")
    if other.state is CaseState.DUPLICATE:
        raise FormFault("duplicate_of_duplicate", f"{other.code} is itself a duplicate")
    if other.state in WITHOUT_EVIDENCE:
        raise FormFault("duplicate_without_evidence", f"{other.code} is {other.state}")
    return other


def _named(session: Session, viewer: Viewer, case: Case, typed: str) -> Case | None:
    """In the case's own ward first: each ward counts its own."""
    code, at, ward = "".join(typed.split()).partition("@")
    code, ward = code.upper(), ward.lower()
    for ref in (f"{code}@{ward or case.ward.code}", f"{code}{at}{ward}", typed.strip()):
        try:
            return find_case(session, viewer, ref, *CASE_READERS)
        except NotFound:
            continue
        except Ambiguous:
            raise FormFault("duplicate_elsewhere", f"{ref} is of other wards") from None
    return None


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
