"""A sampled share of decisions is looked at again, by another operator who does not know of the
first. Where the two differ, see `disagreements`."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from viahe_api import audit
from viahe_api.refs import ref_of
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Case, Decision, SecondReview
from viahe_api.vocabulary import CASE_DECIDERS, Verdict

S = TypeVar("S")

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


def count_waiting(session: Session, viewer: Viewer) -> int:
    """How many cases wait for this viewer's second look; never their own."""
    statement = _open_to(select(func.count(SecondReview.first_id)), viewer)
    return session.scalars(scoped(statement, Case.ward_id, viewer, *CASE_DECIDERS)).one()


def next_look(session: Session, viewer: Viewer, after: str = "", *, now: datetime) -> str | None:
    """The ref that follows `after` among those nobody else has open, longest waiting first. After
    the last the first comes again, so that skipped cases return; `after` itself never does."""
    refs = [
        ref_of(case.code, case.ward, viewer)
        for case in _waiting(session, viewer)
        if not _held_by_another(case, viewer, now)
    ]
    if after in refs:
        at = refs.index(after)
        refs = refs[at + 1 :] + refs[:at]
    return refs[0] if refs else None


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


def waiting_for(viewer: Viewer) -> Select[SecondReview]:
    """Second looks the viewer may take, longest waiting first, at most 100, not yet narrowed to
    wards."""
    statement = _open_to(select(SecondReview), viewer)
    return statement.order_by(SecondReview.asked_at, SecondReview.first_id).limit(LISTED)


def _open_to(statement: Select[S], viewer: Viewer) -> Select[S]:
    open_ = aliased(SecondReview)
    return (
        statement.join(SecondReview.case)
        .join(SecondReview.first)
        .where(
            # Said as a list so that SQLite begins with those few, not with all cases of a ward.
            SecondReview.first_id.in_(select(open_.first_id).where(open_.at.is_(None))),
            Decision.undone_at.is_(None),
            Decision.account_id != viewer.account_id,
            Case.evidence_removed_at.is_(None),
        )
    )


def _waiting(session: Session, viewer: Viewer) -> Iterable[Case]:
    statement = waiting_for(viewer).options(joinedload(SecondReview.case).joinedload(Case.ward))
    rows = session.scalars(scoped(statement, Case.ward_id, viewer, *CASE_DECIDERS))
    return (row.case for row in rows)


def _held_by_another(case: Case, viewer: Viewer, now: datetime) -> bool:
    held = case.lease_until is not None and case.lease_until > now
    return held and case.lease_by_id != viewer.account_id
