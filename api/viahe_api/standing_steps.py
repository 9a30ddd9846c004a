"""Which steps of handling count: outcomes, by the day of the action, that were not taken back."""

from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select
from sqlalchemy.orm import aliased

from viahe_api.local_time import local_day
from viahe_api.periods import Period
from viahe_api.spans import Span
from viahe_api.tables import HandlingStep, HandlingUndo
from viahe_api.told_days import ToldDays
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


def standing_outcomes(*of: Span | Period) -> Columns:
    """Of steps, the outcomes of these days that count: the newest of their kind that stands."""
    acted = or_(*(acted_in(days) for days in of))
    return (acted, HandlingStep.step.in_(OUTCOMES), *newest_that_stand())


def steps_that_count(days: Span | ToldDays) -> Subquery:
    """Of `standing_outcomes` the case, the step, what it rests on, its amount, and its `first` and
    only day. Around told days there are others, and whose they are is not asked: PostgreSQL reads
    steps from end to end where the days are told by rows."""
    step, around = HandlingStep, days.around if isinstance(days, ToldDays) else (days,)
    acted = func.coalesce(step.day, local_day(step.at.expression)).label("first")
    return (
        select(step.case_id, step.step, step.basis_id, step.amount, acted)
        .where(*standing_outcomes(*around))
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
    """By the date on the paper, and by the entry where there is none. `step` may be an alias."""
    return or_(
        step.day.between(days.first, days.last),
        and_(step.day.is_(None), step.at >= days.start, step.at < days.end),
    )
