"""All that changed of a locked report's period: figures, and the cases behind them."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from viahe_api.adjustments import Adjustment, adjustments
from viahe_api.counted_wards import one_ward
from viahe_api.counts import OUTCOME_FIELDS, Counts, Outcomes
from viahe_api.figures import Figures
from viahe_api.outcome_adjustments import OutcomeAdjustment, outcome_adjustments
from viahe_api.outcomes import outcomes_by_act
from viahe_api.summary_reading import counts_of
from viahe_api.tables import LockedReport
from viahe_api.tallies import BY_ACT
from viahe_rules.domain import Act


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure of an act, as it was locked and as it would be counted now."""

    act: Act
    measure: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class SinceLocked:
    """`cases` and `outcomes` are for who may read cases; `figures` for everybody."""

    figures: tuple[FigureChange, ...]
    cases: tuple[Adjustment, ...]
    outcomes: tuple[OutcomeAdjustment, ...]

    @property
    def cases_changed(self) -> int:
        return len({one.code for one in self.cases} | {one.code for one in self.outcomes})


def since_locked(session: Session, report: LockedReport, figures: Figures) -> SinceLocked:
    """What a locked report, whose figures are given, is beside the rows as they stand."""
    return SinceLocked(
        tuple(_figures(session, report, figures)),
        adjustments(session, report, figures.period),
        outcome_adjustments(session, report, figures.period),
    )


def _figures(session: Session, report: LockedReport, figures: Figures) -> Iterator[FigureChange]:
    narrow = one_ward(report.ward_id)
    counts = counts_of(session, narrow, figures.period, BY_ACT, "act")
    outcomes = outcomes_by_act(session, narrow, figures.period)
    for act in figures.acts:
        now = counts.get((act.act,), Counts())
        for name in Counts.__slots__:
            yield from _changed(act.act, name, getattr(act.counts, name), getattr(now, name))
        then_outcomes, now_outcomes = act.outcomes, outcomes.get(act.act, Outcomes())
        for name, field in OUTCOME_FIELDS.items():
            before, after = getattr(then_outcomes, field), getattr(now_outcomes, field)
            yield from _changed(act.act, name, before, after)


def _changed(act: Act, measure: str, before: int, after: int) -> Iterator[FigureChange]:
    if before != after:
        yield FigureChange(act, measure, before, after)
