"""Counts of a period along any dimensions, straight from the rows of cases; places that repeat.

Detection counts by the time the act began, handling by the day a person acted. A case counts
once its evidence is complete.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    bindparam,
    case,
    cast,
    func,
    select,
    true,
)
from sqlalchemy.orm import Session

from viahe_api import case_places
from viahe_api.counted_wards import Narrow
from viahe_api.counts import Counts, Hours
from viahe_api.coverage import HOUR_S, expected_seconds, seen_in
from viahe_api.local_time import days_between, hour_of_week
from viahe_api.periods import Period
from viahe_api.summary_reading import parts_of
from viahe_api.tables import Account, Camera, Case, Decision, ResidentialGroup, Ward, ZoneVersion
from viahe_api.tallies import BY_PLACE, began_in
from viahe_api.vocabulary import UNCONCLUDED_STATES, CaseState, Source, Verdict
from viahe_rules.domain import Act

REPEAT_WITHIN = timedelta(days=6 * 365.25 / 12)
"""A place repeats when it had a case with sufficient grounds within half a year before."""


SYNCHRONISED_S = 2.0
"""A clock farther off than this, or of unknown offset, is said to be."""


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
    """A camera, where it hangs, and since and until when."""

    camera_id: int
    ward: str
    name: str
    group: str | None
    street: str
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class CameraSeen:
    """A camera, where it hangs, and its hours of the period: 0 before it was installed."""

    camera_id: int
    ward: str
    name: str
    group: str | None
    street: str
    hours: Hours


PLACE = ("source", "camera_id", "zone", "group_id", "street", "act")


@dataclass(frozen=True, slots=True)
class RepeatPlace:
    """One zone of one camera, or the group and street of reports by hand, as `PlaceSummary` has
    them: its cases with sufficient grounds in the period, and how many of them came within half
    a year of another one there."""

    source: Source
    camera_id: int
    zone: str
    group_id: int
    street: str
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
    if _OF_THE_PLACE & set(dimensions):
        group = ResidentialGroup.id == case_places.group_id()
        statement = case_places.joined_to_place(statement).outerjoin(ResidentialGroup, group)
    found: defaultdict[tuple[Any, ...], Counts] = defaultdict(Counts)
    for state, count, *key in session.execute(narrow(statement, Case.ward_id)):
        found[tuple(key)] += _counted(state, count)
    return dict(found)


def repeat_places(session: Session, narrow: Narrow, period: Period) -> tuple[RepeatPlace, ...]:
    """Places with sufficient grounds in the period, those that repeat most first.

    Where a zone is not known nothing is said to repeat.
    """
    found = _sufficient_by_place(parts_of(session, narrow, period, BY_PLACE)).subquery()
    place = [found.c[name] for name in PLACE]
    before = narrow(_last_before(period, found), Case.ward_id).scalar_subquery()
    repeats = case(
        (found.c.camera_id == 0, 0),
        (_soon_after(found.c.first_at, before), found.c.repeats + 1),
        else_=found.c.repeats,
    ).label("repeats")
    statement = select(*place, found.c.sufficient, repeats).order_by(
        repeats.desc(), found.c.sufficient.desc(), *place
    )
    rows = session.execute(statement)
    return tuple(RepeatPlace(*row[:6], sufficient=row[6], repeats=row[7]) for row in rows)


def _sufficient_by_place(parts: Subquery) -> "Select[*tuple[Any, ...]]":
    """How many, and how many of those repeat within the period. No part is as long as half a
    year: in each all but the first repeat, and the first if the part before ended soon before."""
    place = [parts.c[name] for name in PLACE]
    before = func.lag(parts.c.last_at).over(partition_by=place, order_by=parts.c.first_at)
    spans = (
        select(*place, parts.c.sufficient, parts.c.first_at, before.label("before"))
        .where(parts.c.sufficient > 0)
        .subquery()
    )
    first_repeats = case((_soon_after(spans.c.first_at, spans.c.before), 1), else_=0)
    place = [spans.c[name] for name in PLACE]
    return select(
        *place,
        cast(func.sum(spans.c.sufficient), Integer).label("sufficient"),
        cast(func.sum(spans.c.sufficient - 1 + first_repeats), Integer).label("repeats"),
        func.min(spans.c.first_at).label("first_at"),
    ).group_by(*place)


def _last_before(period: Period, found: Subquery) -> "Select[*tuple[Any, ...]]":
    """When the last case with sufficient grounds before the period began at a found place."""
    sufficient: ColumnElement[Any] = bindparam(
        "sufficient", CaseState.SUFFICIENT, literal_execute=True
    )
    return (
        select(func.max(Case.start_at))
        .where(
            Case.camera_id == found.c.camera_id,
            Case.zone == found.c.zone,
            Case.act == found.c.act,
            Case.state == sufficient,  # as its index says it
            Case.source == Source.CAMERA,
            Case.completed_at.is_not(None),
            Case.start_at >= period.start - REPEAT_WITHIN,
            Case.start_at < period.start,
        )
        .correlate(found)
    )


def _soon_after(later: ColumnElement[Any], before: ColumnElement[Any]) -> ColumnElement[bool]:
    return days_between(later, before) <= REPEAT_WITHIN / timedelta(days=1)


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


def clocks_off(session: Session, narrow: Narrow, period: Period) -> int:
    """Recorded cases of cameras whose clock was off by more than SYNCHRONISED_S, or by nobody
    knows how much. Reads the cases' own rows: for a ward, not for a city."""
    off = func.coalesce(func.abs(Case.clock_offset_s) > SYNCHRONISED_S, true())
    statement = select(func.count()).where(
        *began_in(period),
        Case.state != CaseState.INTEGRITY_ERROR,
        Case.source == Source.CAMERA,
        off,
    )
    return session.scalar(narrow(statement, Case.ward_id)) or 0


def cameras_of(session: Session, narrow: Narrow) -> tuple[CameraAt, ...]:
    """The cameras by ward and name."""
    return _cameras(session, narrow(_camera_rows(), Camera.ward_id))


def cameras_seen(
    session: Session,
    narrow: Narrow,
    period: Period,
    cameras: Sequence[CameraAt] | None = None,
    *,
    now: datetime,
) -> tuple[CameraSeen, ...]:
    """The cameras, `cameras_of` if they are not given, with the hours they were meant to see up
    to now.

    Lost is reckoned for each, so that one seen too long cannot make up for another's silence.
    """
    if cameras is None:
        cameras = cameras_of(session, narrow)
    seen = seen_in(session, narrow, period)
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


def cameras_moved_away(session: Session, camera_ids: Iterable[int]) -> tuple[CameraSeen, ...]:
    """Cameras that now stand in a ward that is not counted, while cases of the period are: named
    with that ward, and without hours, which are that ward's. `camera_ids` are from such counts."""
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
    return tuple(CameraAt(*row) for row in session.execute(rows))


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
