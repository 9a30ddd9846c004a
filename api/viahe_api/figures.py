"""All the figures of one report, taken in one transaction: plain values that can be kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from typing import TypeAlias

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.counts import Counts, Hours, Outcomes
from viahe_api.measures import (
    CameraAt,
    CameraSeen,
    RepeatPlace,
    cameras_moved_away,
    cameras_of,
    cameras_seen,
    clocks_off,
    repeat_places,
    zone_names,
)
from viahe_api.merged_wards import Merger, mergers_until
from viahe_api.outcomes import outcomes_by_act
from viahe_api.periods import Period
from viahe_api.summary_reading import counts_of
from viahe_api.tables import ResidentialGroup, Ward
from viahe_api.tallies import BY_ACT, BY_HOUR, BY_KIND, BY_PLACE
from viahe_api.vocabulary import Source
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
class KindFigures:
    """What things were taken for, by whose word; `label` is empty where people reported."""

    act: Act
    label: str
    source: Source
    counts: Counts


@dataclass(frozen=True, slots=True)
class CameraFigures:
    """One camera's part, or that of what people reported of one street: then without a camera,
    its name and its hours. `by_act` has every act once."""

    camera_id: int | None
    ward: str
    name: str
    group: str | None
    street: str
    hours: Hours
    by_act: tuple[tuple[Act, Counts], ...]
    repeats: int
    black_spots: int
    source: Source = Source.CAMERA

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
    zone; both are empty for what people reported. `zone_id` is the zone's own name."""

    camera: str
    zone: str
    group: str | None
    street: str
    act: Act
    sufficient: int
    repeats: int
    camera_id: int | None = None
    zone_id: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a report says of a period, as it stood at `taken_at`.

    `hours_previous` and `hours_year_before` are what the compared periods' cameras saw.
    `mergers` are of these wards, up to the period's end. `clocks_off` is of how many cases a
    camera's clock was off or not known; None where several wards are counted together.
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
    kinds: tuple[KindFigures, ...] = ()
    mergers: tuple[Merger, ...] = ()
    clocks_off: int | None = None

    @property
    def counts(self) -> Counts:
        return total(act.counts for act in self.acts)

    @property
    def by_cameras(self) -> Counts:
        """What cameras raised: hours and precision are theirs alone."""
        return total(camera.counts for camera in self.cameras if camera.source is Source.CAMERA)

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
        """Cases with sufficient grounds that cameras raised, for every 1,000 hours they saw."""
        return self.by_cameras.sufficient / self.hours.seen * 1000 if self.hours.seen else None


FIGURES: TypeAdapter[Figures] = TypeAdapter(Figures)
"""Figures as JSON and back."""


def take_figures(session: Session, narrow: Narrow, period: Period, *, now: datetime) -> Figures:
    """The figures of a period as the rows stand now."""
    wards = session.execute(narrow(select(Ward.id, Ward.code, Ward.name), Ward.id))
    named = {ward_id: WardName(code, name) for ward_id, code, name in wards}
    standing = cameras_of(session, narrow)
    places = repeat_places(session, narrow, period)
    by_place = _by_place(session, narrow, period)
    cameras = cameras_seen(session, narrow, period, standing, now=now)
    moved = {key.camera_id for key, _ in by_place if key.camera_id} - {
        camera.camera_id for camera in cameras
    }
    cameras += cameras_moved_away(session, moved)
    groups = _group_names(session, {place.group_id for place in places} | _groups(by_place))
    by_hour = counts_of(session, narrow, period, BY_HOUR, "hour")
    return Figures(
        wards=tuple(sorted(named.values(), key=lambda ward: ward.name)),
        period=period,
        taken_at=now,
        acts=_acts(session, narrow, period),
        cameras=(
            *_cameras(cameras, by_place, places),
            *_reported(by_place, named, groups),
        ),
        hours_of_week=tuple(HourFigures(key[0], by_hour[key]) for key in sorted(by_hour)),
        places=tuple(_places(session, cameras, places, groups)),
        hours_previous=_hours(session, narrow, period.previous, standing, now),
        hours_year_before=_hours(session, narrow, period.year_before, standing, now),
        kinds=_kinds(session, narrow, period),
        mergers=mergers_until(session, narrow, period.last),
        clocks_off=clocks_off(session, narrow, period) if len(named) == 1 else None,
    )


