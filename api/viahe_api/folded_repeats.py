"""What repeats in many wards together: added up by ward, and the worst places alone named."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.figures import BLACK_SPOT
from viahe_api.periods import Period
from viahe_api.repeat_places import AT_CAMERA, RepeatPlace, repeating_parts, sums
from viahe_api.tables import PlaceSummary, Ward
from viahe_api.vocabulary import Source


@dataclass(frozen=True, slots=True)
class WardRepeats:
    """Of the cameras' cases that happened in a ward. A moved camera's place is one black spot,
    in the ward where most of its cases happened."""

    sufficient: int = 0
    repeats: int = 0
    black_spots: int = 0


@dataclass(frozen=True, slots=True)
class FoldedRepeats:
    """`worst` are the first of `repeat_places` at cameras, `repeating` how many places have a
    repeat."""

    by_ward: Mapping[int, WardRepeats]
    worst: tuple[RepeatPlace, ...]
    repeating: int


def folded_repeats(
    session: Session, narrow: Narrow, period: Period, *, named: int
) -> FoldedRepeats:
    """One statement: places are looked through once, and few rows leave the database."""
    in_wards = _in_wards(session, narrow, period)
    statement = union_all(_by_ward(in_wards), _worst(in_wards, named), _repeating(in_wards))
    by_ward: dict[int, WardRepeats] = {}
    worst, repeating = [], 0
    for what, ward_id, camera, zone, act, sufficient, repeats, spots in session.execute(statement):
        if what == "ward":
            by_ward[ward_id] = WardRepeats(sufficient, repeats, spots)
        elif what == "place":
            worst.append(RepeatPlace(Source.CAMERA, camera, zone, 0, "", act, sufficient, repeats))
        else:
            repeating = spots
    worst.sort(key=_worst_first)
    return FoldedRepeats(by_ward, tuple(worst), repeating)


def black_spots(
    session: Session, narrow: Narrow, period: Period, ward_code: str | None, *, most: int
) -> tuple[tuple[RepeatPlace, ...], int]:
    """The first of the black spots, those that repeat most before others, and how many there are
    in all: of one ward those that `folded_repeats` counts there."""
    of = _in_wards(session, narrow, period).c
    place = [of[name] for name in AT_CAMERA]
    statement = (
        select(*place, of.whole, of.whole_repeats, func.count().over())
        .where(_spot(of))
        .order_by(of.whole_repeats.desc(), of.whole.desc(), *place)
        .limit(most)
    )
    if ward_code is not None:
        statement = statement.where(of.ward_id.in_(select(Ward.id).where(Ward.code == ward_code)))
    rows = session.execute(statement).all()
    places = (
        RepeatPlace(Source.CAMERA, row[0], row[1], 0, "", row[2], row[3], row[4]) for row in rows
    )
    return tuple(places), (rows[0][5] if rows else 0)


def _worst_first(place: RepeatPlace) -> tuple[Any, ...]:
    return -place.repeats, -place.sufficient, place.camera_id, place.zone, place.act


def _in_wards(session: Session, narrow: Narrow, period: Period) -> CTE:
    """Each ward's part of a camera's place, with the number of the whole place: the ward where
    most of its cases happened has rank 1."""
    parts = repeating_parts(session, narrow, period, AT_CAMERA)
    place = [parts.c[name] for name in AT_CAMERA]
    sufficient, repeats = sums(parts)
    rank = func.row_number().over(
        partition_by=place, order_by=(sufficient.desc(), parts.c.ward_id.desc())
    )
    whole, whole_repeats = (
        cast(func.sum(number).over(partition_by=place), Integer) for number in (sufficient, repeats)
    )
    columns = (parts.c.ward_id, *place, sufficient, repeats, rank.label("rank"))
    return (
        select(*columns, whole.label("whole"), whole_repeats.label("whole_repeats"))
        .group_by(parts.c.ward_id, *place)
        .cte("in_wards")
        .prefix_with("MATERIALIZED")
    )


def _by_ward(in_wards: CTE) -> "Select[*tuple[Any, ...]]":
    ward_id = in_wards.c.ward_id
    spots = cast(func.count().filter(_spot(in_wards.c)), Integer)
    columns = (literal("ward").label("what"), ward_id, *_no_place(), *sums(in_wards), spots)
    return select(*columns).group_by(ward_id)


def _spot(of: Any) -> ColumnElement[bool]:
    return and_(of.rank == 1, of.whole >= BLACK_SPOT)


def _worst(in_wards: CTE, named: int) -> "Select[*tuple[Any, ...]]":
    place = [in_wards.c[name] for name in AT_CAMERA]
    sufficient, repeats = sums(in_wards)
    found = (
        select(literal("place").label("what"), literal(0), *place, sufficient, repeats, literal(0))
        .group_by(*place)
        .order_by(repeats.desc(), sufficient.desc(), *place)
        .limit(named)
        .subquery()
    )
    return select(found)


def _repeating(in_wards: CTE) -> "Select[*tuple[Any, ...]]":
    place = [in_wards.c[name] for name in AT_CAMERA]
    found = (
        select(*place)
        .group_by(*place)
        .having(func.sum(in_wards.c.repeats) > 0)
        .subquery("repeating_places")
    )
    none = (literal(0), *_no_place(), literal(0), literal(0))
    return select(literal("places"), *none, func.count()).select_from(found)


def _no_place() -> tuple[Any, ...]:
    act = PlaceSummary.act.expression.type
    return literal(0), literal(""), literal(None, act)
