"""Outcomes of a locked period that were entered, corrected, taken back or lost after the lock."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import Select, String, case, except_, not_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from viahe_api.adjustment_causes import Cause, Why, lost_since
from viahe_api.case_lines import CASE_LINE, CaseLine
from viahe_api.cells import OUTCOMES
from viahe_api.counts import Outcomes
from viahe_api.figures import Figures
from viahe_api.listed_ids import one_of
from viahe_api.periods import Period
from viahe_api.standing_steps import acted_in, standing_outcomes
from viahe_api.tables import Case, HandlingStep, LockedCase, LockedReport
from viahe_api.tables.handling import HandlingUndo
from viahe_api.vocabulary import CaseState, Handling
from viahe_rules.domain import Act

Key: TypeAlias = tuple[str, str]
"""A case's code and the measure of `cells.OUTCOMES` that counts it."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What an outcome says: the day it counts on, the paper's number, the amount in đồng. `day`
    is None of a case that is no longer on file."""

    day: date | None
    number: str
    amount: int | None


@dataclass(frozen=True, slots=True)
class OutcomeAdjustment:
    """One kind of outcome of one case: as the locked period counted it, and as it would now;
    None where it did not, or would not."""

    code: str
    act: Act
    start_at: datetime
    step: Handling
    before: Entered | None
    after: Entered | None
    why: Why


def outcome_adjustments(
    session: Session, report: LockedReport, figures: Figures
) -> tuple[OutcomeAdjustment, ...]:
    """By code. What was counted is read from what was locked, so that whatever the figures of
    outcomes differ by is here, however it came about."""
    period, kept = figures.period, _kept(session, report, figures)
    keys = _differing(session, report, period, kept=kept)
    codes = {code for code, _ in keys}
    if not codes:
        return ()
    locked = _locked(session, report, codes)
    steps = _steps(session, report, codes)
    lost = lost_since(session, report, sorted({of[0].case_id for of in steps.values()}))
    found = []
    for key in keys:
        of_key = steps.get(key, ())
        then = _then(locked.get(key), of_key, report.locked_at, period, kept=kept)
        found.append(_of_key(key, locked.get(key), then, of_key, period, lost))
    return tuple(
        sorted((one for one in found if one is not None), key=lambda one: (one.code, one.step))
    )


def _kept(session: Session, report: LockedReport, figures: Figures) -> bool:
    """Whether the cases that outcomes counted were locked with them, as they were not always."""
    counted = any(act.outcomes != Outcomes() for act in figures.acts)
    return not counted or session.execute(_counted_then(report).limit(1)).first() is not None


def _differing(session: Session, report: LockedReport, period: Period, *, kept: bool) -> set[Key]:
    """What was counted and is not, or is and was not, and what was touched since, which may have
    another amount."""
    now, then = _counted_now(report, period), _counted_then(report)
    questions: tuple[Any, ...] = (except_(now, then), except_(then, now))
    if not kept:
        questions = (_counted_now(report, period, broken=True),)
    questions += (_touched(report, period),)
    return {(code, measure) for asked in questions for code, measure in session.execute(asked)}


def _counted_then(report: LockedReport) -> "Select[*tuple[Any, ...]]":
    """Integrity errors were kept with outcomes and are none."""
    line = LockedCase.line
    measure = line["outcome"].as_string()
    return select(line["case"]["code"].as_string(), measure).where(
        LockedCase.report_id == report.id, LockedCase.position < 0, measure.in_(tuple(OUTCOMES))
    )


def _counted_now(
    report: LockedReport, period: Period, *, broken: bool = False
) -> "Select[*tuple[Any, ...]]":
    """Or, of `broken` evidence, what would be counted if it were whole."""
    lost = Case.state == CaseState.INTEGRITY_ERROR
    return _outcomes(report).where(
        Case.completed_at.is_not(None),
        lost if broken else not_(lost),
        *standing_outcomes(period),
    )


def _touched(report: LockedReport, period: Period) -> "Select[*tuple[Any, ...]]":
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
    outcomes = _outcomes(report).where(HandlingStep.step.in_(OUTCOMES.values()))
    return outcomes.where(since, in_period).distinct()


def _outcomes(report: LockedReport) -> "Select[*tuple[Any, ...]]":
    """The keys of the ward's steps, to be narrowed to outcomes."""
    measures = {step: measure for measure, step in OUTCOMES.items()}
    return (
        select(Case.code, case(measures, value=HandlingStep.step).cast(String))
        .select_from(HandlingStep)
        .join(Case, Case.id == HandlingStep.case_id)
        .where(Case.ward_id == report.ward_id)
    )


