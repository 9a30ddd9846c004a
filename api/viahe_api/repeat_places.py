"""Places with sufficient grounds in a period, and how often they had them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    select,
)
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.local_time import days_between
from viahe_api.periods import Period
from viahe_api.summary_reading import parts_of
from viahe_api.tables import Case
from viahe_api.tallies import AT_CAMERAS, BY_PLACE
from viahe_api.vocabulary import CaseState, Source
from viahe_rules.domain import Act

REPEAT_WITHIN = timedelta(days=6 * 365.25 / 12)
"""A place repeats when it had a case with sufficient grounds within half a year before."""

PLACE = ("source", "camera_id", "zone", "group_id", "street", "act")
AT_CAMERA = ("camera_id", "zone", "act")


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


def repeat_places(session: Session, narrow: Narrow, period: Period) -> tuple[RepeatPlace, ...]:
    """Places with sufficient grounds in the period, those that repeat most first.

    Where a zone is not known nothing is said to repeat.
    """
    parts = repeating_parts(session, narrow, period, PLACE)
    place, (sufficient, repeats) = [parts.c[name] for name in PLACE], sums(parts)
    statement = (
        select(*place, sufficient, repeats)
        .group_by(*place)
        .order_by(repeats.desc(), sufficient.desc(), *place)
    )
    rows = session.execute(statement)
    return tuple(RepeatPlace(*row[:6], sufficient=row[6], repeats=row[7]) for row in rows)


def first_of_places(session: Session, narrow: Narrow, period: Period) -> Subquery:
    """Each ward's cases with sufficient grounds at each camera's place, when the first was
    (`first_at`), and whether one before the period was soon before that (`soon`).

    Of a period no longer than half a year that says all: whatever follows the first, repeats.
    """
    parts = parts_of(session, narrow, period, AT_CAMERAS)
    columns = [parts.c[name] for name in ("ward_id", *AT_CAMERA)]
    found = (
        select(
            *columns,
            cast(func.sum(parts.c.sufficient), Integer).label("sufficient"),
            func.min(parts.c.first_at).label("first_at"),
        )
        .where(parts.c.sufficient > 0, parts.c.camera_id != 0)
        .group_by(*columns)
        .subquery("found")
    )
    earlier = narrow(_last_before(period, found), Case.ward_id).scalar_subquery()
    soon = func.coalesce(_soon_after(found.c.first_at, earlier), false())
    return select(found, soon.label("soon")).subquery("first_of_places")


def sums(parts: FromClause) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Of `repeating_parts`, sufficient grounds and repeats together."""
    return (
        cast(func.sum(parts.c.sufficient), Integer).label("sufficient"),
        cast(func.sum(parts.c.repeats), Integer).label("repeats"),
    )


def repeating_parts(
    session: Session, narrow: Narrow, period: Period, named: Sequence[str]
) -> Subquery:
    """Each span's cases with sufficient grounds at a place of a ward, and how many of them
    repeat; `named` is PLACE, or AT_CAMERA for cameras' places alone.

    No span is as long as half a year: in each all but the first repeat, and the first if the last
    one before it, in the period or before that, was soon before.
    """
    of_cameras = named is AT_CAMERA
    parts = parts_of(session, narrow, period, AT_CAMERAS if of_cameras else BY_PLACE)
    place = [parts.c[name] for name in named]
    counted = parts.c.sufficient > 0
    if of_cameras:
        counted = and_(counted, parts.c.camera_id != 0)
    before = func.max(parts.c.last_at).over(
        partition_by=place,
        order_by=parts.c.first_at,
        rows=(None, -1),  # two wards' parts of a moved camera may end out of order
    )
    columns = (*place, parts.c.ward_id, parts.c.sufficient, parts.c.first_at)
    spans = select(*columns, before.label("before")).where(counted).subquery("sufficient")
    earlier = narrow(_last_before(period, spans), Case.ward_id).scalar_subquery()
    first_repeats = case(
        (spans.c.before.is_not(None), _soon_after(spans.c.first_at, spans.c.before)),
        else_=_soon_after(spans.c.first_at, earlier),
    )
    repeats = case(
        (spans.c.camera_id == 0, 0),
        (first_repeats, spans.c.sufficient),
        else_=spans.c.sufficient - 1,
    )
    place = [spans.c[name] for name in named]
    return select(spans.c.ward_id, *place, spans.c.sufficient, repeats.label("repeats")).subquery(
        "repeating"
    )


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