def total(counts: Iterable[Counts]) -> Counts:
    return reduce(add, counts, Counts())


def _acts(session: Session, narrow: Narrow, period: Period) -> tuple[ActFigures, ...]:
    now, previous, year_before = (
        counts_of(session, narrow, span, BY_ACT, "act")
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


def _kinds(session: Session, narrow: Narrow, period: Period) -> tuple[KindFigures, ...]:
    """By act, and within it the commonest first."""
    found = counts_of(session, narrow, period, BY_KIND, "act", "label", "source")
    kinds = (
        KindFigures(act, label, source, counts) for (act, label, source), counts in found.items()
    )
    order = list(Act)
    return tuple(
        sorted(
            kinds,
            key=lambda kind: (
                order.index(kind.act),
                -kind.counts.recorded,
                kind.label,
                kind.source,
            ),
        )
    )


@dataclass(frozen=True, slots=True)
class _Seat:
    """Whose row a count belongs in. The ward is that of the cases, not that of the camera."""

    ward_id: int
    source: Source
    camera_id: int
    group_id: int
    street: str
    act: Act


_ByPlace: TypeAlias = Sequence[tuple[_Seat, Counts]]


def _by_place(session: Session, narrow: Narrow, period: Period) -> _ByPlace:
    keys = ("ward_id", "source", "camera_id", "group_id", "street", "act")
    found = counts_of(session, narrow, period, BY_PLACE, *keys)
    return [(_Seat(*key), counts) for key, counts in found.items()]


def _cameras(
    cameras: Iterable[CameraSeen], by_place: _ByPlace, places: Iterable[RepeatPlace]
) -> Iterable[CameraFigures]:
    """Those on duty in the period or with cases in it."""
    counts: defaultdict[tuple[int, Act], Counts] = defaultdict(Counts)
    for seat, of_seat in by_place:
        counts[seat.camera_id, seat.act] += of_seat
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


def _reported(
    by_place: _ByPlace, wards: Mapping[int, WardName], groups: Mapping[int, str]
) -> Iterable[CameraFigures]:
    """What people reported, by ward, source, tổ dân phố and street. Where it was is not known as
    a camera's zone is: nothing repeats there."""
    found: defaultdict[tuple[str, Source, str, str], dict[Act, Counts]] = defaultdict(dict)
    for seat, counts in by_place:
        if not seat.camera_id:
            at = (wards[seat.ward_id].name, seat.source, groups.get(seat.group_id, ""), seat.street)
            found[at][seat.act] = found[at].get(seat.act, Counts()) + counts
    for (ward, source, group, street), counts_by_act in sorted(found.items()):
        by_act = tuple((act, counts_by_act.get(act, Counts())) for act in Act)
        yield CameraFigures(
            None, ward, "", group or None, street, Hours(), by_act, 0, 0, source=source
        )


def _places(
    session: Session,
    cameras: Iterable[CameraSeen],
    places: Sequence[RepeatPlace],
    groups: Mapping[int, str],
) -> Iterable[PlaceFigures]:
    names = zone_names(session, {place.camera_id for place in places})
    by_id = {camera.camera_id: camera for camera in cameras}
    for place in places:
        camera = by_id.get(place.camera_id)
        yield PlaceFigures(
            camera.name if camera else "",
            names.get((place.camera_id, place.zone), place.zone),
            camera.group if camera else groups.get(place.group_id),
            camera.street if camera else place.street,
            place.act,
            place.sufficient,
            place.repeats,
            place.camera_id or None,
            place.zone,
        )


def _groups(by_place: _ByPlace) -> set[int]:
    return {seat.group_id for seat, _ in by_place}


def _group_names(session: Session, ids: set[int]) -> dict[int, str]:
    asked = ids - {0}
    if not asked:
        return {}
    rows = session.execute(
        select(ResidentialGroup.id, ResidentialGroup.name).where(ResidentialGroup.id.in_(asked))
    )
    return {row.id: row.name for row in rows}


def _hours(
    session: Session,
    narrow: Narrow,
    period: Period,
    cameras: Sequence[CameraAt],
    now: datetime,
) -> Hours:
    seen = cameras_seen(session, narrow, period, cameras, now=now)
    return reduce(add, (camera.hours for camera in seen), Hours())


def _enough(hours: Hours) -> bool:
    return hours.coverage is not None and hours.coverage >= COMPARABLE
