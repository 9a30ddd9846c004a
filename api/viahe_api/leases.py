"""Who has a case open: lent for three minutes, so that two people do not decide one case."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from viahe_api.errors import (
    AlreadyDecided,
    Conflict,
    OpenElsewhere,
    Refusal,
    RetentionEnded,
    RoleNeeded,
)
from viahe_api.records import Lease
from viahe_api.refs import find_case
from viahe_api.scope import Viewer
from viahe_api.tables import Case, Decision, Grant
from viahe_api.vocabulary import CASE_READERS, OPEN_STATES, CaseState, Role

LENT_FOR = timedelta(minutes=3)
NEVER_DECIDE = frozenset({Role.ADMINISTRATOR, Role.OFFICIAL, Role.SUPERVISOR})
"""Roles that bar their holder from deciding in that ward, whatever else is granted."""


def lease_of(case: Case, viewer: Viewer, now: datetime) -> Lease | None:
    """Who has the case open now; `case` comes with its lease holder."""
    if case.lease_by is None or case.lease_until is None or case.lease_until <= now:
        return None
    return Lease(case.lease_by.name, case.lease_until, case.lease_by_id == viewer.account_id)


def lend(session: Session, case: Case, viewer: Viewer, now: datetime) -> None:
    """Lend a case from `find_case` to the viewer, or prolong that; another's lease stays."""
    lease = lease_of(case, viewer, now)
    if lease is None or lease.mine:
        case.lease_by_id, case.lease_until = viewer.account_id, now + LENT_FOR
        session.flush()


def may_decide(session: Session, viewer: Viewer, case: Case) -> bool:
    """Whether the viewer is an operator of the case's ward now, and nothing that bars it."""
    granted = select(Grant.role).where(
        Grant.account_id == viewer.account_id, Grant.ward_id == case.ward_id
    )
    roles = set(session.scalars(granted))
    return Role.OPERATOR in roles and not roles & NEVER_DECIDE


def decidable(session: Session, viewer: Viewer, ref: str, now: datetime) -> Case:
    """The case, locked, if this viewer may decide it at this moment.

    Raises RoleNeeded, AlreadyDecided, RetentionEnded, Conflict (evidence lost its integrity),
    OpenElsewhere, NotFound or Ambiguous.
    """
    case = find_case(session, viewer, ref, *CASE_READERS, lock=True)
    if not may_decide(session, viewer, case):
        raise RoleNeeded(Role.OPERATOR)
    if case.state not in OPEN_STATES:
        raise _closed(session, case)
    lease = lease_of(case, viewer, now)
    if lease is not None and not lease.mine:
        raise OpenElsewhere(lease.holder, lease.until)
    return case


def _closed(session: Session, case: Case) -> Refusal:
    if case.state is CaseState.EXPIRED:
        return RetentionEnded(f"the evidence of {case.code} was removed: its time was over")
    last = session.scalar(
        select(Decision)
        .where(Decision.case_id == case.id, Decision.undone_at.is_(None))
        .options(joinedload(Decision.account))
        .order_by(Decision.id.desc())
        .limit(1)
    )
    if last is None or last.state_after is not case.state:
        return Conflict(f"{case.code} is {case.state}: it cannot be decided")
    return AlreadyDecided(last.account.name, last.at)
