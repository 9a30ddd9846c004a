"""When a case repeats: its place had another one with sufficient grounds within half a year before.

That is so of a case whoever counts it, in whatever period, and whichever ward the camera stood in:
what repeats is added up like anything else. What it hangs on lies on other days.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from viahe_api.local_time import local_day, shifted
from viahe_api.spans import Length, span_of
from viahe_api.tables import Case, CaseChange, PlaceSummary
from viahe_api.told_days import ToldDays, told_days
from viahe_api.vocabulary import CaseState, Source

REPEAT_WITHIN = timedelta(days=6 * 365.25 / 12)
"""A place repeats when it had a case with sufficient grounds within half a year before."""


def repeats() -> ColumnElement[bool]:
    """Whether a case has sufficient grounds, and its camera's zone another one of the same act
    within half a year before. Of two of one moment that which came first is before."""
    earlier = aliased(Case)
    before = (
        exists()
        .where(
            *_with_grounds_at(earlier, Case),
            earlier.start_at >= shifted(Case.start_at.expression, -REPEAT_WITHIN),
            earlier.start_at <= Case.start_at,
            or_(earlier.start_at < Case.start_at, earlier.id < Case.id),
        )
        .correlate(Case)
    )
    counted = and_(Case.state == CaseState.SUFFICIENT, Case.source == Source.CAMERA)
    return case((counted, before), else_=false())


def days_that_hang_on(noted: Iterable[tuple[int, date]]) -> "Select[int, date]":
    """Wards and days, not noted themselves, of cases that may have come to repeat, or no longer
    do, as these wards' days changed.

    Of every place that had a case on such a day, or has one, it is the next case on a day that is
    not noted, unless another one on such a day, before those that changed, is reason enough. To be
    asked before what is kept of the noted days is counted anew, and of one state of the database:
    what others write meanwhile is either seen with its note or not at all.
    """
    told = told_days((ward_id, span_of(Length.DAY, day)) for ward_id, day in noted)
    # Looked up one by one: as joins, PostgreSQL reads all cases there are for some hundred places.
    places = _places_of(told).cte("places").prefix_with("MATERIALIZED")
    same_day = _first_at(places, None, places.c.start, places.c.end)
    after = _first_at(places, told, places.c.end, shifted(places.c.end, REPEAT_WITHIN))
    each = union_all(*(select(*places.c, of.label("case_id")) for of in (same_day, after)))
    found = each.cte("found").prefix_with("MATERIALIZED")
    ward_id, start_at = (
        select(of).where(Case.id == found.c.case_id).scalar_subquery().label(of.key)
        for of in (Case.ward_id, Case.start_at)
    )
    its_day = select(*found.c, ward_id, start_at).where(found.c.case_id.is_not(None))
    later = its_day.cte("later").prefix_with("MATERIALIZED")
    earlier = aliased(Case)
    reason_enough = (
        select(earlier.id)
        .where(
            *_with_grounds_at(earlier, later.c),
            earlier.start_at >= shifted(later.c.start_at, -REPEAT_WITHIN),
            earlier.start_at < later.c.start,
            ~_is_noted(earlier),
        )
        .limit(1)
    )
    hanging = select(later.c.ward_id, local_day(later.c.start_at)).distinct()
    return hanging.where(~_is_told(later.c, told), reason_enough.scalar_subquery().is_(None))


def _first_at(
    places: CTE, told: ToldDays | None, begin: ColumnElement[Any], end: ColumnElement[Any]
) -> ScalarSelect[int]:
    """The first case of a place between two moments on a day that is not noted: on the day itself
    that is one in another ward, where its camera stood before or after. Or on one of the told
    days, if any: what comes after that is the next case for that one."""
    of = aliased(Case)
    counted = ~_is_noted(of) if told is None else or_(~_is_noted(of), _is_told(of, told))
    return (
        select(of.id)
        .where(
            *_with_grounds_at(of, places.c),
            of.start_at >= begin,
            of.start_at < end,
            counted,
        )
        .order_by(of.start_at, of.id)
        .limit(1)
        .scalar_subquery()
    )


def _places_of(told: ToldDays) -> "CompoundSelect[*tuple[Any, ...]]":
    """Places with sufficient grounds on the told days, as the rows say and as is kept, each with
    the first moment of the day and the first after it."""
    moments = (told.start.label("start"), told.end.label("end"))
    now = select(Case.camera_id, Case.zone, Case.act, *moments).where(
        Case.ward_id == told.ward_id,
        Case.start_at >= told.start,
        Case.start_at < told.end,
        *_has_grounds(Case),
    )
    # Joined from outside, without which SQLite reads all the days there are; a day of which
    # nothing is kept gives a row without a place, at which there is no case.
    kept = (
        select(PlaceSummary.camera_id, PlaceSummary.zone, PlaceSummary.act, *moments)
        .select_from(told.first.table)
        .outerjoin(
            PlaceSummary,
            and_(
                PlaceSummary.length == Length.DAY,
                PlaceSummary.first == told.first,
                PlaceSummary.ward_id == told.ward_id,
            ),
        )
    )
    return union(now, kept)


def _with_grounds_at(of: type[Case], place: Any) -> tuple[ColumnElement[bool], ...]:
    """`place` has columns of a camera, a zone and an act."""
    return (
        of.camera_id == place.camera_id,
        of.zone == place.zone,
        of.act == place.act,
        *_has_grounds(of),
    )


def _has_grounds(of: type[Case]) -> tuple[ColumnElement[bool], ...]:
    sufficient: ColumnElement[Any] = bindparam(
        "sufficient", CaseState.SUFFICIENT, literal_execute=True
    )
    return (
        of.state == sufficient,  # as its index says it
        of.source == Source.CAMERA,
        of.completed_at.is_not(None),
    )


def _is_noted(of: type[Case]) -> ColumnElement[bool]:
    """As a list of its own, which PostgreSQL puts together once and not for each case."""
    noted = select(CaseChange.ward_id, CaseChange.day)
    return tuple_(of.ward_id, local_day(of.start_at.expression)).in_(noted)


def _is_told(of: Any, told: ToldDays) -> ColumnElement[bool]:
    days = select(told.ward_id, told.first)
    return tuple_(of.ward_id, local_day(of.start_at)).in_(days)
