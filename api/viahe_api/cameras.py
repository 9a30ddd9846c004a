"""Cameras as pages show them: place, health, what they saw today, and their zones."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from viahe_api.coverage import seen_seconds
from viahe_api.errors import NotFound
from viahe_api.months import start_of_day
from viahe_api.records import CameraChoice, CameraDetail, CameraRow
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Camera, ResidentialGroup
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


def camera_choices(session: Session, viewer: Viewer, *, now: datetime) -> tuple[CameraChoice, ...]:
    """The same as `cameras`, of each only what a list is narrowed by: a city has a thousand.
    Raises RoleNeeded."""
    viewer.require(*CAMERA_READERS)
    statement = (
        select(
            Camera.id,
            Camera.name,
            ResidentialGroup.name,
            Camera.street,
            Camera.disabled_at,
            Camera.state,
            Camera.state_at,
            Camera.offline_since,
        )
        .outerjoin(Camera.group)
        .order_by(Camera.name, Camera.id)
    )
    rows = session.execute(scoped(statement, Camera.ward_id, viewer, *CAMERA_READERS))
    return tuple(
        CameraChoice(
            id_,
            name,
            group,
            street,
            enabled=disabled_at is None,
            offline_since=_offline_since(_heard(state, state_at, now), state_at, since),
        )
        for id_, name, group, street, disabled_at, state, state_at, since in rows
    )


def camera_counts(session: Session, viewer: Viewer, *, now: datetime) -> tuple[int, int]:
    """How many enabled cameras are seen now, and how many there are."""
    seen = func.count().filter(
        Camera.state_at >= now - SILENCE, Camera.state != CameraState.OFFLINE
    )
    counting = select(seen, func.count()).where(Camera.disabled_at.is_(None))
    online, enabled = session.execute(scoped(counting, Camera.ward_id, viewer, *CASE_READERS)).one()
    return online, enabled


def state_now(camera: Camera, now: datetime) -> CameraState:
    """What the detector last said, or OFFLINE when it has been silent too long."""
    return _heard(camera.state, camera.state_at, now)


def offline_since(camera: Camera, now: datetime) -> datetime | None:
    """Since when nothing is seen: as the detector said, or since it fell silent; None while
    something is, and of a camera never heard of."""
    return _offline_since(state_now(camera, now), camera.state_at, camera.offline_since)


def _heard(said: CameraState, state_at: datetime | None, now: datetime) -> CameraState:
    silent = state_at is None or now - state_at > SILENCE
    return CameraState.OFFLINE if silent else said


def _offline_since(
    state: CameraState, state_at: datetime | None, said: datetime | None
) -> datetime | None:
    return (said or state_at) if state is CameraState.OFFLINE else None


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


def _still_size(camera: Camera) -> tuple[int, int] | None:
    width, height = camera.still_width, camera.still_height
    return (width, height) if width and height else None


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
        still_size=_still_size(camera),
        zones=zones,
        seen_today_s=seen_today_s,
        moved_at=camera.moved_at,
    )
