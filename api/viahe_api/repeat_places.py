"""Places with sufficient grounds in a period, and how often they had them again."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, Integer, cast, func, literal, select, union_all

from viahe_api.periods import Period
from viahe_api.summary_reading import SummaryReading
from viahe_api.tallies import BY_PLACE, BY_SEAT
from viahe_api.vocabulary import Source
from viahe_rules.domain import Act

PLACE = ("source", "camera_id", "zone", "group_id", "street", "act")


@dataclass(frozen=True, slots=True)
class RepeatPlace:
    """One zone of one camera, or the group and street of reports by hand, of which what does not
    apply is 0 or empty: its cases with sufficient grounds in the period, and how many of them came
    within half a year of another one there."""

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
    at_cameras = reading.parts(period, BY_PLACE, *BY_PLACE.keys, *BY_PLACE.sums).c
    reported = reading.parts(period, BY_SEAT, "source", "group_id", "street", "act", "sufficient").c
    parts = union_all(
        select(
            literal(Source.CAMERA, reported.source.type).label("source"),
            at_cameras.camera_id,
            at_cameras.zone,
            literal(0).label("group_id"),
            literal("").label("street"),
            at_cameras.act,
            at_cameras.sufficient,
            at_cameras.repeats,
        ),
        select(
            reported.source,
            literal(0),
            literal(""),
            reported.group_id,
            reported.street,
            reported.act,
            reported.sufficient,
            literal(0),
        ).where(reported.source != Source.CAMERA),
    ).subquery("parts")
    place, (sufficient, repeats) = [parts.c[name] for name in PLACE], sums(parts)
    statement = (
        select(*place, sufficient, repeats)
        .group_by(*place)
        .having(sufficient > 0)
        .order_by(repeats.desc(), sufficient.desc(), *place)
    )
    rows = reading.session.execute(statement)
    return tuple(RepeatPlace(*row[:6], sufficient=row[6], repeats=row[7]) for row in rows)


def sums(parts: FromClause) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Sufficient grounds and repeats of the tally BY_PLACE together."""
    sufficient, repeats = (
        cast(func.sum(parts.c[name]), Integer).label(name) for name in BY_PLACE.sums
    )
    return sufficient, repeats
