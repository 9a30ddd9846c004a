"""A sampled share of decisions is looked at again, by another operator who does not know of the
first. Where the two differ, see `disagreements`."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from viahe_api import audit
from viahe_api.errors import LookFirst
from viahe_api.leases import NEVER_DECIDE
from viahe_api.refs import ref_of
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Case, Decision, FieldTask, Grant, SecondReview, Ward
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


@lru_cache(maxsize=256)
def blind_to(viewer: Viewer) -> Select[int]:
    """Ids of the cases that wait for this viewer's second look, for another select to ask about.
    Until the look is given, nothing that was decided of them is told to the viewer.

    The statement is kept, not what it finds: every page of a case asks it, and putting it together
    takes longer than its answer."""
    barred = select(Grant.ward_id).where(
        Grant.account_id == viewer.account_id, Grant.role.in_(NEVER_DECIDE)
    )
    statement = _open_to(select(SecondReview.case_id), viewer)
    statement = statement.where(Case.ward_id.not_in(barred))
    return scoped(statement, Case.ward_id, viewer, *CASE_DECIDERS).correlate(None)


def blind_among(session: Session, viewer: Viewer, case_ids: Iterable[int]) -> frozenset[int]:
    """Those of these cases."""
    ids = tuple(case_ids)
    if not ids:
        return frozenset()
    return frozenset(session.scalars(blind_to(viewer).where(SecondReview.case_id.in_(ids))))


def blind_codes(session: Session, viewer: Viewer) -> dict[tuple[str, str], datetime]:
    """When the act of each of them began, by the ward's code and the case's."""
    statement = (
        select(Ward.code, Case.code, Case.start_at)
        .select_from(Case)
        .join(Case.ward)
        .where(Case.id.in_(blind_to(viewer)))
    )
    return {(ward, code): began for ward, code, began in session.execute(statement)}


def require_look(session: Session, viewer: Viewer, case: Case) -> None:
    """Raises LookFirst if the case, which comes with its ward, is one of them."""
    if blind_among(session, viewer, (case.id,)):
        raise LookFirst(ref_of(case.code, case.ward, viewer))


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
    """Decisions that stand as they were made, of others; and nobody who was sent to the place
    looks blindly."""
    open_, later = aliased(SecondReview), aliased(Decision)
    followed = exists().where(
        later.case_id == Decision.case_id, later.id > Decision.id, later.undone_at.is_(None)
    )
    sent = exists().where(
        FieldTask.case_id == SecondReview.case_id, FieldTask.officer_id == viewer.account_id
    )
    return (
        statement.join(SecondReview.case)
        .join(SecondReview.first)
        .where(
            # Said as a list so that SQLite begins with those few, not with all cases of a ward.
            SecondReview.first_id.in_(select(open_.first_id).where(open_.at.is_(None))),
            Decision.undone_at.is_(None),
            Decision.account_id != viewer.account_id,
            Case.state == Decision.state_after,
            ~followed,
            ~sent,
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
