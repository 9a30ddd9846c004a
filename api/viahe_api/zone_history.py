"""The versions of a zone: who drew them, when, and going back to one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api import zones
from viahe_api.cameras import find_camera
from viahe_api.errors import NotFound
from viahe_api.records import ZoneView
from viahe_api.scope import Viewer
from viahe_api.tables import Account, ZoneVersion
from viahe_api.vocabulary import CAMERA_KEEPERS
from viahe_api.zones import ZoneDraft
from viahe_rules.plan import Zone
from viahe_rules.recorded import from_json


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it was kept; `removed` says that the zone held no longer from then on."""

    zone: Zone
    made_at: datetime
    made_by: str | None
    removed: bool


def versions(session: Session, viewer: Viewer, camera_id: int, zone: str) -> tuple[Version, ...]:
    """All versions of a zone, the newest first. Raises RoleNeeded, NotFound."""
    viewer.require(*CAMERA_KEEPERS)
    camera = find_camera(session, viewer, camera_id, *CAMERA_KEEPERS)
    rows = session.execute(
        select(ZoneVersion, Account.name)
        .outerjoin(Account, Account.id == ZoneVersion.made_by_id)
        .where(ZoneVersion.camera_id == camera.id, ZoneVersion.zone == zone)
        .order_by(ZoneVersion.version.desc())
    )
    found = tuple(
        Version(from_json(Zone, row.definition), row.made_at, name, row.removed)
        for row, name in rows
    )
    if not found:
        raise NotFound(f"camera {camera.slug} has no zone {zone}")
    return found


def restore(
    session: Session, viewer: Viewer, camera_id: int, zone: str, version: int, *, now: datetime
) -> ZoneView:
    """Keep an earlier version as the newest, and it holds. Raises RoleNeeded, NotFound."""
    for found in versions(session, viewer, camera_id, zone):
        if found.zone.version == version:
            old = found.zone
            draft = ZoneDraft(zone, old.name, old.polygon, old.surface, old.rules, old.masks)
            return zones.save(session, viewer, camera_id, draft, now=now)
    raise NotFound(f"zone {zone} has no version {version}")
