"""The register of cameras: where each hangs, whose it is, and what the law asks to be known."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.accents import folded
from viahe_api.camera_sources import TypedSources, keep
from viahe_api.cameras import find_camera
from viahe_api.errors import FormFault, NotFound
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Camera, CameraOff, Device, ResidentialGroup, Ward
from viahe_api.vocabulary import CAMERA_KEEPERS, CameraState, DeviceKind
from viahe_rules.plan import Window
from viahe_rules.recorded import from_json, to_json

LONGEST = {
    "name": 120,
    "address": 200,
    "street": 120,
    "group": 120,
    "owner": 120,
    "model": 120,
    "certificate": 120,
    "firmware": 80,
}


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register says of a camera; that it has addresses, without ever saying which."""

    name: str
    address: str
    street: str
    group: str
    owner: str
    device_kind: DeviceKind
    notice_posted: bool
    notice_on: date | None
    model: str
    certificate: str
    firmware: str
    quiet: tuple[Window, ...]
    enabled: bool
    has_source: bool = False
    has_watch_source: bool = False


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """A detector a camera can be added to."""

    id: int
    name: str
    ward: str


def registered(session: Session, viewer: Viewer, camera_id: int) -> Registered:
    """Raises RoleNeeded, NotFound."""
    return _registered(_camera(session, viewer, camera_id))


def devices(session: Session, viewer: Viewer) -> tuple[DeviceChoice, ...]:
    """The detectors of the viewer's wards. Raises RoleNeeded."""
    viewer.require(*CAMERA_KEEPERS)
    statement = (
        select(Device.id, Device.name, Ward.name)
        .join(Ward, Ward.id == Device.ward_id)
        .where(Device.revoked_at.is_(None))
        .order_by(Ward.name, Device.id)
    )
    rows = session.execute(scoped(statement, Device.ward_id, viewer, *CAMERA_KEEPERS))
    return tuple(DeviceChoice(*row) for row in rows)


def add(
    session: Session,
    viewer: Viewer,
    device_id: int,
    slug: str,
    wanted: Registered,
    sources: TypedSources,
    secret: str,
    *,
    now: datetime,
) -> int:
    """A new camera of a detector; returns its id. Raises FormFault, RoleNeeded, NotFound."""
    viewer.require(*CAMERA_KEEPERS)
    statement = select(Device).where(Device.id == device_id)
    device = session.scalar(scoped(statement, Device.ward_id, viewer, *CAMERA_KEEPERS))
    if device is None:
        raise NotFound(f"no device {device_id} in the wards of {viewer.login}")
    slug = slug.strip()
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,80}", slug):
        raise FormFault("slug", "the detector's name has letters, digits, dots and hyphens")
    known = select(Camera.id).where(Camera.device_id == device.id, Camera.slug == slug)
    if session.scalar(known) is not None:
        raise FormFault("slug_taken", f"this detector has a camera {slug} already")
    camera = Camera(
        ward_id=device.ward_id,
        device_id=device.id,
        slug=slug,
        created_at=now,
        state=CameraState.OFFLINE,
    )
    _write(session, camera, wanted, now)
    keep(camera, sources, secret)
    session.add(camera)
    session.flush()
    _log(session, viewer, camera, "camera.added", [], now)
    return camera.id


def change(
    session: Session,
    viewer: Viewer,
    camera_id: int,
    wanted: Registered,
    sources: TypedSources,
    secret: str,
    *,
    now: datetime,
) -> None:
    """Change what the register says; an address that is not typed stays as it is.

    Raises FormFault, RoleNeeded, NotFound.
    """
    camera = _camera(session, viewer, camera_id)
    before = _registered(camera)
    group = camera.group_id
    _write(session, camera, wanted, now)
    resealed = keep(camera, sources, secret)
    session.flush()
    changed = [
        field.name
        for field in fields(Registered)
        if field.name not in ("group", "has_source", "has_watch_source")
        and getattr(before, field.name) != getattr(wanted, field.name)
    ]
    changed += [*["group"] * (group != camera.group_id), *resealed]
    if changed:
        _log(session, viewer, camera, "camera.changed", changed, now)


def _write(session: Session, camera: Camera, wanted: Registered, now: datetime) -> None:
    _check(wanted)
    camera.name, camera.address, camera.street = wanted.name, wanted.address, wanted.street
    camera.owner, camera.device_kind = wanted.owner, wanted.device_kind
    camera.notice_posted = wanted.notice_posted
    camera.notice_on = wanted.notice_on if wanted.notice_posted else None
    camera.model, camera.certificate = wanted.model, wanted.certificate
    camera.firmware = wanted.firmware
    camera.quiet = [to_json(window) for window in wanted.quiet]
    camera.group_id = _group_id(session, camera.ward_id, wanted.group)
    camera.searched = folded(f"{wanted.name} {wanted.address} {wanted.street} {camera.slug}")
    if wanted.enabled:
        if camera.disabled_at is not None and camera.disabled_at < now:
            off = CameraOff(camera_id=camera.id, off_at=camera.disabled_at, on_at=now)
            session.add(off)
        camera.disabled_at = None
    elif camera.disabled_at is None:
        camera.disabled_at = now


def _check(wanted: Registered) -> None:
    if not wanted.name or not wanted.address:
        raise FormFault("name_and_address", "a camera has a name and an address")
    texts: Sequence[tuple[str, int]] = [
        (getattr(wanted, name), most) for name, most in LONGEST.items()
    ]
    if any(len(text) > most for text, most in texts):
        raise FormFault("too_long_text", "a text is longer than its field")


def _camera(session: Session, viewer: Viewer, camera_id: int) -> Camera:
    viewer.require(*CAMERA_KEEPERS)
    return find_camera(session, viewer, camera_id, *CAMERA_KEEPERS)


def _registered(camera: Camera) -> Registered:
    return Registered(
        camera.name,
        camera.address,
        camera.street,
        camera.group.name if camera.group else "",
        camera.owner,
        camera.device_kind,
        camera.notice_posted,
        camera.notice_on,
        camera.model,
        camera.certificate,
        camera.firmware,
        tuple(from_json(Window, window) for window in camera.quiet),
        camera.disabled_at is None,
        camera.source_sealed is not None,
        camera.watch_sealed is not None,
    )


def _group_id(session: Session, ward_id: int, name: str) -> int | None:
    """The residential group of this name, made where the ward has none yet."""
    if not name:
        return None
    known = select(ResidentialGroup).where(
        ResidentialGroup.ward_id == ward_id, ResidentialGroup.name == name
    )
    group = session.scalar(known)
    if group is None:
        group = ResidentialGroup(ward_id=ward_id, name=name)
        session.add(group)
        session.flush()
    return group.id


def _log(
    session: Session,
    viewer: Viewer,
    camera: Camera,
    action: str,
    changed: Sequence[str],
    now: datetime,
) -> None:
    """What changed, by name alone: an address may hold a password."""
    audit.append(
        session,
        viewer,
        action,
        f"camera:{camera.id}",
        now=now,
        ward_id=camera.ward_id,
        detail={"changed": list(changed)} if changed else None,
    )
