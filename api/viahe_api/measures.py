"""Counts of a period along any dimensions, straight from the rows of cases; what cameras saw.

Detection counts by the time the act began, handling by the day a person acted. A case counts
once its evidence is complete.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, func, select
from sqlalchemy.orm import Session

from viahe_api import case_places
from viahe_api.counted_rows import began_in
from viahe_api.counted_wards import Narrow
from viahe_api.counts import Counts, Hours
from viahe_api.coverage import HOUR_S, TimesOff, expected_seconds, times_off
from viahe_api.local_time import hour_of_week
from viahe_api.periods import Period
from viahe_api.seen_totals import seen_in_each
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Account, Camera, Case, ResidentialGroup, Ward, ZoneVersion
from viahe_api.tallies import BY_REVIEWER
from viahe_api.vocabulary import UNCONCLUDED_STATES, CaseState, Verdict


class Dimension(StrEnum):
    """What counts can be grouped by; the comment says the key's type."""

    WARD = "ward"  # id
    ACT = "act"  # Act
    SOURCE = "source"  # Source
    LABEL = "label"  # str, what the thing was taken for
    GROUP = "group"  # name of the tổ dân phố, or None
    STREET = "street"  # str
    CAMERA = "camera"  # id, or None
    HOUR = "hour"  # local hour of the week from Monday 00:00


_COLUMNS: Mapping[Dimension, ColumnElement[Any]] = MappingProxyType(
    {
        Dimension.WARD: Case.ward_id.expression,
        Dimension.ACT: Case.act.expression,
        Dimension.SOURCE: Case.source.expression,
        Dimension.LABEL: Case.label.expression,
        Dimension.GROUP: ResidentialGroup.name.expression,
        Dimension.STREET: case_places.street(),
        Dimension.CAMERA: Case.camera_id.expression,
        Dimension.HOUR: hour_of_week(Case.start_at.expression),
    }
)
_OF_THE_PLACE = frozenset({Dimension.GROUP, Dimension.STREET})


@dataclass(frozen=True, slots=True)
class CameraAt:
    """A camera, where it hangs, since and until when, and when it was off between."""

    camera_id: int
    ward: str
    name: str
    group: str | None
    street: str
    created_at: datetime
    disabled_at: datetime | None
    times_off: TimesOff


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
    if _OF_THE_PLACE & set(dimensions):
        group = ResidentialGroup.id == case_places.group_id()
        statement = case_places.joined_to_place(statement).outerjoin(ResidentialGroup, group)
    found: defaultdict[tuple[Any, ...], Counts] = defaultdict(Counts)
    for state, count, *key in session.execute(narrow(statement, Case.ward_id)):
        found[tuple(key)] += _counted(state, count)
    return dict(found)


def reviewed_by(reading: SummaryReading, period: Period) -> tuple[Reviewed, ...]:
    """Standing decisions by the day they were made, reviewers by name. Approvers alone see it."""
    parts = reading.parts(period, BY_REVIEWER)
    key = (parts.c.account_id, parts.c.verdict)
    made = select(*key, func.sum(parts.c.decisions).label("count")).group_by(*key).subquery()
    statement = (
        select(Account.name, made.c.verdict, cast(made.c.count, Integer))
        .join(made, made.c.account_id == Account.id)
        .order_by(Account.name, Account.id, made.c.verdict)
    )
    return tuple(Reviewed(*row) for row in reading.session.execute(statement))


def cameras_seen(
    session: Session, narrow: Narrow, period: Period, *, now: datetime
) -> tuple[CameraSeen, ...]:
    """The cameras by ward and name, with the hours they were meant to see up to now.

    Lost is reckoned for each, so that one seen too long cannot make up for another's silence.
    """
    cameras = _cameras(session, narrow(_camera_rows(), Camera.ward_id))
    (seen,) = seen_in_each(session, [camera.camera_id for camera in cameras], [period])
    start, end = period.start, period.end
    return tuple(
        CameraSeen(
            camera.camera_id,
            camera.ward,
            camera.name,
            camera.group,
            camera.street,
            _hours(expected_seconds(camera, start, end, now), seen.get(camera.camera_id, 0.0)),
        )
        for camera in cameras
    )


def cameras_anywhere(session: Session, camera_ids: Iterable[int]) -> tuple[CameraSeen, ...]:
    """Cameras wherever they stand now, without hours: one that was moved has them in a ward that
    may not be counted. `camera_ids` are from counts that are."""
    ids = list(camera_ids)
    found = _cameras(session, _camera_rows().where(Camera.id.in_(ids))) if ids else ()
    return tuple(
        CameraSeen(at.camera_id, at.ward, at.name, at.group, at.street, Hours()) for at in found
    )


def _camera_rows() -> "Select[*tuple[Any, ...]]":
    return (
        select(
            Camera.id,
            Ward.name,
            Camera.name,
            ResidentialGroup.name,
            Camera.street,
            Camera.created_at,
            Camera.disabled_at,
        )
        .join(Camera.ward)
        .outerjoin(Camera.group)
        .order_by(Ward.name, Camera.name, Camera.id)
    )


def _cameras(session: Session, rows: "Select[*tuple[Any, ...]]") -> tuple[CameraAt, ...]:
    found = session.execute(rows).all()
    off = times_off(session, [row[0] for row in found])
    return tuple(CameraAt(*(*row, off.get(row[0], ()))) for row in found)


def zone_names(session: Session, camera_ids: Iterable[int]) -> dict[tuple[int, str], str]:
    """What the zones of cameras are called now, by camera and zone id."""
    name = ZoneVersion.definition["name"].as_string()
    statement = (
        select(ZoneVersion.camera_id, ZoneVersion.zone, name)
        .where(ZoneVersion.camera_id.in_(list(camera_ids)))
        .order_by(ZoneVersion.version)
    )
    return {(camera, zone): called for camera, zone, called in session.execute(statement)}


def _hours(expected_s: float, seen_s: float) -> Hours:
    """What was seen of a camera that was not meant to see is left out."""
    if not expected_s:
        return Hours()
    lost_s = max(0.0, expected_s - seen_s)
    return Hours(expected_s / HOUR_S, seen_s / HOUR_S, lost_s / HOUR_S)


def _counted(state: CaseState, count: int) -> Counts:
    if state is CaseState.INTEGRITY_ERROR:
        return Counts(integrity_errors=count)
    name = "in_verification" if state in UNCONCLUDED_STATES else state.value
    return replace(Counts(recorded=count), **{name: count})
