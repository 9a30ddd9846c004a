"""Cameras as pages show them: place, health, what they saw today, and their zones."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from viahe_api.coverage import seen_seconds
from viahe_api.errors import NotFound
from viahe_api.months import start_of_day
from viahe_api.records import CameraDetail, CameraRow
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Camera
from viahe_api.vocabulary import CAMERA_READERS, CASE_READERS, CameraState, Role
from viahe_api.zones import zone_counts, zones_of
from viahe_rules.domain import Shift
from viahe_rules.recorded import from_json

SILENCE = timedelta(seconds=150)
"""A detector speaks at least every minute; two words may be lost."""


def cameras(session: Session, viewer: Viewer, *, now: datetime) -> tuple[CameraRow, ...]:
    """The cameras of the viewer's wards by name. Raises RoleNeeded."""
    viewer.require(*CAMERA_READERS)
    found = session.scalars(_readable(viewer).order_by(Camera.name, Camera.id)).all()
    return _rows(session, found, now)


def camera(session: Session, viewer: Viewer, camera_id: int, *, now: datetime) -> CameraDetail:
    """One camera with the zones that hold. Raises NotFound."""
    found = find_camera(session, viewer, camera_id, *CAMERA_READERS)
    return CameraDetail(_rows(session, [found], now)[0], zones_of(session, found))


def find_camera(session: Session, viewer: Viewer, camera_id: int, *roles: Role) -> Camera:
    """A camera where the viewer holds one of the roles. Raises NotFound."""
    found = session.scalar(_readable(viewer, *roles).where(Camera.id == camera_id))
    if found is None:
        raise NotFound(f"no camera {camera_id} in the wards of {viewer.login}")
    return found


def camera_counts(session: Session, viewer: Viewer, *, now: datetime) -> tuple[int, int]:
    """How many enabled cameras are seen now, and how many there are."""
    enabled = session.scalars(
        _readable(viewer, *CASE_READERS).where(Camera.disabled_at.is_(None))
    ).all()
    seen = [c for c in enabled if state_now(c, now) is not CameraState.OFFLINE]
    return len(seen), len(enabled)


def state_now(camera: Camera, now: datetime) -> CameraState:
    """What the detector last said, or OFFLINE when it has been silent too long."""
    if camera.state_at is None or now - camera.state_at > SILENCE:
        return CameraState.OFFLINE
    return camera.state


def offline_since(camera: Camera, now: datetime) -> datetime | None:
    """Since when nothing is seen: as the detector said, or since it fell silent; None while
    something is, and of a camera never heard of."""
    if state_now(camera, now) is not CameraState.OFFLINE:
        return None
    return camera.offline_since or camera.state_at


def _readable(viewer: Viewer, *roles: Role) -> Select[Camera]:
    statement = select(Camera).options(joinedload(Camera.ward), joinedload(Camera.group))
    return scoped(statement, Camera.ward_id, viewer, *(roles or CAMERA_READERS))


def _rows(session: Session, found: Sequence[Camera], now: datetime) -> tuple[CameraRow, ...]:
    ids = [camera.id for camera in found]
    seen = seen_seconds(session, ids, start_of_day(now), now)
    zones = zone_counts(session, ids)
    return tuple(
        _row(camera, zones.get(camera.id, 0), seen.get(camera.id, 0.0), now) for camera in found
    )


def _row(camera: Camera, zones: int, seen_today_s: float, now: datetime) -> CameraRow:
    return CameraRow(
        id=camera.id,
        slug=camera.slug,
        name=camera.name,
        ward=camera.ward.name,
        address=camera.address,
        street=camera.street,
        group=camera.group.name if camera.group else None,
        owner=camera.owner,
        device_kind=camera.device_kind,
        notice_posted=camera.notice_posted,
        has_notice_photo=camera.notice_photo is not None,
        enabled=camera.disabled_at is None,
        state=state_now(camera, now),
        state_detail=camera.state_detail,
        state_at=camera.state_at,
        offline_since=offline_since(camera, now),
        condition=camera.condition,
        shift=from_json(Shift, camera.shift) if camera.shift else None,
        clock_offset_s=camera.clock_offset_s,
        clock_jumped_s=camera.clock_jumped_s,
        still_at=camera.still_at,
        still_url=f"/media/cameras/{camera.id}/still" if camera.still_at else None,
        zones=zones,
        seen_today_s=seen_today_s,
        moved_at=camera.moved_at,
    )
