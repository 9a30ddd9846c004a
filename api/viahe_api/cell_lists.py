"""The cases under a figure: looked up where they stand, or in what was locked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from viahe_api.case_lines import CaseLine, lines, read_lines, repeating
from viahe_api.cells import OUTCOMES, STATES, Cell, cameras_at
from viahe_api.counted_wards import Narrow
from viahe_api.figures import Figures
from viahe_api.local_time import hour_of_week
from viahe_api.periods import Period
from viahe_api.tables import Account, Case, Decision, HandReport, ResidentialGroup, Ward
from viahe_api.tables.handling import HandlingStep
from viahe_api.tallies import began_in, standing_outcomes
from viahe_api.trend import waiting_since
from viahe_api.vocabulary import OPEN_STATES, CaseState, Source, Verdict

Conditions: TypeAlias = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """The first cases under a figure, oldest first, and how many there are in all."""

    lines: tuple[CaseLine, ...]
    total: int


def cases_under(
    session: Session, narrow: Narrow, figures: Figures, cell: Cell, *, most: int
) -> Counted:
    """The cases a figure of a draft counts, as the rows stand now."""
    conditions = (
        *_counted_in(narrow, figures.period, cell),
        *_of_cell(cell),
        *_at_place(cell, figures),
    )
    return _found(session, narrow, lines().where(*conditions), conditions, most)


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
    ids = narrow(made, Decision.ward_id).subquery()
    statement = lines().join(ids, ids.c.case_id == Case.id)
    counting = select(func.count()).select_from(Case).join(ids, ids.c.case_id == Case.id)
    stands = Case.state != CaseState.INTEGRITY_ERROR
    total = session.scalar(narrow(counting.where(stands), Case.ward_id)) or 0
    first = islice(read_lines(session, narrow, statement.where(stands)), most)
    return Counted(tuple(first), total)


def open_cases(session: Session, narrow: Narrow, age: int, now: datetime, *, most: int) -> Counted:
    """Open cases of one of `trend.open_by_age`'s ages."""
    conditions = (
        Case.completed_at.is_not(None),
        Case.state.in_(OPEN_STATES),
        *waiting_since(age, now),
    )
    return _found(session, narrow, lines().where(*conditions), conditions, most)


def _found(
    session: Session,
    narrow: Narrow,
    statement: "Select[*tuple[Any, ...]]",
    conditions: Conditions,
    most: int,
) -> Counted:
    counting = select(func.count()).select_from(Case).outerjoin(Case.hand_report)
    counting = counting.where(*conditions)
    total = session.scalar(narrow(counting, Case.ward_id)) or 0
    return Counted(tuple(islice(read_lines(session, narrow, statement), most)), total)


def _counted_in(narrow: Narrow, period: Period, cell: Cell) -> Conditions:
    if cell.of in OUTCOMES:
        steps = (
            select(HandlingStep.case_id)
            .where(HandlingStep.step == OUTCOMES[cell.of], *standing_outcomes(period))
            .correlate(None)
        )
        counted = Case.state != CaseState.INTEGRITY_ERROR
        return (Case.id.in_(steps), Case.completed_at.is_not(None), counted)
    conditions = (*began_in(period), Case.state.in_(STATES[cell.of]))
    if cell.of == "repeats":
        return (*conditions, repeating(narrow))
    return conditions


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
    }
    values = ((condition, getattr(cell, name)) for name, condition in asked.items())
    return tuple(condition(value) for condition, value in values if value is not None)


def _at_place(cell: Cell, figures: Figures) -> Conditions:
    """As `cells.seat_of`: at one of the cameras a form counts there, or reported there."""
    if cell.place is None:
        return ()
    ward, group, street = cell.place
    named = select(ResidentialGroup.name).where(ResidentialGroup.id == HandReport.group_id)
    reported = and_(
        Case.source != Source.CAMERA,
        Case.ward_id.in_(select(Ward.id).where(Ward.name == ward)),
        func.coalesce(named.correlate(HandReport).scalar_subquery(), "") == group,
        HandReport.street == street,
    )
    cameras = cameras_at(cell.place, figures)
    return (or_(and_(Case.source == Source.CAMERA, Case.camera_id.in_(cameras)), reported),)
