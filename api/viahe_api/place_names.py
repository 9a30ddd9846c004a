"""Places as people call them: by camera, zone, tổ dân phố and street."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.figures import PlaceFigures
from viahe_api.measures import CameraSeen, zone_names
from viahe_api.repeat_places import RepeatPlace
from viahe_api.tables import ResidentialGroup

NO_GROUPS: Mapping[int, str] = MappingProxyType({})


def places_named(
    session: Session,
    cameras: Iterable[CameraSeen],
    places: Sequence[RepeatPlace],
    groups: Mapping[int, str] = NO_GROUPS,
) -> tuple[PlaceFigures, ...]:
    """In the order of `places`; `cameras` has those the places are of, and `groups` the names of
    the groups that people's reports are of."""
    names = zone_names(session, {place.camera_id for place in places})
    by_id = {camera.camera_id: camera for camera in cameras}
    return tuple(_named(place, by_id.get(place.camera_id), names, groups) for place in places)


def group_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """What tổ dân phố are called; 0 is none."""
    asked = set(ids) - {0}
    if not asked:
        return {}
    rows = session.execute(
        select(ResidentialGroup.id, ResidentialGroup.name).where(ResidentialGroup.id.in_(asked))
    )
    return {row.id: row.name for row in rows}


def _named(
    place: RepeatPlace,
    camera: CameraSeen | None,
    zones: Mapping[tuple[int, str], str],
    groups: Mapping[int, str],
) -> PlaceFigures:
    return PlaceFigures(
        camera.name if camera else "",
        zones.get((place.camera_id, place.zone), place.zone),
        camera.group if camera else groups.get(place.group_id),
        camera.street if camera else place.street,
        place.act,
        place.sufficient,
        place.repeats,
        place.camera_id or None,
        place.zone,
        camera.ward if camera else "",
    )
