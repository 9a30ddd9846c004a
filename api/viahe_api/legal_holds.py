"""Keeping a case's evidence whatever its time: an approver says so, and why."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from viahe_api import audit
from viahe_api.errors import FormFault, RetentionEnded, RoleNeeded
from viahe_api.handling import may_handle
from viahe_api.refs import find_case
from viahe_api.scope import Viewer
from viahe_api.tables import Case, LegalHold
from viahe_api.vocabulary import CASE_READERS, Role

LONGEST_REASON = 300


def place_hold(session: Session, viewer: Viewer, ref: str, reason: str, *, now: datetime) -> None:
    """Keep the evidence until somebody lifts the hold; a case that is held stays as it is.

    Raises RoleNeeded, FormFault without a reason, RetentionEnded, NotFound or Ambiguous.
    """
    case = _holdable(session, viewer, ref)
    reason = reason.strip()
    if not reason:
        raise FormFault("hold_reason_needed", "say why the evidence is kept")
    if len(reason) > LONGEST_REASON:
        raise FormFault("hold_reason_long", f"at most {LONGEST_REASON} characters")
    if case.evidence_removed_at is not None:
        raise RetentionEnded(f"the evidence of {case.code} was removed: nothing is left to keep")
    if standing_hold(session, case.id) is not None:
        return
    session.add(
        LegalHold(case_id=case.id, reason=reason, placed_by_id=viewer.account_id, placed_at=now)
    )
    session.flush()
    _log(session, viewer, case, "case.hold_placed", {"reason": reason}, now)


def lift_hold(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> None:
    """Let the evidence's time run again. Without a hold nothing happens. Raises as above."""
    case = _holdable(session, viewer, ref)
    hold = standing_hold(session, case.id)
    if hold is None:
        return
    hold.lifted_by_id, hold.lifted_at = viewer.account_id, now
    session.flush()
    _log(session, viewer, case, "case.hold_lifted", {"hold": hold.id}, now)


def standing_hold(session: Session, case_id: int) -> LegalHold | None:
    """The hold on a case, with who placed it."""
    return session.scalar(
        select(LegalHold)
        .where(LegalHold.case_id == case_id, LegalHold.lifted_at.is_(None))
        .options(joinedload(LegalHold.placed_by))
    )


def _holdable(session: Session, viewer: Viewer, ref: str) -> Case:
    case = find_case(session, viewer, ref, *CASE_READERS, lock=True)
    if not may_handle(session, viewer, case):
        raise RoleNeeded(Role.APPROVER)
    return case


def _log(
    session: Session,
    viewer: Viewer,
    case: Case,
    action: str,
    detail: dict[str, object],
    now: datetime,
) -> None:
    audit.append(
        session, viewer, action, f"case:{case.code}", now=now, ward_id=case.ward_id, detail=detail
    )
