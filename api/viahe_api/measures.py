"""Counts of a period along any dimensions, straight from the rows of cases.

Detection counts by the time the act began, handling by the day a person acted. A case counts
once its evidence is complete.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.counts import Counts, Hours
from viahe_api.coverage import HOUR_S, expected_seconds, seen_seconds
from viahe_api.local_time import days_between, hour_of_week
from viahe_api.periods import Period
from viahe_api.tables import Account, Camera, Case, Decision, ResidentialGroup, Ward, ZoneVersion
from viahe_api.vocabulary import OPEN_STATES, CaseState, Verdict
from viahe_rules.domain import Act

REPEAT_WITHIN = timedelta(days=6 * 365.25 / 12)
"""A place repeats when it had a case with sufficient grounds within half a year before."""


class Dimension(StrEnum):
    """What counts can be grouped by; the comment says the key's type."""

    WARD = "ward"  # id
    ACT = "act"  # Act
    LABEL = "label"  # str, what the thing was taken for
    GROUP = "group"  # name of the tổ dân phố, or None
    STREET = "street"  # str
    CAMERA = "camera"  # id
    HOUR = "hour"  # local hour of the week from Monday 00:00


_COLUMNS: Mapping[Dimension, ColumnElement[Any]] = MappingProxyType(
    {
        Dimension.WARD: Case.ward_id.expression,
        Dimension.ACT: Case.act.expression,
        Dimension.LABEL: Case.label.expression,
        Dimension.GROUP: ResidentialGroup.name.expression,
        Dimension.STREET: Camera.street.expression,
        Dimension.CAMERA: Case.camera_id.expression,
        Dimension.HOUR: hour_of_week(Case.start_at.expression),
    }
)
_OF_THE_CAMERA = frozenset({Dimension.GROUP, Dimension.STREET})


@dataclass(frozen=True, slots=True)
class CameraSeen:
    """A camera, where it hangs, and its hours of the period: 0 before it was installed."""

    camera_id: int
    ward: str
    name: str
    group: str | None
    street: str
    hours: Hours


@dataclass(frozen=True, slots=True)
class RepeatPlace:
    """One zone of one camera: its cases with sufficient grounds in the period, and how many of
    them came within half a year of another one there."""

    camera_id: int
    zone: str
    act: Act
    sufficient: int
    repeats: int


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What one person decided in the period, undone decisions left out."""

    reviewer: str
    verdict: Verdict
    count: int


def counts_by(
    session: Session, narrow: Narrow, period: Period, *dimensions: Dimension
) -> dict[tuple[Any, ...], Counts]:
    """Counts under a key of one value for each dimension. Keys without cases are left out."""
    columns = [_COLUMNS[dimension] for dimension in dimensions]
    statement = (
        select(Case.state, func.count(), *columns)
        .where(*began_in(period))
        .group_by(Case.state, *columns)
    )
    if _OF_THE_CAMERA & set(dimensions):
        statement = statement.join(Case.camera).outerjoin(Camera.group)
    found: defaultdict[tuple[Any, ...], Counts] = defaultdict(Counts)
    for state, count, *key in session.execute(narrow(statement, Case.ward_id)):
        found[tuple(key)] += _counted(state, count)
    return dict(found)


def began_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    """Of complete cases, those whose act began in the period."""
    return (
        Case.completed_at.is_not(None),
        Case.start_at >= period.start,
        Case.start_at < period.end,
    )


def repeat_places(session: Session, narrow: Narrow, period: Period) -> tuple[RepeatPlace, ...]:
    """Places with sufficient grounds in the period, those that repeat most first."""
    found = narrow(_sufficient_with_the_one_before(period), Case.ward_id).subquery()
    again = days_between(found.c.start_at, found.c.before) <= REPEAT_WITHIN / timedelta(days=1)
    repeats = func.sum(case((again, 1), else_=0))
    place = (found.c.camera_id, found.c.zone, found.c.act)
    statement = (
        select(*place, func.count(), repeats)
        .where(found.c.start_at >= period.start)
        .group_by(*place)
        .order_by(repeats.desc(), func.count().desc(), *place)
    )
    return tuple(RepeatPlace(*row) for row in session.execute(statement))


def _sufficient_with_the_one_before(period: Period) -> "Select[*tuple[Any, ...]]":
    """Cases of the period and of half a year before it, each with when the last one at its
    place began: read once and in order, where a look for each would read the place's past anew."""
    place = (Case.camera_id, Case.zone, Case.act)
    before = func.lag(Case.start_at).over(partition_by=place, order_by=(Case.start_at, Case.id))
    return select(*place, Case.start_at, before.label("before")).where(
        Case.completed_at.is_not(None),
        Case.state == CaseState.SUFFICIENT,
        Case.start_at >= period.start - REPEAT_WITHIN,
        Case.start_at < period.end,
    )


