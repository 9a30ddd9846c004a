"""Where two reviewers differ an approver says which opinion holds; and how often they agree."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from viahe_api.case_places import CasePlace, place_of, with_place
from viahe_api.casefile import still_of
from viahe_api.errors import Conflict, NotFound, RoleNeeded
from viahe_api.leases import NEVER_DECIDE
from viahe_api.refs import media_url, ref_of
from viahe_api.rejection_reasons import Names, own_names
from viahe_api.scope import Viewer, scoped
from viahe_api.second_reviews import LISTED, log_review
from viahe_api.tables import Case, Decision, Grant, SecondReview
from viahe_api.vocabulary import (
    INSUFFICIENT_REASONS,
    CaseState,
    RejectReason,
    Role,
    Verdict,
)
from viahe_rules.domain import Act


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one reviewer said and where it leads; `reason_names` are the ward's own words for
    the reason."""

    by: str
    at: datetime
    state: CaseState
    reason: RejectReason | None
    reason_names: Names | None
    note: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two opinions on one case; `first_id` names the decision the second look was at. It is
    `too_late` for the second once the case was taken on by the first."""

    ref: str
    code: str
    act: Act
    place: CasePlace
    start_at: datetime
    still_url: str | None
    first: Opinion
    second: Opinion
    first_id: int
    too_late: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """Second reviews of the viewer's wards: done, agreeing, waiting, and not settled yet."""

    done: int
    agreed: int
    waiting: int
    unsettled: int


def disagreements(session: Session, viewer: Viewer) -> tuple[Disagreement, ...]:
    """Cases of two opinions that wait for an approver, oldest first; at most 100 of those that
    `agreement` counts. Raises RoleNeeded."""
    viewer.require(Role.APPROVER)
    statement = scoped(_unsettled(), Case.ward_id, viewer, Role.APPROVER)
    return tuple(_disagreement(row, viewer) for row in session.scalars(statement))


def settle(
    session: Session, viewer: Viewer, first_id: int, *, second_holds: bool, now: datetime
) -> None:
    """Say which of two opinions holds. The second one, if it does, becomes its reviewer's
    decision on the case; `settlements` takes it back. Raises RoleNeeded, NotFound, Conflict if
    the case has gone on since.
    """
    statement = _unsettled().where(SecondReview.first_id == first_id)
    review = session.scalars(scoped(statement, Case.ward_id, viewer, Role.APPROVER)).first()
    if review is None:
        raise NotFound(f"no disagreement {first_id} in the wards of {viewer.login}")
    if bars(session, viewer, review.case):
        raise RoleNeeded(Role.APPROVER)
    if second_holds:
        _adopt(session, review, now)
    review.settled_by_id, review.settled_at = viewer.account_id, now
    review.settled_verdict = review.verdict if second_holds else review.first.verdict
    session.flush()
    detail = {"verdict": review.settled_verdict, "second_holds": second_holds}
    log_review(session, viewer, review, "case.opinions_settled", detail, now)


def agreement(session: Session, viewer: Viewer) -> Agreement:
    """How often second reviewers agree. Raises RoleNeeded."""
    viewer.require(Role.APPROVER)
    stands = and_(Decision.undone_at.is_(None), Case.state == Decision.state_after)
    statement = (
        select(SecondReview.agrees, SecondReview.settled_at.is_not(None), func.count(Case.id))
        .join(SecondReview.case)
        .join(SecondReview.first)
        .where(or_(SecondReview.at.is_not(None), stands))
        .group_by(SecondReview.agrees, SecondReview.settled_at.is_not(None))
    )
    rows = session.execute(scoped(statement, Case.ward_id, viewer, Role.APPROVER)).all()
    return Agreement(
        done=sum(count for agrees, _, count in rows if agrees is not None),
        agreed=sum(count for agrees, _, count in rows if agrees),
        waiting=sum(count for agrees, _, count in rows if agrees is None),
        unsettled=sum(count for agrees, settled, count in rows if agrees is False and not settled),
    )


def _unsettled() -> Select[SecondReview]:
    return (
        select(SecondReview)
        .join(SecondReview.case)
        .where(SecondReview.agrees.is_(False), SecondReview.settled_at.is_(None))
        .options(
            joinedload(SecondReview.case).options(joinedload(Case.ward), selectinload(Case.files)),
            *(joinedload(SecondReview.case).options(path) for path in with_place()),
            joinedload(SecondReview.account),
            joinedload(SecondReview.ward_reason),
            selectinload(SecondReview.first).options(
                joinedload(Decision.account), joinedload(Decision.ward_reason)
            ),
        )
        .order_by(SecondReview.at)
        .limit(LISTED)
    )


def _adopt(session: Session, review: SecondReview, now: datetime) -> None:
    case, first = review.case, review.first
    session.refresh(case, with_for_update={"of": Case})
    if _gone_on(case, first):
        raise Conflict(f"{case.code} has gone on since: the second opinion comes too late")
    if review.account_id is None or review.verdict is None:
        raise Conflict(f"{case.code} has no second opinion")
    state = _state_by(review.verdict, _meaning(review.reason))
    session.add(
        Decision(
            ward_id=case.ward_id,
            case_id=case.id,
            account_id=review.account_id,
            form_id=f"second look at {first.id} {secrets.token_hex(8)}",
            verdict=review.verdict,
            reason=review.reason,
            ward_reason_id=review.ward_reason_id,
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


def bars(session: Session, viewer: Viewer, case: Case) -> bool:
    """Whether a role the viewer has in the case's ward keeps them from settling."""
    granted = select(Grant.role).where(
        Grant.account_id == viewer.account_id, Grant.ward_id == case.ward_id
    )
    return bool(set(session.scalars(granted)) & NEVER_DECIDE)


def _disagreement(row: SecondReview, viewer: Viewer) -> Disagreement:
    first, case = row.first, row.case
    ref, still = ref_of(case.code, case.ward, viewer), still_of(case)
    verdict = row.verdict or first.verdict
    return Disagreement(
        ref=ref,
        code=case.code,
        act=case.act,
        place=place_of(case),
        start_at=case.start_at,
        still_url=media_url(ref, still.name) if still else None,
        first=Opinion(
            first.account.name,
            first.at,
            first.state_after,
            _meaning(first.reason),
            own_names(first.ward_reason),
            first.note,
        ),
        second=Opinion(
            row.account.name if row.account else "",
            row.at or row.asked_at,
            _state_by(verdict, _meaning(row.reason)),
            _meaning(row.reason),
            own_names(row.ward_reason),
            row.note,
        ),
        first_id=row.first_id,
        too_late=_gone_on(case, first),
    )


def _meaning(reason: str | None) -> RejectReason | None:
    return None if reason is None else RejectReason(reason)


def _gone_on(case: Case, first: Decision) -> bool:
    return case.state is not first.state_after or case.handling is not None
