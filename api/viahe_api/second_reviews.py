"""A sampled share of decisions is looked at again, by another operator who does not know of the
first. Where the two differ, see `disagreements`."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload

from viahe_api import audit
from viahe_api.casefile import case_detail
from viahe_api.errors import FormFault, NotFound, RoleNeeded
from viahe_api.leases import may_decide
from viahe_api.records import CaseDetail
from viahe_api.refs import find_case, ref_of
from viahe_api.rejection_reasons import chosen_reason
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Case, Decision, SecondReview
from viahe_api.vocabulary import CASE_DECIDERS, CaseState, Role, Verdict

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
        detail,
        state=CaseState.WAITING,
        decisions=(),
        lease=None,
        near=(),
        may_decide=True,
        repeats=(),
        repeated=None,
    )


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

    Raises FormFault for a missing reason or note, NotFound if no second look is wanted.
    """
    review = _waiting_review(session, viewer, ref, lock=True)
    if verdict not in OPINIONS:
        raise FormFault("opinion_needed", "a second look confirms or rejects")
    note = note.strip()
    if verdict is Verdict.REJECT:
        chosen = chosen_reason(session, review.case.ward_id, reason, note)
        review.reason, review.ward_reason_id = chosen.meaning.value, chosen.row_id
    review.account_id, review.verdict, review.at = viewer.account_id, verdict, now
    review.note, review.agrees = note[:2000], verdict is review.first.verdict
    session.flush()
    log_review(session, viewer, review, "case.reviewed_again", {"agrees": review.agrees}, now)


def log_review(
    session: Session,
    viewer: Viewer,
    review: SecondReview,
    action: str,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    """An audit row on a case that is looked at twice."""
    audit.append(
        session,
        viewer,
        action,
        f"case:{review.case.code}",
        now=now,
        ward_id=review.case.ward_id,
        detail={"decision": review.first_id, **detail},
    )


def _waiting_for(viewer: Viewer) -> Select[SecondReview]:
    open_ = aliased(SecondReview)
    return (
        select(SecondReview)
        .join(SecondReview.case)
        .join(SecondReview.first)
        .where(
            # Said as a list so that SQLite begins with those few, not with all cases of a ward.
            SecondReview.first_id.in_(select(open_.first_id).where(open_.at.is_(None))),
            Decision.undone_at.is_(None),
            Decision.account_id != viewer.account_id,
            Case.evidence_removed_at.is_(None),
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
