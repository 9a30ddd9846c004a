"""Rows of figures of many wards together: each a ward's, from one source."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from viahe_api.counts import Counts, Hours
from viahe_api.figures import CameraFigures, PlacesLeftOut, WardName
from viahe_api.folded_repeats import FoldedRepeats, WardRepeats, folded_repeats
from viahe_api.periods import Period
from viahe_api.repeat_places import RepeatPlace
from viahe_api.summary_reading import SummaryReading
from viahe_api.tallies import BY_ACT
from viahe_api.vocabulary import Source
from viahe_api.ward_hours import ReadHours, WardHours, names_of
from viahe_rules.domain import Act

PLACES_NAMED = 20
"""So many places that repeat most are named where the others are left out."""
WEAK_NAMED = 10
"""So many cameras that saw too little are named."""

_ByAct = Mapping[Act, Counts]
_NOTHING = Counts()


@dataclass(frozen=True, slots=True)
class FoldedRows:
    """What `Figures` has of many wards: `rows` for `cameras`, and `worst` of its places."""

    rows: tuple[CameraFigures, ...]
    worst: tuple[RepeatPlace, ...]
    left_out: PlacesLeftOut
    weak: tuple[int, tuple[str, ...]]


def folded_rows(
    reading: SummaryReading,
    period: Period,
    wards: Mapping[int, WardName],
    hours: ReadHours,
) -> FoldedRows:
    """Cases in the ward where they happened, hours, the first of those read, in the ward where
    the camera stands."""
    counts = _counts(reading, period)
    places = folded_repeats(reading, period, named=PLACES_NAMED)
    reported = sum(
        of_act.sufficient
        for (_, source), by_act in counts.items()
        if source is not Source.CAMERA
        for of_act in by_act.values()
    )
    return FoldedRows(
        tuple(ward_rows(wards, counts, hours.by_ward(), places)),
        places.worst,
        _left_out(places, reported),
        names_of(reading.session, hours.weak(), most=WEAK_NAMED),
    )


def _counts(reading: SummaryReading, period: Period) -> dict[tuple[int, Source], dict[Act, Counts]]:
    found: defaultdict[tuple[int, Source], dict[Act, Counts]] = defaultdict(dict)
    by_act = reading.counts(period, BY_ACT, "ward_id", "source", "act")
    for (ward_id, source, act), counts in by_act.items():
        found[ward_id, source][act] = counts
    return dict(found)


def ward_rows(
    wards: Mapping[int, WardName],
    counts: Mapping[tuple[int, Source], _ByAct],
    hours: Mapping[int, WardHours],
    places: FoldedRepeats,
) -> Iterator[CameraFigures]:
    """Without a case and without a camera on duty a source has no row in a ward."""
    for ward_id, ward in wards.items():
        for source in Source:
            of_cameras = source is Source.CAMERA
            by_act = counts.get((ward_id, source), {})
            seen = hours.get(ward_id) if of_cameras else None
            if by_act or seen:
                repeats = places.by_ward.get(ward_id) if of_cameras else None
                repeats = repeats or WardRepeats()
                yield CameraFigures(
                    None,
                    ward.name,
                    "",
                    None,
                    "",
                    seen.hours if seen else Hours(),
                    tuple((act, by_act.get(act, _NOTHING)) for act in Act),
                    repeats.repeats,
                    repeats.black_spots,
                    source=source,
                    together=seen.cameras if seen else 0,
                )


def _left_out(places: FoldedRepeats, reported: int) -> PlacesLeftOut:
    """Of what people reported no place is named: all of it is left out."""
    at_cameras = places.by_ward.values()
    return PlacesLeftOut(
        repeating=places.repeating - sum(place.repeats > 0 for place in places.worst),
        repeats=sum(ward.repeats for ward in at_cameras)
        - sum(place.repeats for place in places.worst),
        sufficient=sum(ward.sufficient for ward in at_cameras)
        - sum(place.sufficient for place in places.worst)
        + reported,
    )
