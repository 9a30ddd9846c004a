"""The cases under a figure: looked up where they stand, or in what was locked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from viahe_api.case_line_rows import AT_A_TIME, lines
from viahe_api.case_lines import CaseLine, read_lines, repeating
from viahe_api.cells import OUTCOMES, STATES, Cell, cameras_at
from viahe_api.counted_wards import Narrow
from viahe_api.counts import OUTCOME_FIELDS
from viahe_api.figures import Figures, total
from viahe_api.law import basis_name
from viahe_api.listed_ids import one_of
from viahe_api.local_time import hour_of_week
from viahe_api.periods import Period
from viahe_api.spans import DAY, Length, Span
from viahe_api.standing_steps import newest_that_stand, standing_outcomes
from viahe_api.tables import (
    Account,
    Case,
    Decision,
    HandReport,
    LegalBasis,
    ResidentialGroup,
    Ward,
)
from viahe_api.tables.handling import HandlingStep
from viahe_api.tallies import began_in, clock_off
from viahe_api.trend import waiting_since
from viahe_api.vocabulary import OPEN_STATES, CaseState, Handling, Source, Verdict

Conditions: TypeAlias = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """The first cases under a figure, oldest first, and how many there are in all. `left_out` of
    the first are not among the lines: the reader is to look at them a second time."""

    lines: tuple[CaseLine, ...]
    total: int
    left_out: int = 0


def cases_under(
    session: Session, narrow: Narrow, figures: Figures, cell: Cell, *, most: int
) -> Counted:
    """The cases a figure of a draft counts, as the rows stand now."""
    period, by_act = figures.period, cell.of not in OUTCOMES
    conditions = (*_counted(narrow, period, cell), *_of_cell(cell), *_at_place(cell, figures))
    spans = _in_order(period, cell.weekday) if by_act else (None,)
    ids = _first(session, narrow, conditions, spans, most)
    counted = len(ids) if len(ids) < most else _counted_already(cell, figures)
    if counted is None:
        began = began_in(period) if by_act else ()
        counted = _count(session, narrow, (*conditions, *began))
    return Counted(tuple(_lines_of(session, narrow, ids)), counted)


def lines_under(found: Iterator[CaseLine], figures: Figures, cell: Cell, *, most: int) -> Counted:
    """The same of a locked report, whose list is `found`."""
    matching = (line for line in found if cell.holds(line, figures))
    first = tuple(islice(matching, most))
    return Counted(first, len(first) + sum(1 for _ in matching))


def decided_by(
    session: Session, narrow: Narrow, period: Period, reviewer: str, verdict: Verdict, *, most: int
) -> Counted:
    """The decisions of one verdict a person made in the period and that stand, a line for each,
    as `measures.reviewed_by` counts them."""
    made = (
        select(Decision.case_id)
        .join(Account, Account.id == Decision.account_id)
        .where(
            Account.name == reviewer,
            Decision.verdict == verdict,
            Decision.at >= period.start,
            Decision.at < period.end,
            Decision.undone_at.is_(None),
        )
    )
    found = narrow(made, Decision.ward_id).subquery()
    conditions = (Case.state != CaseState.INTEGRITY_ERROR, Case.id == found.c.case_id)
    ids = _first(session, narrow, conditions, (None,), most)
    counted = len(ids) if len(ids) < most else _count(session, narrow, conditions)
    of_case = dict(zip(dict.fromkeys(ids), _lines_of(session, narrow, ids), strict=True))
    return Counted(tuple(of_case[case_id] for case_id in ids), counted)


def open_cases(session: Session, narrow: Narrow, age: int, now: datetime, *, most: int) -> Counted:
    """Open cases of one of `trend.open_by_age`'s ages."""
    conditions = (
        Case.completed_at.is_not(None),
        Case.state.in_(OPEN_STATES),
        *waiting_since(age, now),
    )
    ids = _first(session, narrow, conditions, (None,), most)
    counted = len(ids) if len(ids) < most else _count(session, narrow, conditions)
    return Counted(tuple(_lines_of(session, narrow, ids)), counted)


def _first(
    session: Session,
    narrow: Narrow,
    conditions: Conditions,
    spans: Iterable[Span | None],
    most: int,
) -> list[int]:
    """The ids of the first cases, oldest first: nothing else is read of those that are not
    shown. `spans` follow each other; None is any time."""
    found: list[int] = []
    for span in spans:
        began = () if span is None else began_in(span)
        ids = select(Case.id).where(*conditions, *began)
        ordered = ids.order_by(Case.start_at, Case.id).limit(most - len(found))
        found += session.scalars(narrow(ordered, Case.ward_id))
        if len(found) == most:
            break
    return found


