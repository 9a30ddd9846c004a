"""Decisions as they are shown, and whether one may still be taken back."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased, joinedload

from viahe_api.records import DecisionView
from viahe_api.refs import ref_of
from viahe_api.rejection_reasons import own_names
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Case, Decision, FieldTask, SecondReview
from viahe_api.vocabulary import CASE_READERS, RejectReason


def decision_rows(session: Session, viewer: Viewer, *conditions: Any) -> Sequence[Decision]:
    """Decisions on cases the viewer may read, oldest first, with what a view needs."""
    statement = (
        select(Decision)
        .join(Decision.case)
        .where(*conditions)
        .options(
            joinedload(Decision.account),
            joinedload(Decision.case).joinedload(Case.ward),
            joinedload(Decision.duplicate_of),
            joinedload(Decision.ward_reason),
        )
        .order_by(Decision.id)
    )
    return session.scalars(scoped(statement, Case.ward_id, viewer, *CASE_READERS)).all()


def decision_views(session: Session, viewer: Viewer, *conditions: Any) -> tuple[DecisionView, ...]:
    """The same as view records."""
    rows = decision_rows(session, viewer, *conditions)
    built_on = built_upon(session, rows)
    return tuple(_view(row, viewer, standing=row.id not in built_on) for row in rows)


def built_upon(session: Session, decisions: Iterable[Decision]) -> set[int]:
    """Ids of those decisions that no longer stand last, and so cannot be undone: undone
    already, followed by another, handed over, of a case another was found to repeat, of one a
    field officer was sent for, or of one whose evidence is no longer there."""
    decisions = tuple(decisions)
    passed = {row.id for row in decisions if not _holds(row)}
    return (
        passed
        | _passed_by_another(session, decisions)
        | _looked_at_again(session, decisions)
        | _sent_for(session, decisions)
    )


def _passed_by_another(session: Session, decisions: Iterable[Decision]) -> set[int]:
    """Another was made on the case later, or says that its own case repeats it. Asked one after
    the other: of both at once SQLite would look through all decisions there are."""
    mine, other = aliased(Decision), aliased(Decision)
    follows = and_(other.case_id == mine.case_id, other.id > mine.id)
    found: set[int] = set()
    for passes in (follows, other.duplicate_of_id == mine.case_id):
        statement = select(mine.id).join(other, passes)
        found.update(
            session.scalars(
                statement.where(
                    mine.id.in_([row.id for row in decisions]), other.undone_at.is_(None)
                )
            )
        )
    return found


def _looked_at_again(session: Session, decisions: Iterable[Decision]) -> set[int]:
    """A second opinion was given on them, or they came of one."""
    reviews = session.scalars(
        select(SecondReview).where(
            SecondReview.case_id.in_([row.case_id for row in decisions]),
            SecondReview.at.is_not(None),
        )
    )
    cases = {review.case_id: review.first_id for review in reviews}
    return {row.id for row in decisions if row.id >= cases.get(row.case_id, row.id + 1)}


def _sent_for(session: Session, decisions: Iterable[Decision]) -> set[int]:
    """A field officer was sent because of them, and not called back."""
    sent = select(Decision.id).join(FieldTask, FieldTask.case_id == Decision.case_id)
    return set(
        session.scalars(
            sent.where(
                Decision.id.in_([row.id for row in decisions]),
                FieldTask.asked_at >= Decision.at,
                FieldTask.withdrawn_at.is_(None),
            )
        )
    )


def _holds(decision: Decision) -> bool:
    case = decision.case
    return (
        decision.undone_at is None
        and case.state is decision.state_after
        and case.handling is None
        and case.evidence_removed_at is None
    )


def _view(row: Decision, viewer: Viewer, *, standing: bool) -> DecisionView:
    mine = row.account_id == viewer.account_id
    return DecisionView(
        id=row.id,
        ref=ref_of(row.case.code, row.case.ward, viewer),
        code=row.case.code,
        by=row.account.name,
        verdict=row.verdict,
        reason=None if row.reason is None else RejectReason(row.reason),
        duplicate_of=None if row.duplicate_of is None else row.duplicate_of.code,
        note=row.note,
        state_after=row.state_after,
        at=row.at,
        undone_at=row.undone_at,
        mine=mine,
        undoable=mine and standing,
        reason_names=own_names(row.ward_reason),
    )
