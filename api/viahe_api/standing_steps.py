"""Which steps of handling count: outcomes, by the day of the action, that were not taken back."""

from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from viahe_api.periods import Period
from viahe_api.spans import Span
from viahe_api.tables import HandlingStep, HandlingUndo
from viahe_api.vocabulary import Handling

Columns: TypeAlias = tuple[ColumnElement[Any], ...]

OUTCOMES = (
    Handling.REMINDED,
    Handling.COMMITTED,
    Handling.RECORDED,
    Handling.SANCTIONED,
    Handling.COMPLIED,
)
"""Steps that are outcomes."""


def standing_outcomes(span: Span | Period) -> Columns:
    """Of steps, the outcomes of the span that count: the newest of their kind that stands."""
    return (acted_in(span), HandlingStep.step.in_(OUTCOMES), *newest_that_stand())


def newest_that_stand() -> Columns:
    """Of steps, each case's newest of a kind among those that were not taken back."""
    later = aliased(HandlingStep)
    newer = (
        select(later.id)
        .where(
            later.case_id == HandlingStep.case_id,
            later.step == HandlingStep.step,
            later.id > HandlingStep.id,
            _stands(later.id.expression),
        )
        .exists()
    )
    return (_stands(HandlingStep.id.expression), ~newer)


def _stands(step_id: ColumnElement[int]) -> ColumnElement[bool]:
    return ~select(HandlingUndo.step_id).where(HandlingUndo.step_id == step_id).exists()


def acted_in(span: Span | Period, step: type[HandlingStep] = HandlingStep) -> ColumnElement[bool]:
    """By the date on the paper, and by the entry where there is none. `step` may be an alias."""
    return or_(
        step.day.between(span.first, span.last),
        and_(step.day.is_(None), step.at >= span.start, step.at < span.end),
    )
