"""One person's second look at a case: opened without what was decided, lent like any other, and
ended by an opinion."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from viahe_api import audit
from viahe_api.casefile import case_detail
from viahe_api.drafts import forget_draft
from viahe_api.errors import (
    AlreadyDecided,
    FormFault,
    NotFound,
    OpenElsewhere,
    RoleNeeded,
)
from viahe_api.leases import LENT_FOR, lease_of, lend, may_decide
from viahe_api.records import CaseDetail, Lease
from viahe_api.refs import find_case
from viahe_api.rejection_reasons import chosen_reason
from viahe_api.scope import Viewer, scoped
from viahe_api.second_reviews import OPINIONS, log_review, waiting_for
from viahe_api.tables import Case, SecondReview
from viahe_api.vocabulary import CASE_DECIDERS, CASE_READERS, CaseState, Role, Verdict


@dataclass(frozen=True, slots=True)
class GivenOpinion:
    """A second opinion as its giver is reminded of it."""

    ref: str
    code: str
    verdict: Verdict


def own_opinion(session: Session, viewer: Viewer, ref: str) -> GivenOpinion | None:
    """The viewer's second opinion on a case, None unless the newest one there is theirs. Raises
    NotFound, Ambiguous."""
    given = _given_on(session, viewer, ref)
    if given is None or given.account_id != viewer.account_id or given.verdict is None:
        return None
    return GivenOpinion(ref, given.case.code, given.verdict)


def blind_case(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> CaseDetail:
    """The case as if nobody had looked at it, lent for 3 min, and a log row of the viewing.

    One that somebody else has open is shown with that person's lease. Raises NotFound if it does
    not wait for this viewer's second look.
    """
    case = _waiting_review(session, viewer, ref, lock=True).case
    lend(session, case, viewer, now)
    audit.append(session, viewer, "case.viewed", f"case:{case.code}", now=now, ward_id=case.ward_id)
    detail = case_detail(session, viewer, ref, now=now)
    return replace(
        detail,
        state=CaseState.WAITING,
        decisions=(),
        near=(),
        earlier=replace(detail.earlier, newest=()),
        may_decide=True,
        repeats=(),
        repeated=None,
    )


def keep_look(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> Lease:
    """Keep a case 3 more minutes. Raises OpenElsewhere, NotFound."""
    case = _waiting_review(session, viewer, ref, lock=True).case
    _refuse_if_held(case, viewer, now)
    lend(session, case, viewer, now)
    return Lease(viewer.name, now + LENT_FOR, mine=True)


def give_opinion(
    session: Session,
    viewer: Viewer,
    ref: str,
    verdict: Verdict,
    *,
    now: datetime,
    reason: str | None = None,
    note: str = "",
) -> None:
    """The second opinion. It changes nothing of the case; a differing one waits for an approver.

    Sent again by the same person, the first stays. Raises FormFault for a missing reason or
    note, OpenElsewhere, AlreadyDecided where another gave theirs meanwhile, NotFound if no
    second look is wanted.
    """
    try:
        review = _waiting_review(session, viewer, ref, lock=True)
    except NotFound:
        given = _given_on(session, viewer, ref)
        if given is None or given.account is None or given.at is None:
            raise
        if given.account_id == viewer.account_id:
            return
        raise AlreadyDecided(given.account.name, given.at) from None
    _refuse_if_held(review.case, viewer, now)
    if verdict not in OPINIONS:
        raise FormFault("opinion_needed", "a second look confirms or rejects")
    note = note.strip()
    if verdict is Verdict.REJECT:
        chosen = chosen_reason(session, review.case.ward_id, reason, note)
        review.reason, review.ward_reason_id = chosen.meaning.value, chosen.row_id
    review.account_id, review.verdict, review.at = viewer.account_id, verdict, now
    review.note, review.agrees = note[:2000], verdict is review.first.verdict
    review.case.lease_by_id = review.case.lease_until = None
    forget_draft(session, viewer, review.case_id)
    session.flush()
    log_review(session, viewer, review, "case.reviewed_again", {"agrees": review.agrees}, now)


def _waiting_review(
    session: Session, viewer: Viewer, ref: str, *, lock: bool = False
) -> SecondReview:
    case = find_case(session, viewer, ref, *CASE_DECIDERS, lock=lock)
    if not may_decide(session, viewer, case):
        raise RoleNeeded(Role.OPERATOR)
    statement = (
        waiting_for(viewer)
        .where(SecondReview.case_id == case.id)
        .options(joinedload(SecondReview.case), joinedload(SecondReview.first))
    )
    review = session.scalars(scoped(statement, Case.ward_id, viewer, *CASE_DECIDERS)).first()
    if review is None:
        raise NotFound(f"{ref} does not wait for a second look by {viewer.login}")
    return review


def _given_on(session: Session, viewer: Viewer, ref: str) -> SecondReview | None:
    """The newest second opinion on a case, whoever gave it."""
    case = find_case(session, viewer, ref, *CASE_READERS)
    statement = (
        select(SecondReview)
        .where(SecondReview.case_id == case.id, SecondReview.at.is_not(None))
        .options(joinedload(SecondReview.account), joinedload(SecondReview.case))
        .order_by(SecondReview.at.desc())
        .limit(1)
    )
    return session.scalars(statement).first()


def _refuse_if_held(case: Case, viewer: Viewer, now: datetime) -> None:
    """Raises OpenElsewhere while somebody else has the case open."""
    lease = lease_of(case, viewer, now)
    if lease is not None and not lease.mine:
        raise OpenElsewhere(lease.holder, lease.until)
