"""What repeats in many wards together: added up by ward, and the worst places alone named."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, TypeAlias

from sqlalchemy import (
    CTE,
    ColumnElement,
    Executable,
    FromClause,
    Integer,
    Select,
    String,
    cast,
    func,
    literal,
    not_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from viahe_api.figures import BLACK_SPOT
from viahe_api.periods import Period
from viahe_api.repeat_places import RepeatPlace, sums
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Ward
from viahe_api.tallies import BY_PLACE
from viahe_api.vocabulary import Source
from viahe_rules.domain import Act

_Place: TypeAlias = tuple[int, str, str]
"""Camera, zone and act, as the database has them: a city has thousands."""
_Parts: TypeAlias = Mapping[_Place, Sequence[tuple[int, int, int]]]
"""Of places, the wards with how many cases with sufficient grounds, and how many that repeat."""
_Whole: TypeAlias = tuple[_Place, int, int]
"""A place, its cases with sufficient grounds, and how many of them repeat, of all its wards."""


@dataclass(frozen=True, slots=True)
class WardRepeats:
    """Of the cameras' cases that happened in a ward. A moved camera's place is one black spot,
    in the ward where most of its cases happened."""

    sufficient: int = 0
    repeats: int = 0
    black_spots: int = 0

    def __add__(self, other: "WardRepeats") -> "WardRepeats":
        return WardRepeats(
            self.sufficient + other.sufficient,
            self.repeats + other.repeats,
            self.black_spots + other.black_spots,
        )


@dataclass(frozen=True, slots=True)
class FoldedRepeats:
    """`worst` are the first of `repeat_places` at cameras, `repeating` how many places have a
    repeat."""

    by_ward: Mapping[int, WardRepeats]
    worst: tuple[RepeatPlace, ...]
    repeating: int


def folded_repeats(reading: SummaryReading, period: Period, *, named: int) -> FoldedRepeats:
    """Of the whole city in one statement."""
    places, of_others = _places(reading, period)
    plain, first = _by_ward(places), _first_plain(places, named)
    rows = _rows(reading.session, union_all(plain, select(first.subquery()), of_others))
    by_ward = {row[1]: WardRepeats(*row[5:8]) for row in rows if row[0] == _WARD}
    repeating = sum(row[8] for row in rows if row[0] == _WARD)
    worst = [(tuple(row[2:5]), row[5], row[6]) for row in rows if row[0] == _PLACE]
    for place, parts in _parts(rows).items():
        whole = _whole(place, parts)
        worst.append(whole)
        repeating += whole[2] > 0
        spot = _ward_of(parts) if whole[1] >= BLACK_SPOT else None
        for ward_id, sufficient, repeats in parts:
            had = by_ward.get(ward_id, WardRepeats())
            more = WardRepeats(sufficient, repeats, int(ward_id == spot))
            by_ward[ward_id] = had + more
    return FoldedRepeats(by_ward, _worst(worst, named), repeating)


def black_spots(
    reading: SummaryReading, period: Period, ward_code: str | None, *, most: int
) -> tuple[tuple[RepeatPlace, ...], int]:
    """The first of the black spots, those that repeat most before others, and how many there are
    in all: of one ward those that `folded_repeats` counts there."""
    only = None
    if ward_code is not None:
        only = reading.session.scalar(select(Ward.id).where(Ward.code == ward_code))
    places, of_others = _places(reading, period)
    of = places.c
    spots = (
        _told(_PLACE, of.ward_id, _place(places))
        .add_columns(of.sufficient, of.repeats, literal(0), literal(0))
        .where(of.plain, of.sufficient >= BLACK_SPOT)
    )
    rows = _rows(reading.session, union_all(spots, of_others))
    found = [
        (tuple(row[2:5]), row[5], row[6])
        for row in rows
        if row[0] == _PLACE and only in {None, row[1]}
    ]
    for place, parts in _parts(rows).items():
        whole = _whole(place, parts)
        if whole[1] >= BLACK_SPOT and only in {None, _ward_of(parts)}:
            found.append(whole)
    return _worst(found, most), len(found)


def _places(reading: SummaryReading, period: Period) -> "tuple[CTE, Select[*tuple[Any, ...]]]":
    """Each place with its ward, whether it is plain, its cases, and how many of them repeat; and of
    those that are not, as their camera was in several wards, each ward's part."""
    names = ("ward_id", *BY_PLACE.keys, *BY_PLACE.sums)
    parts = union_all(*reading.selects(period, BY_PLACE, names)).cte("parts")
    # Read once by itself, and again only where a place is not plain: PostgreSQL need not keep it.
    parts = parts.prefix_with("MATERIALIZED", dialect="sqlite")
    parts = parts.prefix_with("NOT MATERIALIZED", dialect="postgresql")
    sufficient, repeats = sums(parts)
    wards = func.min(parts.c.ward_id), func.max(parts.c.ward_id)
    plain = (wards[0] == wards[1]).label("plain")
    told = select(*_place(parts), wards[0].label("ward_id"), plain, sufficient, repeats)
    found = told.group_by(*_place(parts)).having(sufficient > 0)
    places = found.cte("places").prefix_with("MATERIALIZED")
    others = select(*_place(places)).where(not_(places.c.plain))
    of_others = (
        _told(_PART, parts.c.ward_id, _place(parts))
        .add_columns(sufficient, repeats, literal(0), literal(0))
        .where(tuple_(*_place(parts)).in_(others))
        .group_by(parts.c.ward_id, *_place(parts))
        .having(sufficient > 0)
    )
    return places, of_others