def _in_order(period: Period, weekday: int | None) -> Iterator[Span]:
    """The period's days of one weekday, or its first day, the two after it, the next four and so
    on: a list that is soon full is looked for in few of them, and any other in few steps."""
    first, days = period.first, 1
    while first <= period.last:
        if weekday in {None, first.weekday()}:
            yield Span(Length.DAY, first, min(first + (days - 1) * DAY, period.last))
        first, days = first + days * DAY, days * 2 if weekday is None else 1


def _count(session: Session, narrow: Narrow, conditions: Conditions) -> int:
    counting = select(func.count()).select_from(Case).where(*conditions)
    return session.scalar(narrow(counting, Case.ward_id)) or 0


def _counted_already(cell: Cell, figures: Figures) -> int | None:
    """What the figures say of everything at once, of an hour of the week, or of an act's
    outcomes; else None."""
    if cell.of in OUTCOMES and replace(cell, act=None) == Cell(cell.of):
        found = (act.outcomes for act in figures.acts if cell.act in {None, act.act})
        return sum(int(getattr(outcomes, OUTCOME_FIELDS[cell.of])) for outcomes in found)
    if cell.of not in STATES or replace(cell, weekday=None, hour=None) != Cell(cell.of):
        return None
    if cell.of == "repeats":
        return figures.repeats if cell == Cell(cell.of) else None
    if cell.of == "clocks_off":
        return figures.clocks_off if cell == Cell(cell.of) else None
    counts = (
        hour.counts
        for hour in figures.hours_of_week
        if cell.weekday in {None, hour.hour // 24} and cell.hour in {None, hour.hour % 24}
    )
    of_hours = total(counts)
    return of_hours.precision.whole if cell.of == "reviewed" else int(getattr(of_hours, cell.of))


def _lines_of(session: Session, narrow: Narrow, ids: Sequence[int]) -> Iterator[CaseLine]:
    for begin in range(0, len(ids), AT_A_TIME):
        some = ids[begin : begin + AT_A_TIME]
        yield from read_lines(session, narrow, lines().where(one_of(Case.id.expression, some)))


def _counted(narrow: Narrow, period: Period, cell: Cell) -> Conditions:
    """When acts began is asked beside these."""
    if cell.of in OUTCOMES:
        steps = (
            select(HandlingStep.case_id)
            .where(HandlingStep.step == OUTCOMES[cell.of], *standing_outcomes(period))
            .correlate(None)
        )
        counted = Case.state != CaseState.INTEGRITY_ERROR
        return (Case.id.in_(steps), Case.completed_at.is_not(None), counted)
    counted = Case.state.in_(STATES[cell.of])
    if cell.of == "clocks_off":
        return (counted, clock_off())
    return (counted, repeating(narrow)) if cell.of == "repeats" else (counted,)


def _resting_on(basis: str) -> ColumnElement[bool]:
    """Whether the case's sanction rests on it, or without a name on none."""
    bases = select(LegalBasis.id)
    named = bases.where(basis_name() == basis) if basis else bases
    rests = (
        select(HandlingStep.id)
        .where(
            HandlingStep.case_id == Case.id,
            HandlingStep.step == Handling.SANCTIONED,
            HandlingStep.basis_id.in_(named),
            *newest_that_stand(),
        )
        .exists()
    )
    return rests if basis else not_(rests)


def _of_cell(cell: Cell) -> Conditions:
    hour = hour_of_week(Case.start_at.expression)
    by_camera = Case.source == Source.CAMERA
    asked: dict[str, Callable[[Any], ColumnElement[bool]]] = {
        "act": lambda act: Case.act == act,
        "ward": lambda code: Case.ward_id.in_(select(Ward.id).where(Ward.code == code)),
        "camera": lambda camera: and_(by_camera, Case.camera_id == camera),
        "zone": lambda zone: and_(by_camera, Case.zone == zone),
        "source": lambda source: Case.source == source,
        "label": lambda label: Case.label == label,
        "weekday": lambda weekday: hour.between(weekday * 24, weekday * 24 + 23),
        "hour": lambda of_day: hour % 24 == of_day,
        "basis": _resting_on,
    }
    values = ((condition, getattr(cell, name)) for name, condition in asked.items())
    return tuple(condition(value) for condition, value in values if value is not None)


def _at_place(cell: Cell, figures: Figures) -> Conditions:
    """As `cells.seat_of`: at one of the cameras a form counts there, or reported there."""
    if cell.place is None:
        return ()
    ward, group, street = cell.place
    named = select(ResidentialGroup.name).where(ResidentialGroup.id == HandReport.group_id)
    there = select(HandReport.case_id).where(
        HandReport.ward_id.in_(select(Ward.id).where(Ward.name == ward)),
        HandReport.street == street,
        func.coalesce(named.correlate(HandReport).scalar_subquery(), "") == group,
    )
    reported = and_(Case.source != Source.CAMERA, Case.id.in_(there))
    cameras = cameras_at(cell.place, figures)
    return (or_(and_(Case.source == Source.CAMERA, Case.camera_id.in_(cameras)), reported),)
