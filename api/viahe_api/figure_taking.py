"""Taking a report's figures in one transaction; of many wards together a row is a ward."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.counts import Counts, Hours, Outcomes
from viahe_api.figures import (
    BLACK_SPOT,
    ActFigures,
    CameraFigures,
    Figures,
    HourFigures,
    KindFigures,
    PlaceFigures,
    PlacesLeftOut,
    WardName,
    total,
)
from viahe_api.folded_rows import cameras_in_wards, whole_places
from viahe_api.measures import (
    CameraSeen,
    cameras_moved_away,
    cameras_of,
    cameras_seen,
    clocks_off,
    hours_together,
    zone_names,
)
from viahe_api.merged_wards import mergers_until
from viahe_api.outcomes import outcomes_by_act
from viahe_api.periods import Period
from viahe_api.repeat_places import RepeatPlace, repeat_places, repeats_at_cameras
from viahe_api.summary_reading import counts_of
from viahe_api.tables import ResidentialGroup, Ward
from viahe_api.tallies import BY_ACT, BY_HOUR, BY_KIND, BY_PLACE
from viahe_api.vocabulary import Source
from viahe_rules.domain import Act

DETAILED_WARDS = 5
"""Of more wards together streets, groups and most places are left to each ward's own report."""
PLACES_NAMED = 20
"""So many places that repeat most are named where the others are left out."""


def take_figures(
    session: Session,
    narrow: Narrow,
    period: Period,
    *,
    now: datetime,
    detailed_wards: int = DETAILED_WARDS,
) -> Figures:
    """The figures of a period as the rows stand now, folded if there are more wards than that."""
    wards = session.execute(narrow(select(Ward.id, Ward.code, Ward.name), Ward.id))
    named = {ward_id: WardName(code, name) for ward_id, code, name in wards}
    folded = len(named) > detailed_wards
    standing = cameras_of(session, narrow)
    by_place = _by_place(session, narrow, period, folded=folded)
    cameras = cameras_seen(session, narrow, period, standing, now=now)
    moved = {key.camera_id for key, _ in by_place if key.camera_id} - {
        camera.camera_id for camera in cameras
    }
    cameras += cameras_moved_away(session, moved)
    take_rows = _rows_by_ward if folded else _rows
    rows, places, left_out = take_rows(_Asked(session, narrow, period), named, cameras, by_place)
    by_hour = counts_of(session, narrow, period, BY_HOUR, "hour")
    return Figures(
        wards=tuple(sorted(named.values(), key=lambda ward: ward.name)),
        period=period,
        taken_at=now,
        acts=_acts(session, narrow, period),
        cameras=tuple(rows),
        hours_of_week=tuple(HourFigures(key[0], by_hour[key]) for key in sorted(by_hour)),
        places=tuple(places),
        hours_previous=hours_together(session, narrow, period.previous, standing, now=now),
        hours_year_before=hours_together(session, narrow, period.year_before, standing, now=now),
        kinds=_kinds(session, narrow, period),
        mergers=mergers_until(session, narrow, period.last),
        clocks_off=clocks_off(session, narrow, period) if len(named) == 1 else None,
        folded=folded,
        left_out=left_out,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    session: Session
    narrow: Narrow
    period: Period


_Taken: TypeAlias = tuple[Iterable[CameraFigures], Iterable[PlaceFigures], PlacesLeftOut]


def _rows(
    asked: _Asked,
    wards: Mapping[int, WardName],
    cameras: Sequence[CameraSeen],
    by_place: "_ByPlace",
) -> _Taken:
    """Every camera, street people reported of, and place."""
    places = repeat_places(asked.session, asked.narrow, asked.period)
    group_ids = {place.group_id for place in places} | _groups(by_place)
    groups = _group_names(asked.session, group_ids)
    rows = (*_cameras(cameras, by_place, places), *_reported(by_place, wards, groups))
    return rows, _places(asked.session, cameras, places, groups), PlacesLeftOut()


def _rows_by_ward(
    asked: _Asked,
    wards: Mapping[int, WardName],
    cameras: Sequence[CameraSeen],
    by_place: "_ByPlace",
) -> _Taken:
    """Cameras, and what people reported of each ward in one row; the worst places alone."""
    parts = repeats_at_cameras(asked.session, asked.narrow, asked.period)
    places = whole_places(parts)
    worst, others = places[:PLACES_NAMED], places[PLACES_NAMED:]
    reported = total(counts for seat, counts in by_place if not seat.camera_id)
    left_out = PlacesLeftOut(
        repeating=sum(place.repeats > 0 for place in others),
        repeats=sum(place.repeats for place in others),
        sufficient=sum(place.sufficient for place in others) + reported.sufficient,
    )
    names = {ward_id: ward.name for ward_id, ward in wards.items()}
    seats = ((seat.camera_id, seat.ward_id, seat.act, counts) for seat, counts in by_place)
    rows = (
        *cameras_in_wards(cameras, seats, parts, names),
        *_reported(by_place, wards, {}),
    )
    return rows, _places(asked.session, cameras, worst, {}), left_out


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
    act: Act
    group_id: int = 0
    street: str = ""


_ByPlace: TypeAlias = Sequence[tuple[_Seat, Counts]]


def _by_place(session: Session, narrow: Narrow, period: Period, *, folded: bool) -> _ByPlace:
    keys = ("ward_id", "source", "camera_id", "act", *(() if folded else ("group_id", "street")))
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