def reviewed_by(session: Session, narrow: Narrow, period: Period) -> tuple[Reviewed, ...]:
    """Standing decisions by the day they were made, reviewers by name. Approvers alone see it."""
    made = (
        select(Decision.case_id, Decision.account_id, Decision.verdict)
        .where(
            Decision.at >= period.start,
            Decision.at < period.end,
            Decision.undone_at.is_(None),
        )
        .cte("made")
        .prefix_with("MATERIALIZED")  # the period first: the ward's cases are many more
    )
    statement = (
        select(Account.name, made.c.verdict, func.count())
        .select_from(made)
        .join(Account, Account.id == made.c.account_id)
        .join(Case, Case.id == made.c.case_id)
        .where(Case.state != CaseState.INTEGRITY_ERROR)
        .group_by(Account.id, Account.name, made.c.verdict)
        .order_by(Account.name, Account.id, made.c.verdict)
    )
    return tuple(Reviewed(*row) for row in session.execute(narrow(statement, Case.ward_id)))


def cameras_seen(
    session: Session, narrow: Narrow, period: Period, *, now: datetime
) -> tuple[CameraSeen, ...]:
    """The cameras by ward and name, with the hours they were meant to see up to now.

    Lost is reckoned for each, so that one seen too long cannot make up for another's silence.
    """
    statement = (
        select(Camera, Ward.name, ResidentialGroup.name)
        .join(Camera.ward)
        .outerjoin(Camera.group)
        .order_by(Ward.name, Camera.name, Camera.id)
    )
    rows = session.execute(narrow(statement, Camera.ward_id)).all()
    expected = {
        camera.id: expected_seconds(camera, period.start, period.end, now) for camera, *_ in rows
    }
    on_duty = [camera_id for camera_id, seconds in expected.items() if seconds > 0]
    seen = seen_seconds(session, on_duty, period.start, period.end)
    return tuple(
        CameraSeen(
            camera.id,
            ward,
            camera.name,
            group,
            camera.street,
            _hours(expected[camera.id], seen.get(camera.id, 0.0)),
        )
        for camera, ward, group in rows
    )


def cameras_moved_away(session: Session, camera_ids: Iterable[int]) -> tuple[CameraSeen, ...]:
    """Cameras that now stand in a ward that is not counted, while cases of the period are: named
    with that ward, and without hours, which are that ward's. `camera_ids` are from such counts."""
    statement = (
        select(Camera.id, Ward.name, Camera.name, ResidentialGroup.name, Camera.street)
        .join(Camera.ward)
        .outerjoin(Camera.group)
        .where(Camera.id.in_(list(camera_ids)))
        .order_by(Ward.name, Camera.name, Camera.id)
    )
    return tuple(CameraSeen(*row, Hours()) for row in session.execute(statement))


def zone_names(session: Session, camera_ids: Iterable[int]) -> dict[tuple[int, str], str]:
    """What the zones of cameras are called now, by camera and zone id."""
    statement = (
        select(ZoneVersion.camera_id, ZoneVersion.zone, ZoneVersion.definition)
        .where(ZoneVersion.camera_id.in_(list(camera_ids)))
        .order_by(ZoneVersion.version)
    )
    return {
        (camera_id, zone): str(definition["name"])
        for camera_id, zone, definition in session.execute(statement)
    }


def _hours(expected_s: float, seen_s: float) -> Hours:
    lost_s = max(0.0, expected_s - seen_s)
    return Hours(expected_s / HOUR_S, seen_s / HOUR_S, lost_s / HOUR_S)


def _counted(state: CaseState, count: int) -> Counts:
    if state is CaseState.INTEGRITY_ERROR:
        return Counts(integrity_errors=count)
    name = "in_verification" if state in OPEN_STATES else state.value
    return replace(Counts(recorded=count), **{name: count})
