"""A sampled share of decisions is looked at again, by another operator who does not know of the
first; where the two differ an approver says which opinion holds."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from viahe_api import audit
from viahe_api.casefile import case_detail
from viahe_api.errors import Conflict, FormFault, NotFound, RoleNeeded
from viahe_api.leases import NEVER_DECIDE, may_decide
from viahe_api.records import CaseDetail
from viahe_api.refs import find_case, ref_of
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Case, Decision, Grant, SecondReview
from viahe_api.vocabulary import (
    CASE_DECIDERS,
    INSUFFICIENT_REASONS,
    CaseState,
    RejectReason,
    Role,
    Verdict,
)

LISTED = 100
OPINIONS = frozenset({Verdict.CONFIRM, Verdict.REJECT})
"""Verdicts that say something of the case, and so can be disagreed with."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """The share of decisions to look at twice, and a secret so that nobody can tell which."""

    percent: float
    secret: str

    def draws(self, case: Case) -> bool:
        """Whether this case is among them: always the same answer for the same case."""
        text = f"second review of {case.ward_id}/{case.key} {self.secret}"
        number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        return number < self.percent / 100 * 2**64


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two opinions on one case. `by` and `verdict` first, then second."""

    ref: str
    code: str
    address: str
    first_by: str
    first_verdict: Verdict
    first_reason: RejectReason | None
    first_note: str
    second_by: str
    second_verdict: Verdict
    second_reason: RejectReason | None
    second_note: str
    first_id: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Second reviews of the viewer's wards: done, agreeing, waiting, and not settled yet."""

    done: int
    agreed: int
    waiting: int
    unsettled: int


def draw(session: Session, case: Case, decision: Decision, sampling: Sampling) -> None:
    """Ask for a second look at a decision just made, if the sample says so."""
    if decision.verdict in OPINIONS and sampling.draws(case):
        asked = SecondReview(first_id=decision.id, case_id=case.id, asked_at=decision.at, note="")
        session.add(asked)
        session.flush()


def waiting_refs(session: Session, viewer: Viewer) -> tuple[str, ...]:
    """Cases that wait for this viewer's second look, longest waiting first; never their own."""
    statement = _waiting_for(viewer).options(joinedload(SecondReview.case).joinedload(Case.ward))
    rows = session.scalars(scoped(statement, Case.ward_id, viewer, *CASE_DECIDERS))
    return tuple(ref_of(row.case.code, row.case.ward, viewer) for row in rows)


