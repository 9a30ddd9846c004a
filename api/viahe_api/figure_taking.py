"""Taking a report's figures in one transaction; of many wards together a row is a ward."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select

from viahe_api.counts import Counts, Hours, Outcomes
from viahe_api.figures import (
    BLACK_SPOT,
    ActFigures,
    CameraFigures,
    Figures,
    HourFigures,
    KindFigures,
    WardName,
    WardOutcomes,
)
from viahe_api.folded_rows import folded_rows
from viahe_api.measures import (
    CameraSeen,
    cameras_anywhere,
    cameras_seen,
)
from viahe_api.merged_wards import mergers_until
from viahe_api.outcomes import outcomes_and_bases, outcomes_by_ward
from viahe_api.periods import Period
from viahe_api.place_names import group_names, places_named
from viahe_api.repeat_places import RepeatPlace, repeat_places
from viahe_api.report_days import previous_of, year_before_of
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Ward
from viahe_api.tallies import BY_ACT, BY_HOUR, BY_KIND, BY_SEAT
from viahe_api.vocabulary import Source
from viahe_api.ward_hours import ReadHours
from viahe_rules.domain import Act

DETAILED_WARDS = 5
"""Of more wards together streets, groups and most places are left to each ward's own report."""


def take_figures(
    reading: SummaryReading,
    period: Period,
    *,
    now: datetime,
    detailed_wards: int = DETAILED_WARDS,
) -> Figures:
    """The figures of a period as the rows stand now, folded if there are more wards than that."""
    session, narrow = reading.session, reading.narrow
    found = session.execute(narrow(select(Ward.id, Ward.code, Ward.name), Ward.id))
    wards = {ward_id: WardName(code, name) for ward_id, code, name in found}
    by_hour = reading.counts(period, BY_HOUR, "hour")
    compared = (
        previous_of(session, narrow, period),
        year_before_of(session, narrow, period),
    )
    hours = reading.hours.of((period, *compared), now=now)
    outcomes, sanctions_by_basis = outcomes_and_bases(reading, period)
    figures = Figures(
        wards=tuple(sorted(wards.values(), key=lambda ward: ward.name)),
        period=period,
        taken_at=now,
        acts=_acts(reading, period, compared, outcomes),
        cameras=(),
        hours_of_week=tuple(HourFigures(key[0], by_hour[key]) for key in sorted(by_hour)),
        places=(),
        hours_previous=hours.together(1),
        hours_year_before=hours.together(2),
        kinds=_kinds(reading, period),
        mergers=mergers_until(session, narrow, period.last),
        clocks_off=reading.clocks_off(period),
        folded=len(wards) > detailed_wards,
        compared=compared,
        outcomes_by_ward=_by_ward(reading, wards, period) if len(wards) > 1 else (),
        sanctions_by_basis=sanctions_by_basis,
    )
    if figures.folded:
        return _with_rows_by_ward(reading, figures, wards, hours)
    return _with_rows(reading, figures, wards)


def _with_rows(reading: SummaryReading, figures: Figures, wards: Mapping[int, WardName]) -> Figures:
    """Every camera, street people reported of, and place."""
    period, session = figures.period, reading.session
    by_place = _by_place(reading, period)
    cameras = cameras_seen(session, reading.narrow, period, now=figures.taken_at)
    moved = {key.camera_id for key, _ in by_place if key.camera_id} - {
        camera.camera_id for camera in cameras
    }
    cameras += cameras_anywhere(session, moved)
    places = repeat_places(reading, period)
    group_ids = {place.group_id for place in places} | _groups(by_place)
    groups = group_names(session, group_ids)
    return replace(
        figures,
        cameras=(*_cameras(cameras, by_place, places), *_reported(by_place, wards, groups)),
        places=places_named(session, cameras, places, groups),
    )


def _with_rows_by_ward(
    reading: SummaryReading,
    figures: Figures,
    wards: Mapping[int, WardName],
    hours: ReadHours,
) -> Figures:
    """What each source raised in each ward; the worst places alone."""
    folded = folded_rows(reading, figures.period, wards, hours)
    cameras = cameras_anywhere(reading.session, {place.camera_id for place in folded.worst})
    return replace(
        figures,
        cameras=folded.rows,
        places=places_named(reading.session, cameras, folded.worst),
        left_out=folded.left_out,
        weak_together=folded.weak,
    )


def _acts(
    reading: SummaryReading,
    period: Period,
    compared: tuple[Period, Period],
    outcomes: Mapping[Act, Outcomes],
) -> tuple[ActFigures, ...]:
    now, previous, year_before = reading.counts_in_each((period, *compared), BY_ACT, "act")
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


def _by_ward(
    reading: SummaryReading, wards: Mapping[int, WardName], period: Period
) -> tuple[WardOutcomes, ...]:
    found = outcomes_by_ward(reading, period)
    rows = (WardOutcomes(wards[ward], found.get(ward, Outcomes())) for ward in wards)
    return tuple(sorted(rows, key=lambda row: row.ward.name))


def _kinds(reading: SummaryReading, period: Period) -> tuple[KindFigures, ...]:
    """By act, and within it the commonest first."""
    found = reading.counts(period, BY_KIND, "act", "label", "source")
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


def _by_place(reading: SummaryReading, period: Period) -> _ByPlace:
    keys = ("ward_id", "source", "camera_id", "act", "group_id", "street")
    found = reading.counts(period, BY_SEAT, *keys)
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


def _groups(by_place: _ByPlace) -> set[int]:
    return {seat.group_id for seat, _ in by_place}
