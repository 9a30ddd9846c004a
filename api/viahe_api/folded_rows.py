"""Rows of figures of many wards together: whatever a moved camera saw, in the ward it was in."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from viahe_api.counts import Counts, Hours
from viahe_api.figures import BLACK_SPOT, CameraFigures
from viahe_api.measures import CameraSeen
from viahe_api.repeat_places import RepeatPlace, WardsPart
from viahe_api.vocabulary import Source
from viahe_rules.domain import Act


def whole_places(parts: Iterable[WardsPart]) -> list[RepeatPlace]:
    """Places with their wards together, in the order of `repeat_places`."""
    sufficient, repeats = Counter[tuple[int, str, Act]](), Counter[tuple[int, str, Act]]()
    for part in parts:
        place = (part.camera_id, part.zone, part.act)
        sufficient[place] += part.sufficient
        repeats[place] += part.repeats
    order = sorted(sufficient, key=lambda place: (-repeats[place], -sufficient[place], place))
    return [
        RepeatPlace(Source.CAMERA, camera, zone, 0, "", act, sufficient[place], repeats[place])
        for place in order
        for camera, zone, act in (place,)
    ]


def cameras_in_wards(
    cameras: Iterable[CameraSeen],
    seats: Iterable[tuple[int, int, Act, Counts]],
    parts: Sequence[WardsPart],
    wards: Mapping[int, str],
) -> Iterator[CameraFigures]:
    """Cameras on duty or with cases, each with the ward where its cases happened; `seats` are
    camera, ward, act and counts, and `wards` names by id. A camera that was moved has a row in each
    of its wards, its hours where it stands now."""
    counts: defaultdict[int, defaultdict[str, dict[Act, Counts]]]
    counts = defaultdict(lambda: defaultdict(dict))
    for camera_id, ward_id, act, of_seat in seats:
        counts[camera_id][wards[ward_id]][act] = of_seat
    repeats = Counter[tuple[int, str]]()
    for part in parts:
        repeats[part.camera_id, wards[part.ward_id]] += part.repeats
    black_spots = _black_spots(parts, wards)
    for camera in cameras:
        in_wards = counts[camera.camera_id]
        for ward in dict.fromkeys((camera.ward, *sorted(in_wards))):
            at = (camera.camera_id, ward)
            hours = camera.hours if ward == camera.ward else Hours()
            if hours.expected or ward in in_wards:
                yield CameraFigures(
                    camera.camera_id,
                    ward,
                    camera.name,
                    camera.group,
                    camera.street,
                    hours,
                    tuple((act, in_wards[ward].get(act, Counts())) for act in Act),
                    repeats[at],
                    black_spots[at],
                )


def _black_spots(parts: Iterable[WardsPart], wards: Mapping[int, str]) -> Counter[tuple[int, str]]:
    """By camera and ward; a moved camera's place is counted where most of its cases happened."""
    places: defaultdict[tuple[int, str, Act], list[WardsPart]] = defaultdict(list)
    for part in parts:
        places[part.camera_id, part.zone, part.act].append(part)
    found = Counter[tuple[int, str]]()
    for of_place in places.values():
        if sum(part.sufficient for part in of_place) >= BLACK_SPOT:
            most = max(of_place, key=lambda part: (part.sufficient, part.ward_id))
            found[most.camera_id, wards[most.ward_id]] += 1
    return found