def blind_case(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> CaseDetail:
    """The case as if nobody had looked at it, and a log row that this viewer did.

    Raises NotFound if it does not wait for this viewer's second look.
    """
    case = _waiting_review(session, viewer, ref).case
    audit.append(session, viewer, "case.viewed", f"case:{case.code}", now=now, ward_id=case.ward_id)
    detail = case_detail(session, viewer, ref, now=now)
    return replace(
        detail, state=CaseState.WAITING, decisions=(), lease=None, near=(), may_decide=True
    )


def give_opinion(
    session: Session,
    viewer: Viewer,
    ref: str,
    verdict: Verdict,
    *,
    now: datetime,
    reason: RejectReason | None = None,
    note: str = "",
) -> None:
    """The second opinion. It changes nothing of the case; a differing one waits for an approver.

    Raises FormFault for a missing reason or note, NotFound if no second look is wanted.
    """
    review = _waiting_review(session, viewer, ref, lock=True)
    if verdict not in OPINIONS:
        raise FormFault("opinion_needed", "a second look confirms or rejects")
    if verdict is Verdict.REJECT and reason is None:
        raise FormFault("reason_needed", "choose a reason to reject a case")
    if reason is RejectReason.OTHER and not note.strip():
        raise FormFault("note_needed", "say in the note what the other reason is")
    review.account_id, review.verdict, review.at = viewer.account_id, verdict, now
    review.reason, review.note = reason and reason.value, note.strip()[:2000]
    review.agrees = verdict is review.first.verdict
    session.flush()
    _log(session, viewer, review, "case.reviewed_again", {"agrees": review.agrees}, now)


def disagreements(session: Session, viewer: Viewer) -> tuple[Disagreement, ...]:
    """Cases of two opinions that wait for an approver. Raises RoleNeeded."""
    viewer.require(Role.APPROVER)
    statement = scoped(_unsettled(), Case.ward_id, viewer, Role.APPROVER)
    return tuple(_disagreement(row, viewer) for row in session.scalars(statement))


def settle(
    session: Session, viewer: Viewer, first_id: int, *, second_holds: bool, now: datetime
) -> None:
    """Say which of two opinions holds. The second one, if it does, becomes its reviewer's
    decision on the case. Raises RoleNeeded, NotFound, Conflict if the case has gone on since.
    """
    statement = _unsettled().where(SecondReview.first_id == first_id)
    review = session.scalars(scoped(statement, Case.ward_id, viewer, Role.APPROVER)).first()
    if review is None:
        raise NotFound(f"no disagreement {first_id} in the wards of {viewer.login}")
    if _bars(session, viewer, review.case):
        raise RoleNeeded(Role.APPROVER)
    if second_holds:
        _adopt(session, review, now)
    review.settled_by_id, review.settled_at = viewer.account_id, now
    review.settled_verdict = review.verdict if second_holds else review.first.verdict
    session.flush()
    detail = {"verdict": review.settled_verdict, "second_holds": second_holds}
    _log(session, viewer, review, "case.opinions_settled", detail, now)


def agreement(session: Session, viewer: Viewer) -> Agreement:
    """How often second reviewers agree. Raises RoleNeeded."""
    viewer.require(Role.APPROVER)
    statement = (
        select(SecondReview.agrees, SecondReview.settled_at.is_not(None), func.count(Case.id))
        .join(SecondReview.case)
        .join(SecondReview.first)
        .where(or_(SecondReview.at.is_not(None), Decision.undone_at.is_(None)))
        .group_by(SecondReview.agrees, SecondReview.settled_at.is_not(None))
    )
    rows = session.execute(scoped(statement, Case.ward_id, viewer, Role.APPROVER)).all()
    return Agreement(
        done=sum(count for agrees, _, count in rows if agrees is not None),
        agreed=sum(count for agrees, _, count in rows if agrees),
        waiting=sum(count for agrees, _, count in rows if agrees is None),
        unsettled=sum(count for agrees, settled, count in rows if agrees is False and not settled),
    )


def _waiting_for(viewer: Viewer) -> Select[SecondReview]:
    return (
        select(SecondReview)
        .join(SecondReview.case)
        .join(SecondReview.first)
        .where(
            SecondReview.at.is_(None),
            Decision.undone_at.is_(None),
            Decision.account_id != viewer.account_id,
        )
        .order_by(SecondReview.asked_at, SecondReview.first_id)
        .limit(LISTED)
    )


def _waiting_review(
    session: Session, viewer: Viewer, ref: str, *, lock: bool = False
) -> SecondReview:
    case = find_case(session, viewer, ref, *CASE_DECIDERS, lock=lock)
    if not may_decide(session, viewer, case):
        raise RoleNeeded(Role.OPERATOR)
    statement = (
        _waiting_for(viewer)
        .where(SecondReview.case_id == case.id)
        .options(joinedload(SecondReview.case), joinedload(SecondReview.first))
    )
    review = session.scalars(scoped(statement, Case.ward_id, viewer, *CASE_DECIDERS)).first()
    if review is None:
        raise NotFound(f"{ref} does not wait for a second look by {viewer.login}")
    return review


def _unsettled() -> Select[SecondReview]:
    return (
        select(SecondReview)
        .join(SecondReview.case)
        .where(SecondReview.agrees.is_(False), SecondReview.settled_at.is_(None))
        .options(
            joinedload(SecondReview.case).joinedload(Case.ward),
            joinedload(SecondReview.case).joinedload(Case.camera),
            joinedload(SecondReview.account),
            selectinload(SecondReview.first).joinedload(Decision.account),
        )
        .order_by(SecondReview.at)
        .limit(LISTED)
    )


def _adopt(session: Session, review: SecondReview, now: datetime) -> None:
    case, first = review.case, review.first
    session.refresh(case, with_for_update=True)
    if case.state is not first.state_after or case.handling is not None:
        raise Conflict(f"{case.code} has gone on since: the second opinion comes too late")
    if review.account_id is None or review.verdict is None:
        raise Conflict(f"{case.code} has no second opinion")
    reason = None if review.reason is None else RejectReason(review.reason)
    state = _state_by(review.verdict, reason)
    session.add(
        Decision(
            case_id=case.id,
            account_id=review.account_id,
            form_id=f"second look at {first.id}",
            verdict=review.verdict,
            reason=review.reason,
            note=review.note,
            state_before=case.state,
            state_after=state,
            at=now,
        )
    )
    case.state = state


def _state_by(verdict: Verdict, reason: RejectReason | None) -> CaseState:
    if verdict is Verdict.CONFIRM:
        return CaseState.SUFFICIENT
    insufficient = reason in INSUFFICIENT_REASONS
    return CaseState.INSUFFICIENT if insufficient else CaseState.NOT_VIOLATION


def _bars(session: Session, viewer: Viewer, case: Case) -> bool:
    granted = select(Grant.role).where(
        Grant.account_id == viewer.account_id, Grant.ward_id == case.ward_id
    )
    return bool(set(session.scalars(granted)) & NEVER_DECIDE)


def _disagreement(row: SecondReview, viewer: Viewer) -> Disagreement:
    first = row.first
    return Disagreement(
        ref_of(row.case.code, row.case.ward, viewer),
        row.case.code,
        row.case.camera.address,
        first.account.name,
        first.verdict,
        None if first.reason is None else RejectReason(first.reason),
        first.note,
        row.account.name if row.account else "",
        row.verdict or first.verdict,
        None if row.reason is None else RejectReason(row.reason),
        row.note,
        row.first_id,
    )


def _log(
    session: Session,
    viewer: Viewer,
    review: SecondReview,
    action: str,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    audit.append(
        session,
        viewer,
        action,
        f"case:{review.case.code}",
        now=now,
        ward_id=review.case.ward_id,
        detail={"decision": review.first_id, **detail},
    )
