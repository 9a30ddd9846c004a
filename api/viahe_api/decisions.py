"""Decisions as they are shown, and whether one may still be taken back."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, bindparam, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from viahe_api.records import DecisionView
from viahe_api.refs import ref_of
from viahe_api.rejection_reasons import own_names
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Case, Decision, FieldTask, SecondReview
from viahe_api.vocabulary import CASE_READERS, RejectReason


def decision_rows(session: Session, viewer: Viewer, *conditions: Any) -> Sequence[Decision]:
    """Decisions on cases the viewer may read, oldest first, with what a view needs."""
    statement = _with_what_a_view_needs().where(*conditions)
    return session.scalars(scoped(statement, Case.ward_id, viewer, *CASE_READERS)).all()


@cache
def _with_what_a_view_needs() -> Select[Decision]:
    return (
        select(Decision)
        .join(Decision.case)
        .options(
            joinedload(Decision.account),
            joinedload(Decision.case).joinedload(Case.ward),
            joinedload(Decision.duplicate_of),
            joinedload(Decision.ward_reason),
        )
        .order_by(Decision.id)
    )


def decision_views(session: Session, viewer: Viewer, *conditions: Any) -> tuple[DecisionView, ...]:
    """The same as view records."""
    rows = decision_rows(session, viewer, *conditions)
    built_on = built_upon(session, rows)
    return tuple(_view(row, viewer, standing=row.id not in built_on) for row in rows)


def built_upon(session: Session, decisions: Iterable[Decision]) -> set[int]:
    """Ids of those decisions that no longer stand last, and so cannot be undone: undone
    already, followed by another, handed over, of a case another was found to repeat, of one a
    field officer was sent for, or of one whose evidence is no longer there."""
    rows = tuple(decisions)
    if not rows:
        return set()
    passed = {row.id for row in rows if not _holds(row)}
    return passed | followed(session, [row.id for row in rows])


def followed(session: Session, ids: Sequence[int]) -> set[int]:
    """Ids of those among these decisions that something followed."""
    return set(session.scalars(_passed(), {"passed_ids": list(ids)}))


@cache
def _passed() -> CompoundSelect[Any]:
    """Those of `passed_ids` that something followed; kept, since putting it together takes longer
    than its answer. Each way is a question of its own within the one: asked
    of several at once SQLite would look through all decisions there are."""
    mine, other = aliased(Decision), aliased(Decision)
    another = and_(other.case_id == mine.case_id, other.id > mine.id)
    repeats = other.duplicate_of_id == mine.case_id
    looked_at_again = and_(
        SecondReview.case_id == mine.case_id,
        SecondReview.at.is_not(None),
        SecondReview.first_id <= mine.id,
    )
    sent_for = and_(
        FieldTask.case_id == mine.case_id,
        FieldTask.asked_at >= mine.at,
        FieldTask.withdrawn_at.is_(None),
    )
    asked = select(mine.id).where(mine.id.in_(bindparam("passed_ids", expanding=True)))
    return union_all(
        asked.join(other, and_(another, other.undone_at.is_(None))),
        asked.join(other, and_(repeats, other.undone_at.is_(None))),
        asked.join(SecondReview, looked_at_again),
        asked.join(FieldTask, sent_for),
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
