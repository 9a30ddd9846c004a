"""What repeats in many wards together: added up by ward, and the worst places alone named."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, TypeAlias

from sqlalchemy import Select, String, Subquery, select, type_coerce
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.figures import BLACK_SPOT
from viahe_api.periods import Period
from viahe_api.repeat_places import (
    AT_CAMERA,
    REPEAT_WITHIN,
    RepeatPlace,
    first_of_places,
    repeating_parts,
    sums,
)
from viahe_api.spans import DAY
from viahe_api.tables import Ward
from viahe_api.vocabulary import Source
from viahe_rules.domain import Act

_Place: TypeAlias = tuple[int, str, str]
"""Camera, zone and act, as the database has them: a city has thousands."""
_Part: TypeAlias = tuple[int, int, int]
"""Ward, cases with sufficient grounds, and how many of them repeat."""
_Places: TypeAlias = Mapping[_Place, Sequence[_Part]]


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
    """Of the whole city in one statement."""
    places = _places(session, narrow, period)
    sufficient, repeats, spots = (defaultdict[int, int](int) for _ in range(3))
    repeating = 0
    for parts in places.values():
        in_all = again_in_all = 0
        for ward_id, of_ward, again in parts:
            sufficient[ward_id] += of_ward
            repeats[ward_id] += again
            in_all += of_ward
            again_in_all += again
        repeating += again_in_all > 0
        if in_all >= BLACK_SPOT:
            spots[_ward_of(parts)] += 1
    return FoldedRepeats(
        {
            ward_id: WardRepeats(count, repeats[ward_id], spots[ward_id])
            for ward_id, count in sufficient.items()
        },
        _worst(places.items(), named),
        repeating,
    )


def black_spots(
    session: Session, narrow: Narrow, period: Period, ward_code: str | None, *, most: int
) -> tuple[tuple[RepeatPlace, ...], int]:
    """The first of the black spots, those that repeat most before others, and how many there are
    in all: of one ward those that `folded_repeats` counts there."""
    only = None
    if ward_code is not None:
        only = session.scalar(select(Ward.id).where(Ward.code == ward_code))
    found = [
        (place, parts)
        for place, parts in _places(session, narrow, period).items()
        if _whole(parts)[0] >= BLACK_SPOT and (ward_code is None or _ward_of(parts) == only)
    ]
    return _worst(found, most), len(found)


def _places(session: Session, narrow: Narrow, period: Period) -> _Places:
    if (period.last - period.first) + DAY <= REPEAT_WITHIN:
        return dict(_firsts(session, first_of_places(session, narrow, period)))
    found: defaultdict[_Place, list[_Part]] = defaultdict(list)
    of = repeating_parts(session, narrow, period, AT_CAMERA)
    grouped = (of.c.ward_id, of.c.camera_id, of.c.zone, of.c.act)
    for row in _rows(session, select(*_raw(of), *sums(of)).group_by(*grouped)):
        found[row[1:4]].append((row[0], row[4], row[5]))
    return found


def _firsts(session: Session, of: Subquery) -> Iterator[tuple[_Place, Sequence[_Part]]]:
    first_at = type_coerce(of.c.first_at, String)
    rows = _rows(session, select(*_raw(of), of.c.sufficient, first_at, of.c.soon))
    single: dict[_Place, Any] = {}
    several: defaultdict[_Place, list[Any]] = defaultdict(list)
    for row in rows:
        place = row[1:4]
        if single.setdefault(place, row) is not row:
            several[place].append(row)
    for place, row in single.items():
        if place in several:
            yield place, _of_several_wards([row, *several[place]])
        else:
            ward_id, count, soon = row[0], row[4], row[6]
            yield place, ((ward_id, count, count if soon else count - 1),)


def _of_several_wards(rows: Iterable[Any]) -> list[_Part]:
    """Of a place that was in several wards, the first case happened in one of them."""
    in_order = sorted((row[5], row[0], row[4], row[6]) for row in rows)
    _, first_ward, _, soon = in_order[0]
    return [
        (ward, count, count if soon or ward != first_ward else count - 1)
        for _, ward, count, _ in in_order
    ]


def _rows(session: Session, statement: "Select[*tuple[Any, ...]]") -> Sequence[Any]:
    """Past the ORM, which would make an object of its own of each of thousands."""
    return session.connection().execute(statement).all()


def _raw(of: Subquery) -> tuple[Any, ...]:
    return of.c.ward_id, of.c.camera_id, of.c.zone, type_coerce(of.c.act, String)


def _whole(parts: Sequence[_Part]) -> tuple[int, int]:
    """A place's cases with sufficient grounds and repeats, of all its wards."""
    if len(parts) == 1:
        return parts[0][1:]
    return sum(part[1] for part in parts), sum(part[2] for part in parts)


def _ward_of(parts: Sequence[_Part]) -> int:
    return max(parts, key=lambda part: (part[1], part[0]))[0]


def _worst(places: Iterable[tuple[_Place, Sequence[_Part]]], most: int) -> tuple[RepeatPlace, ...]:
    """The first of them, in the order of `repeat_places`."""
    whole = ((_whole(parts), place) for place, parts in places)
    first = nsmallest(most, whole, key=lambda found: (-found[0][1], -found[0][0], found[1]))
    return tuple(
        RepeatPlace(Source.CAMERA, camera, zone, 0, "", Act(act), sufficient, repeats)
        for (sufficient, repeats), (camera, zone, act) in first
    )