def _locked(session: Session, report: LockedReport, codes: Collection[str]) -> dict[Key, CaseLine]:
    code = LockedCase.line["case"]["code"].as_string()
    kept = select(LockedCase.line).where(
        LockedCase.report_id == report.id, LockedCase.position < 0, code.in_(codes)
    )
    lines = (
        (one["outcome"], CASE_LINE.validate_python(one["case"])) for one in session.scalars(kept)
    )
    return {(line.code, measure): line for measure, line in lines}


def _steps(
    session: Session, report: LockedReport, codes: Collection[str]
) -> Mapping[Key, list[HandlingStep]]:
    """All outcomes of these cases, oldest first."""
    ids = session.scalars(
        select(Case.id).where(Case.ward_id == report.ward_id, Case.code.in_(codes))
    )
    statement = (
        select(HandlingStep)
        .where(
            one_of(HandlingStep.case_id.expression, ids),
            HandlingStep.step.in_(OUTCOMES.values()),
        )
        .options(
            joinedload(HandlingStep.case),
            joinedload(HandlingStep.account),
            joinedload(HandlingStep.undo).joinedload(HandlingUndo.account),
        )
        .order_by(HandlingStep.id)
    )
    measures = {step: measure for measure, step in OUTCOMES.items()}
    grouped: defaultdict[Key, list[HandlingStep]] = defaultdict(list)
    for step in session.scalars(statement):
        grouped[step.case.code, measures[step.step]].append(step)
    return grouped


def _then(
    locked: CaseLine | None,
    steps: Sequence[HandlingStep],
    locked_at: datetime,
    period: Period,
    *,
    kept: bool,
) -> Entered | None:
    """What was counted: as the steps of then have it; without them as the locked line does."""
    if locked is None and kept:
        return None
    counted = _counted([one for one in steps if one.at <= locked_at], period, locked_at)
    if counted is not None or locked is None:
        return counted
    return Entered(None, locked.decision_number or "", locked.fine_dong)


def _of_key(
    key: Key,
    locked: CaseLine | None,
    then: Entered | None,
    steps: Sequence[HandlingStep],
    period: Period,
    lost: Mapping[int, datetime],
) -> OutcomeAdjustment | None:
    """None where nothing changed."""
    if not steps:
        if locked is None:
            return None
        removed, step = Why(Cause.REMOVED), OUTCOMES[key[1]]
        return OutcomeAdjustment(key[0], locked.act, locked.start_at, step, then, None, removed)
    of, step = steps[0].case, steps[0].step
    broken = of.state is CaseState.INTEGRITY_ERROR
    now = None if broken else _counted(steps, period, None)
    if then == now or (broken and of.id not in lost):
        return None
    why = Why(Cause.INTEGRITY_LOST, lost[of.id]) if broken else _newest(steps, then)
    return OutcomeAdjustment(of.code, of.act, of.start_at, step, then, now, why)


def _counted(steps: Sequence[HandlingStep], period: Period, at: datetime | None) -> Entered | None:
    """The newest that stands, at a moment or now, if it is of the period."""
    standing = [step for step in steps if not _taken_back(step, at)]
    if not standing:
        return None
    step = standing[-1]
    day = step.acted_on
    if not period.first <= day <= period.last:
        return None
    return Entered(day, step.number, step.amount)


def _taken_back(step: HandlingStep, at: datetime | None) -> bool:
    return step.undo is not None and (at is None or step.undo.at <= at)


def _newest(steps: Sequence[HandlingStep], then: Entered | None) -> Why:
    """What was entered or taken back last."""
    entered = Cause.OUTCOME_ENTERED if then is None else Cause.OUTCOME_CORRECTED
    done = [(step.at, Why(entered, step.at, step.account.name, None, step.note)) for step in steps]
    for step in steps:
        if (undo := step.undo) is not None:
            done.append((undo.at, Why(Cause.OUTCOME_TAKEN_BACK, undo.at, undo.account.name)))
    return max(done, key=lambda one: one[0])[1]
