"""What repeats in many wards together: added up by ward, and the worst places alone named."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, TypeAlias

from sqlalchemy import String, Subquery, select, type_coerce
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
    for parts in places.values():
        for ward_id, of_ward, again in parts:
            sufficient[ward_id] += of_ward
            repeats[ward_id] += again
        if _whole(parts)[0] >= BLACK_SPOT:
            spots[_ward_of(parts)] += 1
    return FoldedRepeats(
        {
            ward_id: WardRepeats(count, repeats[ward_id], spots[ward_id])
            for ward_id, count in sufficient.items()
        },
        _worst(places.items(), named),
        sum(_whole(parts)[1] > 0 for parts in places.values()),
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
    found: defaultdict[_Place, list[_Part]] = defaultdict(list)
    if (period.last - period.first) + DAY <= REPEAT_WITHIN:
        firsts = _firsts(session, first_of_places(session, narrow, period))
        for place, parts in firsts:
            found[place] = parts
        return found
    of = repeating_parts(session, narrow, period, AT_CAMERA)
    grouped = (of.c.ward_id, of.c.camera_id, of.c.zone, of.c.act)
    rows = session.execute(select(*_raw(of), *sums(of)).group_by(*grouped))
    for row in rows:
        found[row[1:4]].append((row[0], row[4], row[5]))
    return found


def _firsts(session: Session, of: Subquery) -> Iterator[tuple[_Place, list[_Part]]]:
    """Of a place that was in several wards, the first case happened in one of them."""
    rows = session.execute(
        select(*_raw(of), of.c.sufficient, type_coerce(of.c.first_at, String), of.c.soon)
    )
    found: defaultdict[_Place, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        found[row[1:4]].append((row[5], row[0], row[4], row[6]))
    for place, parts in found.items():
        _, first_ward, _, soon = min(parts)
        yield (
            place,
            [
                (ward, count, count if soon or ward != first_ward else count - 1)
                for _, ward, count, _ in parts
            ],
        )


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
