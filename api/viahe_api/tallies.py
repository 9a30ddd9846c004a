"""What reports count again and again: by act, by hour, by place, outcomes, and who decided.

A tally knows how its rows are counted from cases, steps and decisions, and which table keeps
the sums.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from viahe_api.local_time import hour_of_week, local_day, microseconds
from viahe_api.periods import Period
from viahe_api.spans import OF_HALF_MONTHS, Length, Span
from viahe_api.standing_steps import Columns, steps_that_count
from viahe_api.tables import (
    ActSummary,
    ActSummaryOfAll,
    Case,
    Decision,
    HandReport,
    HourSummary,
    HourSummaryOfAll,
    KindSummary,
    KindSummaryOfAll,
    OutcomeSummary,
    OutcomeSummaryOfAll,
    PlaceSummary,
    ReviewerSummary,
)
from viahe_api.told_days import ToldDays
from viahe_api.vocabulary import UNCONCLUDED_STATES, CaseState, Handling, Source

Summary: TypeAlias = type[
    ActSummary | HourSummary | KindSummary | OutcomeSummary | PlaceSummary | ReviewerSummary
]

SummaryOfAll: TypeAlias = type[
    ActSummaryOfAll | HourSummaryOfAll | KindSummaryOfAll | OutcomeSummaryOfAll
]

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


@dataclass(frozen=True, slots=True)
class Tally:
    """`keys` and `sums` are columns of the table; `rows` selects ward, keys and sums of some days,
    counted from the base rows, if it is told to each day of a span or each told stretch apart, by
    its `first` day. Only `of_these` of the table's rows are what those would be. `of_all` keeps the
    table's sums over all wards."""

    table: Summary
    keys: tuple[str, ...]
    sums: tuple[str, ...]
    lengths: tuple[Length, ...]
    rows: Callable[[Days, bool], "Select[*tuple[Any, ...]]"]
    of_these: Columns = ()
    of_all: SummaryOfAll | None = None

    @property
    def extremes(self) -> tuple[str, ...]:
        """Columns that are earliest and latest instead of sums."""
        return ("first_us", "last_us") if self.table is PlaceSummary else ()

    def ward_of_rows(self) -> "InstrumentedAttribute[int]":
        """The ward in the base rows: a decision knows its own, which is its case's."""
        return Decision.ward_id if self.table is ReviewerSummary else Case.ward_id


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


def _rows_by_act(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
    recorded = Case.state != CaseState.INTEGRITY_ERROR
    clocks_off = func.count().filter(recorded, clock_off())
    rows = _case_rows(days, apart, Case.act.label("act"))
    return rows.add_columns(clocks_off.label("clocks_off"))


def _rows_by_hour(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
    return _case_rows(days, apart, hour_of_week(Case.start_at.expression).label("hour"))


def _rows_by_kind(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
    keys = (Case.act.label("act"), Case.label.label("label"), Case.source.label("source"))
    return _case_rows(days, apart, *keys)


def _rows_by_place(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
    of_camera = Case.source == Source.CAMERA
    keys = (
        Case.source.label("source"),
        case((of_camera, func.coalesce(Case.camera_id, 0)), else_=0).label("camera_id"),
        case((of_camera, Case.zone), else_="").label("zone"),
        func.coalesce(HandReport.group_id, 0).label("group_id"),
        func.coalesce(HandReport.street, "").label("street"),
        Case.act.label("act"),
    )
    sufficient = Case.state == CaseState.SUFFICIENT
    entered = and_(HandReport.case_id == Case.id, Case.source != Source.CAMERA)
    return (
        _case_rows(days, apart, *keys)
        .add_columns(
            microseconds(func.min(Case.start_at).filter(sufficient)).label("first_us"),
            microseconds(func.max(Case.start_at).filter(sufficient)).label("last_us"),
        )
        .outerjoin(HandReport, entered)
    )


def _rows_at_cameras(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
    """What `_rows_by_place` has of cameras' cases with sufficient grounds, in a third of its
    time: no report by hand is looked up, no other state counted."""
    keys = (Case.camera_id.label("camera_id"), Case.zone.label("zone"), Case.act.label("act"))
    first = _first(days, local_day(Case.start_at.expression)) if apart else ()
    grouped = (Case.ward_id.label("ward_id"), *first, *keys)
    return (
        select(
            *grouped,
            func.count().label("sufficient"),
            microseconds(func.min(Case.start_at)).label("first_us"),
            microseconds(func.max(Case.start_at)).label("last_us"),
        )
        .where(*began_in(days), Case.state == CaseState.SUFFICIENT, Case.source == Source.CAMERA)
        .group_by(*grouped)
    )


def _case_rows(days: Days, apart: bool, *keys: Any) -> "Select[*tuple[Any, ...]]":
    first = _first(days, local_day(Case.start_at.expression)) if apart else ()
    grouped = (Case.ward_id.label("ward_id"), *first, *keys)
    return select(*grouped, *_counts()).where(*began_in(days)).group_by(*grouped)


def _outcome_rows(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
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


def _decision_rows(days: Days, apart: bool) -> "Select[*tuple[Any, ...]]":
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


_OF_DAYS = (Length.DAY, Length.HALF_MONTH, *OF_HALF_MONTHS)
_OF_FIVE_DAYS = (Length.FIVE_DAYS, Length.HALF_MONTH, *OF_HALF_MONTHS)
"""A day's rows by place are hardly fewer than its cases, and as long."""

BY_ACT = Tally(
    ActSummary,
    ("act",),
    (*STATES, "clocks_off"),
    _OF_DAYS,
    _rows_by_act,
    of_all=ActSummaryOfAll,
)
BY_HOUR = Tally(HourSummary, ("hour",), STATES, _OF_DAYS, _rows_by_hour, of_all=HourSummaryOfAll)
BY_KIND = Tally(
    KindSummary,
    ("act", "label", "source"),
    STATES,
    _OF_DAYS,
    _rows_by_kind,
    of_all=KindSummaryOfAll,
)
BY_PLACE = Tally(
    PlaceSummary,
    ("source", "camera_id", "zone", "group_id", "street", "act"),
    STATES,
    _OF_FIVE_DAYS,
    _rows_by_place,
)
AT_CAMERAS = Tally(
    PlaceSummary,
    ("camera_id", "zone", "act"),
    ("sufficient",),
    _OF_FIVE_DAYS,
    _rows_at_cameras,
    of_these=(PlaceSummary.source == Source.CAMERA,),
)
"""What BY_PLACE has of cameras, to be read alone: less than half of it where people report."""
BY_OUTCOME = Tally(
    OutcomeSummary,
    ("act", "step", "basis_id"),
    ("cases", "amount"),
    _OF_DAYS,
    _outcome_rows,
    of_all=OutcomeSummaryOfAll,
)
BY_REVIEWER = Tally(
    ReviewerSummary, ("account_id", "verdict"), ("decisions",), _OF_DAYS, _decision_rows
)
TALLIES = (BY_ACT, BY_HOUR, BY_KIND, BY_PLACE, BY_OUTCOME, BY_REVIEWER)
