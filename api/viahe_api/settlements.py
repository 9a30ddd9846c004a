"""What an approver settled between two opinions, and taking it back until somebody builds on it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from viahe_api.disagreements import bars
from viahe_api.errors import AlreadyDecided, NotFound, NotUndoable, RoleNeeded
from viahe_api.months import start_of_day
from viahe_api.refs import ref_of
from viahe_api.scope import Viewer, scoped
from viahe_api.second_reviews import LISTED, log_review
from viahe_api.tables import Case, Decision, FieldTask, SecondReview
from viahe_api.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Settlement:
    """Which of two opinions on a case holds; `first_id` names the two."""

    first_id: int
    ref: str
    code: str
    second_holds: bool
    at: datetime
    undoable: bool


def own_settlements(session: Session, viewer: Viewer, *, now: datetime) -> tuple[Settlement, ...]:
    """What the viewer settled since local midnight, newest first; at most 100 of those that
    `count_own_settlements` counts. Raises RoleNeeded."""
    viewer.require(Role.APPROVER)
    statement = (
        _settled()
        .where(*_own_today(viewer, now))
        .order_by(SecondReview.settled_at.desc(), SecondReview.first_id.desc())
        .limit(LISTED)
    )
    rows = session.scalars(scoped(statement, Case.ward_id, viewer, Role.APPROVER))
    return tuple(_shown(session, viewer, row) for row in rows)


def count_own_settlements(session: Session, viewer: Viewer, *, now: datetime) -> int:
    """How many there are of them in all. Raises RoleNeeded."""
    viewer.require(Role.APPROVER)
    counting = select(func.count(SecondReview.first_id)).join(SecondReview.case)
    statement = counting.where(SecondReview.agrees.is_(False), *_own_today(viewer, now))
    return session.scalars(scoped(statement, Case.ward_id, viewer, Role.APPROVER)).one()


def _own_today(viewer: Viewer, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SecondReview.settled_by_id == viewer.account_id,
        SecondReview.settled_at >= start_of_day(now),
    )


def was_settled_alike(
    session: Session, viewer: Viewer, first_id: int, *, second_holds: bool
) -> bool:
    """Whether the viewer has settled this very thing already, as a form sent twice does.

    Raises AlreadyDecided where it was settled otherwise or by somebody else, NotFound.
    """
    row = _find(session, viewer, first_id)
    if row.settled_at is None or row.settled_by is None:
        return False
    if row.settled_by_id == viewer.account_id and _second_holds(row) is second_holds:
        return True
    raise AlreadyDecided(row.settled_by.name, row.settled_at)


def take_back_settlement(session: Session, viewer: Viewer, first_id: int, *, now: datetime) -> str:
    """Let two opinions wait for an approver again; the code of their case. A second opinion that
    had become a decision stays on file, marked as undone. The same again changes nothing.

    Raises NotUndoable where another settled it or somebody has built on it, RoleNeeded, NotFound.
    """
    review = _find(session, viewer, first_id)
    case = review.case
    if bars(session, viewer, case):
        raise RoleNeeded(Role.APPROVER)
    if review.settled_at is None and review.agrees is False:
        return case.code
    session.refresh(case, with_for_update={"of": Case})
    if review.settled_by_id != viewer.account_id or not _stands(session, review):
        raise NotUndoable(f"what was settled of {case.code} is another's or was built upon")
    detail = {"verdict": review.settled_verdict, "second_holds": _second_holds(review)}
    if _second_holds(review):
        adopted = _standing_decision(session, review)
        adopted.undone_at = now
        case.state = adopted.state_before
    review.settled_by_id = review.settled_at = review.settled_verdict = None
    session.flush()
    log_review(session, viewer, review, "case.settlement_undone", detail, now)
    return case.code


def _settled() -> Select[SecondReview]:
    return (
        select(SecondReview)
        .join(SecondReview.case)
        .where(SecondReview.agrees.is_(False))
        .options(
            joinedload(SecondReview.case).joinedload(Case.ward),
            joinedload(SecondReview.first),
            joinedload(SecondReview.settled_by),
        )
    )


def _find(session: Session, viewer: Viewer, first_id: int) -> SecondReview:
    statement = _settled().where(SecondReview.first_id == first_id)
    found = session.scalars(scoped(statement, Case.ward_id, viewer, Role.APPROVER)).first()
    if found is None:
        raise NotFound(f"no second look at {first_id} in the wards of {viewer.login}")
    return found


def _shown(session: Session, viewer: Viewer, row: SecondReview) -> Settlement:
    return Settlement(
        first_id=row.first_id,
        ref=ref_of(row.case.code, row.case.ward, viewer),
        code=row.case.code,
        second_holds=_second_holds(row),
        at=row.settled_at or row.asked_at,
        undoable=_stands(session, row),
    )


def _second_holds(row: SecondReview) -> bool:
    return row.settled_verdict is not row.first.verdict


def _standing_decision(session: Session, review: SecondReview) -> Decision:
    """The decision that holds by what was settled."""
    if not _second_holds(review):
        return review.first
    return session.scalars(
        select(Decision).where(
            Decision.case_id == review.case_id,
            Decision.account_id == review.account_id,
            Decision.at == review.settled_at,
            Decision.undone_at.is_(None),
        )
    ).one()


def _stands(session: Session, review: SecondReview) -> bool:
    """Whether nobody has built on it: the case is as it was left, and nothing followed."""
    case, at = review.case, review.settled_at
    if at is None or case.handling is not None or case.evidence_removed_at is not None:
        return False
    decision = _standing_decision(session, review)
    if case.state is not decision.state_after:
        return False
    on_it = or_(Decision.case_id == case.id, Decision.duplicate_of_id == case.id)
    decided = exists().where(
        on_it, Decision.id > decision.id, Decision.at >= at, Decision.undone_at.is_(None)
    )
    sent_for = exists().where(
        FieldTask.case_id == case.id, FieldTask.asked_at >= at, FieldTask.withdrawn_at.is_(None)
    )
    return not session.scalar(select(or_(decided, sent_for)))