_WARD, _PLACE, _PART = range(3)
"""What a row tells: of all plain places of a ward, of one, or of a ward's part of another."""


def _by_ward(places: CTE) -> "Select[*tuple[Any, ...]]":
    of = places.c
    return (
        _told(_WARD, of.ward_id, (literal(0), literal(""), literal("")))
        .add_columns(
            cast(func.sum(of.sufficient), Integer),
            cast(func.sum(of.repeats), Integer),
            cast(func.count().filter(of.sufficient >= BLACK_SPOT), Integer),
            cast(func.count().filter(of.repeats > 0), Integer),
        )
        .where(of.plain)
        .group_by(of.ward_id)
    )


def _first_plain(places: CTE, most: int) -> "Select[*tuple[Any, ...]]":
    of, place = places.c, _place(places)
    told = _told(_PLACE, of.ward_id, place).add_columns(
        of.sufficient, of.repeats, literal(0), literal(0)
    )
    order = (of.repeats.desc(), of.sufficient.desc(), *place)
    return told.where(of.plain).order_by(*order).limit(most)


def _told(
    kind: int, ward_id: ColumnElement[int], place: Iterable[ColumnElement[Any]]
) -> "Select[*tuple[Any, ...]]":
    return select(literal(kind).label("kind"), ward_id, *place)


def _parts(rows: Iterable[Any]) -> _Parts:
    """Of places that are not plain."""
    found: defaultdict[_Place, list[tuple[int, int, int]]] = defaultdict(list)
    for row in rows:
        if row[0] == _PART:
            found[tuple(row[2:5])].append((row[1], row[5], row[6]))
    return found


def _rows(session: Session, statement: Executable) -> Sequence[Any]:
    """Past the ORM, which would make an object of its own of each of thousands."""
    return session.connection().execute(statement).all()


def _place(of: FromClause) -> tuple[ColumnElement[Any], ...]:
    return of.c.camera_id, of.c.zone, type_coerce(of.c.act, String).label("act")


def _whole(place: _Place, parts: Sequence[tuple[int, int, int]]) -> _Whole:
    return place, sum(part[1] for part in parts), sum(part[2] for part in parts)


def _ward_of(parts: Sequence[tuple[int, int, int]]) -> int:
    return max(parts, key=lambda part: (part[1], part[0]))[0]


def _worst(places: Iterable[_Whole], most: int) -> tuple[RepeatPlace, ...]:
    """The first of them, in the order of `repeat_places`."""
    first = nsmallest(most, places, key=lambda found: (-found[2], -found[1], found[0]))
    return tuple(
        RepeatPlace(Source.CAMERA, camera, zone, 0, "", Act(act), sufficient, repeats)
        for (camera, zone, act), sufficient, repeats in first
    )
