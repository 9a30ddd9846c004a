"""What a figure asks of the cases it counts."""

from collections.abc import Callable
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from viahe_api.cells import OUTCOMES, STATES, Cell, cameras_at
from viahe_api.counted_rows import clock_off
from viahe_api.figures import Figures
from viahe_api.law import basis_name
from viahe_api.local_time import hour_of_week
from viahe_api.repeating import repeats
from viahe_api.standing_steps import newest_that_stand
from viahe_api.tables import Case, HandReport, LegalBasis, ResidentialGroup, Ward
from viahe_api.tables.handling import HandlingStep
from viahe_api.vocabulary import CaseState, Handling, Source

Conditions: TypeAlias = tuple[ColumnElement[bool], ...]


def asked_of_cases(figures: Figures, cell: Cell) -> Conditions:
    """All but when they began, or were acted on."""
    return (*_counted(cell), *_of_cell(cell), *_at_place(cell, figures))


def _counted(cell: Cell) -> Conditions:
    if cell.of in OUTCOMES:
        return (Case.completed_at.is_not(None), Case.state != CaseState.INTEGRITY_ERROR)
    counted = Case.state.in_(STATES[cell.of])
    if cell.of == "clocks_off":
        return (counted, clock_off())
    return (counted, repeats()) if cell.of == "repeats" else (counted,)


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
