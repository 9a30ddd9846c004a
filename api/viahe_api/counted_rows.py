"""How the rows of cases, steps and decisions are counted: by ward, some keys, and day if it is told
to."""

from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal_column, select, true
from sqlalchemy.orm import InstrumentedAttribute

from viahe_api.local_time import hour_of_week, local_day
from viahe_api.periods import Period
from viahe_api.repeating import repeats
from viahe_api.spans import Span
from viahe_api.standing_steps import Columns, steps_that_count
from viahe_api.tables import Case, Decision, HandReport
from viahe_api.told_days import ToldDays
from viahe_api.vocabulary import UNCONCLUDED_STATES, CaseState, Handling, Source

Days: TypeAlias = Span | ToldDays
"""A span, or stretches of wards' days as rows of the statement."""

SYNCHRONISED_S = 2.0
"""A clock farther off than this, or of unknown offset, is said to be."""
STATES = (
    "sufficient",
    "insufficient",
    "not_violation",
    "duplicate",
    "in_verification",
    "integrity_errors",
)


def began_in(days: Days | Period) -> Columns:
    """Of complete cases, those whose act began on the days."""
    return (
        *_of_whom(days, Case.ward_id),
        Case.completed_at.is_not(None),
        Case.start_at >= days.start,
        Case.start_at < days.end,
    )


def _of_whom(days: Days | Period, ward_id: "InstrumentedAttribute[int]") -> Columns:
    """That rows are of the ward whose day was told."""
    return (ward_id == days.ward_id,) if isinstance(days, ToldDays) else ()


def _first(days: Days, of: ColumnElement[Any]) -> Columns:
    """What tells rows apart: of told days theirs, of a span the row's own day, `of`."""
    day = days.first if isinstance(days, ToldDays) else of
    return (day.label("first"),)


def _counts() -> Columns:
    of_state: dict[str, ColumnElement[bool]] = {
        "sufficient": Case.state == CaseState.SUFFICIENT,
        "insufficient": Case.state == CaseState.INSUFFICIENT,
        "not_violation": Case.state == CaseState.NOT_VIOLATION,
        "duplicate": Case.state == CaseState.DUPLICATE,
        "in_verification": Case.state.in_(UNCONCLUDED_STATES),
        "integrity_errors": Case.state == CaseState.INTEGRITY_ERROR,
    }
    return tuple(func.count().filter(of_state[name]).label(name) for name in STATES)


def clock_off() -> ColumnElement[bool]:
    """Whether a camera raised the case whose clock was off, or by nobody knows how much."""
    off = func.coalesce(func.abs(Case.clock_offset_s) > SYNCHRONISED_S, true())
    return and_(Case.source == Source.CAMERA, off)


def rows_by_act(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
    recorded = Case.state != CaseState.INTEGRITY_ERROR
    clocks_off = func.count().filter(recorded, clock_off())
    keys = (Case.act.label("act"), Case.source.label("source"))
    rows = _case_rows(days, apart, *keys)
    return rows.add_columns(clocks_off.label("clocks_off"))


def rows_by_hour(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
    return _case_rows(days, apart, hour_of_week(Case.start_at.expression).label("hour"))


def rows_by_kind(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
    keys = (Case.act.label("act"), Case.label.label("label"), Case.source.label("source"))
    return _case_rows(days, apart, *keys)


def rows_by_seat(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
    of_camera = Case.source == Source.CAMERA
    keys = (
        Case.source.label("source"),
        case((of_camera, func.coalesce(Case.camera_id, 0)), else_=0).label("camera_id"),
        func.coalesce(HandReport.group_id, 0).label("group_id"),
        func.coalesce(HandReport.street, "").label("street"),
        Case.act.label("act"),
    )
    entered = and_(HandReport.case_id == Case.id, Case.source != Source.CAMERA)
    return _case_rows(days, apart, *keys).outerjoin(HandReport, entered)


def rows_by_place(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
    camera_id = func.coalesce(Case.camera_id, 0).label("camera_id")
    keys = (camera_id, Case.zone.label("zone"), Case.act.label("act"))
    first = _first(days, local_day(Case.start_at.expression)) if apart else ()
    grouped = (Case.ward_id.label("ward_id"), *first, *keys)
    again = func.count().filter(repeats())
    return (
        select(*grouped, func.count().label("sufficient"), again.label("repeats"))
        .where(*began_in(days), Case.state == CaseState.SUFFICIENT, Case.source == Source.CAMERA)
        .group_by(*grouped)
    )


def _case_rows(days: Days, apart: bool, *keys: Any) -> "Select[*tuple[Any, ...]]":
    first = _first(days, local_day(Case.start_at.expression)) if apart else ()
    grouped = (Case.ward_id.label("ward_id"), *first, *keys)
    return select(*grouped, *_counts()).where(*began_in(days)).group_by(*grouped)


def outcome_rows(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
    """Each case once for each kind of outcome, by the newest step of that kind that stands."""
    of = steps_that_count(days).c
    first = (of.first,) if apart else ()
    sanction = of.step == literal_column(f"'{Handling.SANCTIONED}'")
    rests_on = func.coalesce(of.basis_id, literal_column("0"))
    basis = case((sanction, rests_on), else_=literal_column("0")).label("basis_id")
    # Whose the step is: asked of one ward by whose the case is, PostgreSQL looks up the steps of
    # all the days for each of its cases.
    grouped = (of.ward_id, *first, Case.act.label("act"), of.step, basis)
    return (
        select(
            *grouped,
            func.count().label("cases"),
            func.coalesce(func.sum(of.amount), 0).label("amount"),
        )
        .join(Case, Case.id == of.case_id)
        .where(Case.completed_at.is_not(None), Case.state != CaseState.INTEGRITY_ERROR)
        .group_by(*grouped)
    )


def decision_rows(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
    first = _first(days, local_day(Decision.at.expression)) if apart else ()
    grouped = (
        Decision.ward_id.label("ward_id"),
        *first,
        Decision.account_id.label("account_id"),
        Decision.verdict.label("verdict"),
    )
    lost = exists().where(Case.id == Decision.case_id, Case.state == CaseState.INTEGRITY_ERROR)
    return (
        select(*grouped, func.count().label("decisions"))
        .where(
            *_of_whom(days, Decision.ward_id),
            Decision.at >= days.start,
            Decision.at < days.end,
            Decision.undone_at.is_(None),
            ~lost,
        )
        .group_by(*grouped)
    )
