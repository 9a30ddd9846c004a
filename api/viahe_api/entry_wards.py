"""Where a person may enter cases by hand, and what the form offers there."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Camera, ResidentialGroup, Ward
from viahe_api.vocabulary import CASE_ENTERERS


@dataclass(frozen=True, slots=True)
class EntryWard:
    """A ward the viewer may enter cases in, and what its form offers."""

    id: int
    name: str
    groups: tuple[tuple[int, str], ...]
    cameras: tuple[tuple[int, str], ...]
    streets: tuple[str, ...]


def entry_wards(session: Session, viewer: Viewer) -> tuple[EntryWard, ...]:
    """By name. Raises RoleNeeded."""
    viewer.require(*CASE_ENTERERS)
    statement = select(Ward.id, Ward.name).order_by(Ward.name)
    wards = session.execute(scoped(statement, Ward.id, viewer, *CASE_ENTERERS))
    return tuple(_entry_ward(session, *ward) for ward in wards.all())


def _entry_ward(session: Session, ward_id: int, name: str) -> EntryWard:
    groups = session.execute(
        select(ResidentialGroup.id, ResidentialGroup.name)
        .where(ResidentialGroup.ward_id == ward_id)
        .order_by(ResidentialGroup.name)
    )
    cameras = session.execute(
        select(Camera.id, Camera.name, Camera.address, Camera.street)
        .where(Camera.ward_id == ward_id, Camera.disabled_at.is_(None))
        .order_by(Camera.name)
    ).all()
    return EntryWard(
        ward_id,
        name,
        tuple((group, said) for group, said in groups),
        tuple((camera.id, f"{camera.name}, {camera.address}") for camera in cameras),
        tuple(sorted({camera.street for camera in cameras if camera.street})),
    )
