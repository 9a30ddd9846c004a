"""Outcomes of a locked period that were entered, corrected or taken back after the lock."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from viahe_api.adjustments import Why
from viahe_api.periods import Period, local_day
from viahe_api.tables import Case, HandlingStep, LockedReport
from viahe_api.tables.handling import HandlingUndo
from viahe_api.tallies import OUTCOMES, acted_in
from viahe_api.vocabulary import CaseState, Handling
from viahe_rules.domain import Act


@dataclass(frozen=True, slots=True)
class Entered:
    """What an outcome says: the day it counts on, the paper's number, the amount in đồng."""

    day: date
    number: str
    amount: int | None


@dataclass(frozen=True, slots=True)
class OutcomeAdjustment:
    """One kind of outcome of one case: as the locked period counted it, and as it would now;
    None where it did not, or would not. `why` is its newest entry or taking back."""

    code: str
    act: Act
    start_at: datetime
    step: Handling
    before: Entered | None
    after: Entered | None
    why: Why


def outcome_adjustments(
    session: Session, report: LockedReport, period: Period
) -> tuple[OutcomeAdjustment, ...]:
    """By code. A case whose evidence was lost since is an adjustment of its own."""
    found = (
        _adjustment(steps, report.locked_at, period) for steps in _touched(session, report, period)
    )
    return tuple(
        sorted((one for one in found if one is not None), key=lambda one: (one.code, one.step))
    )


def _touched(
    session: Session, report: LockedReport, period: Period
) -> Iterable[Sequence[HandlingStep]]:
    """All steps of a case and a kind, oldest first, if anything was done to them since and one
    of them is of the period."""
    of_period = aliased(HandlingStep)
    since = or_(
        HandlingStep.at > report.locked_at,
        select(HandlingUndo.step_id)
        .where(HandlingUndo.step_id == HandlingStep.id, HandlingUndo.at > report.locked_at)
        .exists(),
    )
    in_period = (
        select(of_period.id)
        .where(
            of_period.case_id == HandlingStep.case_id,
            of_period.step == HandlingStep.step,
            acted_in(period, of_period),
        )
        .exists()
    )
    pairs = (
        select(HandlingStep.case_id, HandlingStep.step)
        .join(Case, Case.id == HandlingStep.case_id)
        .where(
            Case.ward_id == report.ward_id,
            Case.completed_at.is_not(None),
            Case.state != CaseState.INTEGRITY_ERROR,
            HandlingStep.step.in_(OUTCOMES),
            since,
            in_period,
        )
        .distinct()
        .subquery()
    )
    statement = (
        select(HandlingStep)
        .join(
            pairs, (pairs.c.case_id == HandlingStep.case_id) & (pairs.c.step == HandlingStep.step)
        )
        .options(
            joinedload(HandlingStep.case),
            joinedload(HandlingStep.account),
            joinedload(HandlingStep.undo).joinedload(HandlingUndo.account),
        )
        .order_by(HandlingStep.id)
    )
    grouped: defaultdict[tuple[int, Handling], list[HandlingStep]] = defaultdict(list)
    for step in session.scalars(statement):
        grouped[step.case_id, step.step].append(step)
    return grouped.values()


def _adjustment(
    steps: Sequence[HandlingStep], locked_at: datetime, period: Period
) -> OutcomeAdjustment | None:
    then = _counted([step for step in steps if step.at <= locked_at], period, locked_at)
    now = _counted(steps, period, None)
    if then == now:
        return None
    case = steps[0].case
    return OutcomeAdjustment(
        case.code, case.act, case.start_at, steps[0].step, then, now, _newest(steps)
    )


def _counted(steps: Sequence[HandlingStep], period: Period, at: datetime | None) -> Entered | None:
    """The newest that stands, at a moment or now, if it is of the period."""
    standing = [step for step in steps if not _taken_back(step, at)]
    if not standing:
        return None
    step = standing[-1]
    day = step.day or local_day(step.at)
    if not period.first <= day <= period.last:
        return None
    return Entered(day, step.number, step.amount)


def _taken_back(step: HandlingStep, at: datetime | None) -> bool:
    return step.undo is not None and (at is None or step.undo.at <= at)


def _newest(steps: Sequence[HandlingStep]) -> Why:
    done = [Why(step.at, step.account.name, None, step.note) for step in steps]
    done += [Why(step.undo.at, step.undo.account.name) for step in steps if step.undo is not None]
    return max(done, key=lambda why: why.at or steps[0].at)
