"""Which steps of handling count: outcomes, by the day of the action, that were not taken back."""

from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Subquery, and_, select, tuple_
from sqlalchemy.orm import aliased

from viahe_api.periods import Period
from viahe_api.spans import Span
from viahe_api.tables import HandlingStep, HandlingUndo
from viahe_api.told_days import LiesAround, ToldDays
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


def standing_outcomes(days: Span | Period) -> Columns:
    """Of steps, the outcomes of these days that count: the newest of their kind that stands."""
    return (acted_in(days), HandlingStep.step.in_(OUTCOMES), *newest_that_stand())


def steps_that_count(days: Span | Period | ToldDays, *of: Handling) -> Subquery:
    """Of `standing_outcomes`, or those `of` some kinds, the ward, the case, the step, what it rests
    on, its amount, and its `first` and only day. Told days are single ones."""
    step = HandlingStep
    of_step = (step.ward_id, step.case_id, step.step, step.basis_id, step.amount)
    acted = _acted_on(days) if isinstance(days, ToldDays) else acted_in(days)
    return (
        select(*of_step, step.acted_on.label("first"))
        .where(acted, step.step.in_(of or OUTCOMES), *newest_that_stand())
        .subquery("steps")
    )


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


def acted_in(days: Span | Period, step: type[HandlingStep] = HandlingStep) -> ColumnElement[bool]:
    """`step` may be an alias."""
    return step.acted_on.between(days.first, days.last)


def _acted_on(days: ToldDays) -> ColumnElement[bool]:
    """Not as a join, in which SQLite may read all steps of a kind for each of the told."""
    whose_and_when = tuple_(HandlingStep.ward_id, HandlingStep.acted_on)
    around = LiesAround(HandlingStep.acted_on, days.around.first, days.around.last)
    return and_(around, whose_and_when.in_(select(days.ward_id, days.first)))
