"""All that changed of a locked report's period: figures, and the cases behind them.

What cameras saw counts too: a detector that was cut off tells its hours when it is back.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from viahe_api.adjustments import Adjustment, adjustments
from viahe_api.counted_wards import Narrow, one_ward
from viahe_api.counts import OUTCOME_FIELDS, Counts, Outcomes
from viahe_api.figures import BLACK_SPOT, Figures
from viahe_api.outcome_adjustments import OutcomeAdjustment, outcome_adjustments
from viahe_api.outcomes import outcomes_by_act
from viahe_api.repeat_places import repeat_places
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import LockedReport
from viahe_api.tallies import BY_ACT
from viahe_api.ward_hours import HoursReading
from viahe_rules.domain import Act

NOISE_H = 1e-6
"""Hours added up in another order differ by less, and may yet be rounded apart."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure, as it was locked and as it would be counted now; hours to a tenth. `act` is None
    where it is of all acts together."""

    act: Act | None
    measure: str
    before: float
    after: float


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
    reading = SummaryReading(session, one_ward(report.ward_id))
    return SinceLocked(
        (*_figures(reading, figures), *_together(reading, figures)),
        adjustments(session, report, figures.period),
        outcome_adjustments(session, report, figures),
    )


def _figures(reading: SummaryReading, figures: Figures) -> Iterator[FigureChange]:
    counts, previous, year_before = (
        reading.counts(period, BY_ACT, "act")
        for period in (figures.period, figures.previous, figures.year_before)
    )
    outcomes = outcomes_by_act(reading, figures.period)
    for act in figures.acts:
        now = counts.get((act.act,), Counts())
        for name in Counts.__slots__:
            yield from _changed(act.act, name, getattr(act.counts, name), getattr(now, name))
        then_outcomes, now_outcomes = act.outcomes, outcomes.get(act.act, Outcomes())
        for name, field in OUTCOME_FIELDS.items():
            before, after = getattr(then_outcomes, field), getattr(now_outcomes, field)
            yield from _changed(act.act, name, before, after)
        for name, kept, counted in (
            ("previous", act.previous, previous),
            ("year_before", act.year_before, year_before),
        ):
            after = counted.get((act.act,), Counts()).sufficient
            yield from _changed(act.act, name, kept.sufficient, after)


def _together(reading: SummaryReading, figures: Figures) -> Iterator[FigureChange]:
    """What no act has alone. Of clocks a report locked earlier may say nothing."""
    yield from _hours(reading.session, reading.narrow, figures)
    period = figures.period
    places = repeat_places(reading, period)
    repeats = sum(place.repeats for place in places)
    spots = sum(place.sufficient >= BLACK_SPOT for place in places if place.camera_id)
    kept = sum(camera.black_spots for camera in figures.cameras)
    yield from _changed(None, "repeats", figures.repeats, repeats)
    yield from _changed(None, "black_spots", kept, spots)
    if figures.clocks_off is not None:
        off = reading.clocks_off(period)
        yield from _changed(None, "clocks_off", figures.clocks_off, off)


def _hours(session: Session, narrow: Narrow, figures: Figures) -> Iterator[FigureChange]:
    """Those of the compared periods too: whether they are compared hangs on them."""
    periods = (figures.period, figures.previous, figures.year_before)
    read = HoursReading(session, narrow).of(periods, now=figures.period.end)
    then = (figures.hours, figures.hours_previous, figures.hours_year_before)
    for place, (of, kept) in enumerate(zip(("", "_previous", "_year_before"), then, strict=True)):
        now = read.together(place)
        for measure, before, after in (
            ("hours_expected", kept.expected, now.expected),
            ("hours_seen", kept.seen, now.seen),
            ("hours_lost", kept.lost, now.lost),
        ):
            if abs(after - before) > NOISE_H:
                yield from _changed(None, measure + of, round(before, 1), round(after, 1))


def _changed(act: Act | None, measure: str, before: float, after: float) -> Iterator[FigureChange]:
    if before != after:
        yield FigureChange(act, measure, before, after)
