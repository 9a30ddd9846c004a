"""Setting a ward up: what the command line and the demonstration call.

Callers own the machine, so nobody's role is asked. Every change leaves an audit row.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.accents import folded
from viahe_api.auth import hash_password, hash_token, new_token
from viahe_api.errors import FormFault, NotFound
from viahe_api.tables import Account, Camera, Device, Grant, ResidentialGroup, Ward
from viahe_api.tables import Permit as PermitRow
from viahe_api.vocabulary import CameraState, DeviceKind, Role
from viahe_api.zones import ZoneDraft, add_version
from viahe_rules.plan import Permit
from viahe_rules.recorded import to_json

SHORTEST_PASSWORD = 12
NOT_TOGETHER = frozenset({Role.ADMINISTRATOR, Role.OFFICIAL, Role.SUPERVISOR})
"""Roles nobody holds in a ward where they decide cases."""


@dataclass(frozen=True, slots=True)
class CameraPlace:
    """Where a camera hangs and whose it is, as its register asks."""

    name: str
    address: str
    street: str = ""
    group: str | None = None
    owner: str = ""
    device_kind: DeviceKind = DeviceKind.PRIVATE
    notice_posted: bool = False


def add_ward(session: Session, code: str, name: str, *, now: datetime) -> Ward:
    """A ward by the code that stands in addresses. The same again is the same ward."""
    ward = session.scalar(select(Ward).where(Ward.code == code))
    if ward is None:
        if not (code.isascii() and code.replace("-", "").isalnum() and code == code.lower()):
            raise FormFault("code", f"ward code {code!r}: use small letters, digits and hyphens")
        ward = Ward(code=code, name=name)
        session.add(ward)
        session.flush()
        _log(session, "ward.added", f"ward:{code}", ward, now)
    return ward


def add_account(
    session: Session, login: str, name: str, *, now: datetime, password: str | None = None
) -> str:
    """An account, with the password given or a random one; returns it, to be shown once.

    Raises FormFault for a login that exists and for a password under 12 characters.
    """
    login = login.strip().casefold()
    if session.scalar(select(Account.id).where(Account.login == login)) is not None:
        raise FormFault("login", f"user {login} exists already")
    password = password or new_password()
    if len(password) < SHORTEST_PASSWORD:
        raise FormFault("password", f"a password has at least {SHORTEST_PASSWORD} characters")
    session.add(
        Account(login=login, name=name, password_hash=hash_password(password), created_at=now)
    )
    session.flush()
    _log(session, "account.added", f"account:{login}", None, now)
    return password


def grant(session: Session, login: str, ward_code: str, role: Role, *, now: datetime) -> None:
    """Give an account a role in a ward.

    Raises NotFound, and FormFault where an operator would also be administrator or official:
    who keeps cameras or reads counts does not decide cases.
    """
    account = session.scalar(select(Account).where(Account.login == login.strip().casefold()))
    if account is None:
        raise NotFound(f"no user {login}")
    ward = find_ward(session, ward_code)
    held = set(
        session.scalars(
            select(Grant.role).where(Grant.account_id == account.id, Grant.ward_id == ward.id)
        )
    )
    if role in held:
        return
    together = held | {role}
    if Role.OPERATOR in together and together & NOT_TOGETHER:
        raise FormFault("role", f"{login}: {' and '.join(sorted(together))} do not go together")
    session.add(Grant(account_id=account.id, ward_id=ward.id, role=role))
    session.flush()
    _log(session, f"granted.{role}", f"account:{account.login}", ward, now)


def add_device(session: Session, ward_code: str, name: str, *, now: datetime) -> tuple[int, str]:
    """A detector of a ward: its id and its token, which is shown once and kept nowhere."""
    ward, token = find_ward(session, ward_code), new_token()
    device = Device(ward_id=ward.id, name=name, token_hash=hash_token(token), created_at=now)
    session.add(device)
    session.flush()
    _log(session, "device.added", f"device:{device.id}", ward, now)
    return device.id, token


def add_camera(
    session: Session, device_id: int, slug: str, place: CameraPlace, *, now: datetime
) -> Camera:
    """A camera of a device. Raises NotFound for the device, FormFault for a slug it has."""
    device = session.get(Device, device_id)
    if device is None:
        raise NotFound(f"no device {device_id}")
    known = select(Camera.id).where(Camera.device_id == device_id, Camera.slug == slug)
    if session.scalar(known) is not None:
        raise FormFault("camera", f"device {device_id} has a camera {slug} already")
    ward = session.get_one(Ward, device.ward_id)
    camera = Camera(
        ward_id=ward.id,
        device_id=device.id,
        group_id=_group_id(session, ward, place.group),
        slug=slug,
        name=place.name,
        address=place.address,
        street=place.street,
        owner=place.owner,
        device_kind=place.device_kind,
        notice_posted=place.notice_posted,
        searched=folded(f"{place.name} {place.address} {place.street} {slug}"),
        created_at=now,
        state=CameraState.OFFLINE,
    )
    session.add(camera)
    session.flush()
    _log(session, "camera.added", f"camera:{camera.id}", ward, now)
    return camera


def add_zone(session: Session, camera: Camera, draft: ZoneDraft, *, now: datetime) -> str:
    """A zone of a camera; returns its name. Raises ZoneFault."""
    row = add_version(session, camera, draft, now=now)
    ward = session.get_one(Ward, camera.ward_id)
    _log(session, "zone.saved", f"camera:{camera.id}/zone:{row.zone}", ward, now)
    return row.zone


def add_permit(
    session: Session, camera: Camera, permit: Permit, holder: str, *, now: datetime
) -> None:
    """A permit on the ground a camera sees; `permit.id` is its number."""
    session.add(
        PermitRow(
            camera_id=camera.id,
            number=permit.id,
            holder=holder,
            definition=to_json(permit),
            made_at=now,
        )
    )
    session.flush()
    ward = session.get_one(Ward, camera.ward_id)
    _log(session, "permit.added", f"camera:{camera.id}/permit:{permit.id}", ward, now)


def find_ward(session: Session, code: str) -> Ward:
    """Raises NotFound with the codes there are."""
    ward = session.scalar(select(Ward).where(Ward.code == code))
    if ward is None:
        known = ", ".join(session.scalars(select(Ward.code).order_by(Ward.code))) or "none"
        raise NotFound(f"no ward {code}; there are: {known}")
    return ward


def new_password() -> str:
    """A random password that can be read out: about 79 bits in four groups."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def _group_id(session: Session, ward: Ward, name: str | None) -> int | None:
    if name is None:
        return None
    known = select(ResidentialGroup).where(
        ResidentialGroup.ward_id == ward.id, ResidentialGroup.name == name
    )
    group = session.scalar(known)
    if group is None:
        group = ResidentialGroup(ward_id=ward.id, name=name)
        session.add(group)
        session.flush()
    return group.id


def _log(session: Session, action: str, subject: str, ward: Ward | None, now: datetime) -> None:
    audit.append(
        session,
        audit.COMMAND_LINE,
        action,
        subject,
        now=now,
        ward_id=None if ward is None else ward.id,
    )
