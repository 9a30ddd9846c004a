"""All the figures of one report, taken in one transaction: plain values that can be kept."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.counts import Counts, Hours, Outcomes
from viahe_api.measures import (
    CameraSeen,
    Dimension,
    RepeatPlace,
    cameras_moved_away,
    cameras_seen,
    counts_by,
    repeat_places,
    zone_names,
)
from viahe_api.outcomes import outcomes_by_act
from viahe_api.periods import Period
from viahe_api.tables import Ward
from viahe_rules.domain import Act

COMPARABLE = 0.8
"""The least share of the expected camera hours that lets a period be compared."""
BLACK_SPOT = 3
"""A place with so many cases with sufficient grounds in the period is a black spot."""


@dataclass(frozen=True, slots=True)
class WardName:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ActFigures:
    act: Act
    counts: Counts
    previous: Counts
    year_before: Counts
    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class CameraFigures:
    """One camera's part. `by_act` has every act once."""

    camera_id: int
    ward: str
    name: str
    group: str | None
    street: str
    hours: Hours
    by_act: tuple[tuple[Act, Counts], ...]
    repeats: int
    black_spots: int

    @property
    def counts(self) -> Counts:
        return total(counts for _, counts in self.by_act)


@dataclass(frozen=True, slots=True)
class HourFigures:
    """One local hour of the week, from Monday 00:00 on."""

    hour: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """A place where cases with sufficient grounds were found, by the names of its camera and
    zone."""

    camera: str
    zone: str
    group: str | None
    street: str
    act: Act
    sufficient: int
    repeats: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a report says of a period, as it stood at `taken_at`.

    `hours_previous` and `hours_year_before` are what the compared periods' cameras saw.
    """

    wards: tuple[WardName, ...]
    period: Period
    taken_at: datetime
    acts: tuple[ActFigures, ...]
    cameras: tuple[CameraFigures, ...]
    hours_of_week: tuple[HourFigures, ...]
    places: tuple[PlaceFigures, ...]
    hours_previous: Hours
    hours_year_before: Hours

    @property
    def counts(self) -> Counts:
        return total(act.counts for act in self.acts)

    @property
    def hours(self) -> Hours:
        return reduce(add, (camera.hours for camera in self.cameras), Hours())

    @property
    def cameras_on_duty(self) -> int:
        return sum(camera.hours.expected > 0 for camera in self.cameras)

    @property
    def repeats(self) -> int:
        return sum(place.repeats for place in self.places)

    @property
    def compares_with_previous(self) -> bool:
        return _enough(self.hours) and _enough(self.hours_previous)

    @property
    def compares_with_year_before(self) -> bool:
        return _enough(self.hours) and _enough(self.hours_year_before)

    @property
    def per_thousand_hours(self) -> float | None:
        """Cases with sufficient grounds for every 1,000 hours seen."""
        return self.counts.sufficient / self.hours.seen * 1000 if self.hours.seen else None


FIGURES: TypeAdapter[Figures] = TypeAdapter(Figures)
"""Figures as JSON and back."""


def take_figures(session: Session, narrow: Narrow, period: Period, *, now: datetime) -> Figures:
    """The figures of a period as the rows stand now."""
    wards = session.execute(narrow(select(Ward.code, Ward.name), Ward.id).order_by(Ward.name))
    cameras = cameras_seen(session, narrow, period, now=now)
    places = repeat_places(session, narrow, period)
    by_camera = counts_by(session, narrow, period, Dimension.CAMERA, Dimension.ACT)
    by_hour = counts_by(session, narrow, period, Dimension.HOUR)
    moved = {camera for camera, _ in by_camera} - {camera.camera_id for camera in cameras}
    cameras += cameras_moved_away(session, moved)
    return Figures(
        wards=tuple(WardName(*row) for row in wards),
        period=period,
        taken_at=now,
        acts=_acts(session, narrow, period),
        cameras=tuple(_cameras(cameras, by_camera, places)),
        hours_of_week=tuple(HourFigures(key[0], by_hour[key]) for key in sorted(by_hour)),
        places=tuple(_places(session, cameras, places)),
        hours_previous=_hours(session, narrow, period.previous, now),
        hours_year_before=_hours(session, narrow, period.year_before, now),
    )


def total(counts: Iterable[Counts]) -> Counts:
    return reduce(add, counts, Counts())


def _acts(session: Session, narrow: Narrow, period: Period) -> tuple[ActFigures, ...]:
    now, previous, year_before = (
        counts_by(session, narrow, span, Dimension.ACT)
        for span in (period, period.previous, period.year_before)
    )
    outcomes = outcomes_by_act(session, narrow, period)
    return tuple(
        ActFigures(
            act,
            now.get((act,), Counts()),
            previous.get((act,), Counts()),
            year_before.get((act,), Counts()),
            outcomes.get(act, Outcomes()),
        )
        for act in Act
    )


def _cameras(
    cameras: Iterable[CameraSeen],
    counts: dict[tuple[object, ...], Counts],
    places: Iterable[RepeatPlace],
) -> Iterable[CameraFigures]:
    """Those on duty in the period or with cases in it."""
    repeats, black_spots = Counter[int](), Counter[int]()
    for place in places:
        repeats[place.camera_id] += place.repeats
        black_spots[place.camera_id] += place.sufficient >= BLACK_SPOT
    for camera in cameras:
        by_act = tuple((act, counts.get((camera.camera_id, act), Counts())) for act in Act)
        if camera.hours.expected or any(of_act != Counts() for _, of_act in by_act):
            yield CameraFigures(
                camera.camera_id,
                camera.ward,
                camera.name,
                camera.group,
                camera.street,
                camera.hours,
                by_act,
                repeats[camera.camera_id],
                black_spots[camera.camera_id],
            )


def _places(
    session: Session, cameras: Iterable[CameraSeen], places: Sequence[RepeatPlace]
) -> Iterable[PlaceFigures]:
    names = zone_names(session, {place.camera_id for place in places})
    by_id = {camera.camera_id: camera for camera in cameras}
    for place in places:
        camera = by_id[place.camera_id]
        yield PlaceFigures(
            camera.name,
            names.get((place.camera_id, place.zone), place.zone),
            camera.group,
            camera.street,
            place.act,
            place.sufficient,
            place.repeats,
        )


def _hours(session: Session, narrow: Narrow, period: Period, now: datetime) -> Hours:
    cameras = cameras_seen(session, narrow, period, now=now)
    return reduce(add, (camera.hours for camera in cameras), Hours())


def _enough(hours: Hours) -> bool:
    return hours.coverage is not None and hours.coverage >= COMPARABLE
