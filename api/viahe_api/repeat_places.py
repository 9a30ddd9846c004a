"""Places with sufficient grounds in a period, and how often they had them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    select,
    true,
    union_all,
)

from viahe_api.counted_wards import Narrow
from viahe_api.local_time import microseconds
from viahe_api.periods import Period, free
from viahe_api.spans import DAY, Length, Span, span_of
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Case
from viahe_api.tallies import AT_CAMERAS, BY_PLACE
from viahe_api.vocabulary import CaseState, Source
from viahe_rules.domain import Act

REPEAT_WITHIN = timedelta(days=6 * 365.25 / 12)
"""A place repeats when it had a case with sufficient grounds within half a year before."""

_MICROSECOND = timedelta(microseconds=1)
REPEAT_WITHIN_US = REPEAT_WITHIN // _MICROSECOND

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


def repeat_places(reading: SummaryReading, period: Period) -> tuple[RepeatPlace, ...]:
    """Places with sufficient grounds in the period, those that repeat most first.

    Where a zone is not known nothing is said to repeat.
    """
    with_grounds = parts_with_grounds(reading, period, PLACE).subquery("with_grounds")
    parts = repeating_parts(reading.narrow, period, with_grounds, PLACE)
    place, (sufficient, repeats) = [parts.c[name] for name in PLACE], sums(parts)
    statement = (
        select(*place, sufficient, repeats)
        .group_by(*place)
        .order_by(repeats.desc(), sufficient.desc(), *place)
    )
    rows = reading.session.execute(statement)
    return tuple(RepeatPlace(*row[:6], sufficient=row[6], repeats=row[7]) for row in rows)


def places_at_cameras(narrow: Narrow, period: Period, parts: FromClause) -> Subquery:
    """Of `parts_with_grounds` at cameras, each camera's place with sufficient grounds: how many
    cases (`sufficient`), in which ward (`ward_id`), and whether one before the period was soon
    before the first (`soon`).

    Where it is `plain`, all that follow the first repeat, as they do in any period of half a year
    or less, and in a longer one where all gaps together are no longer than that. Where it is not,
    the camera was in several wards or there was a long gap: `repeating_parts` tells.
    """
    place, inside = [parts.c[name] for name in AT_CAMERA], parts.c.sufficient > 0
    sufficient = func.sum(parts.c.sufficient)
    first_us = func.min(parts.c.first_us).filter(inside)
    wards = [func.min(parts.c.ward_id).filter(inside), func.max(parts.c.ward_id).filter(inside)]
    plain = wards[0] == wards[1]
    if (period.last - period.first) + DAY > REPEAT_WITHIN:
        last_us = func.max(parts.c.last_us).filter(inside)
        busy = func.sum(parts.c.last_us - parts.c.first_us).filter(inside)
        plain = and_(plain, last_us - first_us - busy <= (REPEAT_WITHIN - DAY) // _MICROSECOND)
    found = (
        select(
            *place,
            wards[0].label("ward_id"),
            cast(sufficient, Integer).label("sufficient"),
            first_us.label("first_us"),
            func.max(parts.c.last_us).filter(not_(inside)).label("before"),
            plain.label("plain"),
        )
        .group_by(*place)
        .having(sufficient > 0)
        .subquery("found")
    )
    known: ColumnElement[bool] = found.c.before.is_not(None)
    if period.end - _half_month_before(period).start > REPEAT_WITHIN:
        known = _soon_after(found.c.first_us, found.c.before)
    earlier = _soon_after(found.c.first_us, _earlier(narrow, period, found))
    soon = func.coalesce(case((known, true()), else_=earlier), false())
    columns = [found.c[name] for name in (*AT_CAMERA, "ward_id", "sufficient", "plain")]
    return select(*columns, soon.label("soon")).subquery("places_at_cameras")


def sums(parts: FromClause) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Of `repeating_parts`, sufficient grounds and repeats together."""
    return (
        cast(func.sum(parts.c.sufficient), Integer).label("sufficient"),
        cast(func.sum(parts.c.repeats), Integer).label("repeats"),
    )


def repeating_parts(
    narrow: Narrow, period: Period, parts: FromClause, named: Sequence[str]
) -> Subquery:
    """Of `parts_with_grounds`, each span's cases with sufficient grounds at a place of a ward, and
    how many of them repeat.

    No span is as long as half a year: in each all but the first repeat, and the first if the last
    one before it, in the period or before that, was soon before.
    """
    place = [parts.c[name] for name in named]
    before = func.max(parts.c.last_us).over(
        partition_by=place,
        order_by=(parts.c.first_us, parts.c.ward_id),  # two may have begun in one moment
        rows=(None, -1),  # two wards' parts of a moved camera may end out of order
    )
    columns = (*place, parts.c.ward_id, parts.c.sufficient, parts.c.first_us)
    spans = select(*columns, before.label("before")).subquery("sufficient")
    first_repeats = case(
        (spans.c.before.is_not(None), _soon_after(spans.c.first_us, spans.c.before)),
        else_=_soon_after(spans.c.first_us, _earlier(narrow, period, spans)),
    )
    repeats = case(
        (spans.c.camera_id == 0, 0),
        (first_repeats, spans.c.sufficient),
        else_=spans.c.sufficient - 1,
    )
    place = [spans.c[name] for name in named]
    return (
        select(spans.c.ward_id, *place, spans.c.sufficient, repeats.label("repeats"))
        .where(spans.c.sufficient > 0)
        .subquery("repeating")
    )


def parts_with_grounds(
    reading: SummaryReading, period: Period, named: Sequence[str]
) -> "CompoundSelect[*tuple[Any, ...]]":
    """The period's parts with sufficient grounds, and, as if they had none, those of the half
    month before it: of a place that had a case then, nothing earlier need be looked for. `named`
    is PLACE, or AT_CAMERA for cameras' places alone."""
    half = _half_month_before(period)
    tally = AT_CAMERAS if named is AT_CAMERA else BY_PLACE
    names = ("ward_id", *named, "first_us", "last_us")
    rows = []
    for of, counted in ((period, True), (free(half.first, half.last), False)):
        for part in reading.selects(of, tally, (*names, "sufficient")):
            columns = part.subquery().c
            sufficient = columns.sufficient if counted else literal(0).label("sufficient")
            found = select(*(columns[name] for name in names), sufficient)
            rows.append(found.where(columns.sufficient > 0))
    return union_all(*rows)


def _half_month_before(period: Period) -> Span:
    """The last that ends before the period begins."""
    half = span_of(Length.HALF_MONTH, period.first)
    while half.last >= period.first:
        half = span_of(Length.HALF_MONTH, half.first - DAY)
    return half


def _earlier(narrow: Narrow, period: Period, found: Subquery) -> ColumnElement[Any]:
    """When the last case with sufficient grounds before the period began at a found place."""
    sufficient: ColumnElement[Any] = bindparam(
        "sufficient", CaseState.SUFFICIENT, literal_execute=True
    )
    last = (
        select(microseconds(Case.start_at.expression))
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
        .order_by(Case.start_at.desc())
        .limit(1)  # a maximum would read them all where wards are looked up
    )
    return narrow(last, Case.ward_id).correlate(found).scalar_subquery()


def _soon_after(later: ColumnElement[Any], before: ColumnElement[Any]) -> ColumnElement[bool]:
    return later - before <= REPEAT_WITHIN_US
