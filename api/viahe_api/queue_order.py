"""In what order cases wait, and which of them come after one that is open."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from viahe_api.tables import Case


class QueueOrder(StrEnum):
    """Which come first: those that have waited longest, of these the surest; or the surest, of
    these those that have waited longest. What people reported has no score and then comes last."""

    OLDEST = "oldest"
    SUREST = "surest"


def in_order(order: QueueOrder) -> tuple[ColumnElement[Any], ...]:
    """To order a select of Case by; no two cases have the same place."""
    waited, sure = Case.completed_at.asc(), Case.score.desc()
    first = (sure, waited) if order is QueueOrder.SUREST else (waited, sure)
    return (*first, Case.id.asc())


def comes_after(case: Case, order: QueueOrder) -> ColumnElement[bool]:
    """Of complete cases, those behind this one."""
    as_sure, as_long = Case.score == case.score, Case.completed_at == case.completed_at
    less_sure, less_long = Case.score < case.score, Case.completed_at > case.completed_at
    later_id = and_(as_sure, as_long, Case.id > case.id)
    if order is QueueOrder.SUREST:
        return or_(less_sure, and_(as_sure, less_long), later_id)
    return and_(
        Case.completed_at >= case.completed_at,  # implied, and where an index is entered
        or_(less_long, and_(as_long, less_sure), later_id),
    )
