"""Permits as pages show them: whether they hold, where, and what they cover."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from viahe_api.language import local
from viahe_api.permits import Purpose, kept, purposes
from viahe_api.scope import Viewer
from viahe_api.tables import Camera
from viahe_api.tables import Permit as PermitRow
from viahe_api.vocabulary import CAMERA_KEEPERS
from viahe_rules.domain import Polygon
from viahe_rules.plan import Permit, Window
from viahe_rules.recorded import from_json


class Standing(StrEnum):
    """Whether a permit suppresses anything at a moment."""

    TO_COME = "to_come"
    VALID = "valid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Outline:
    """The ground of a permit on one camera's picture."""

    number: str
    holder: str
    polygon: Polygon


@dataclass(frozen=True, slots=True)
class PermitView:
    """A permit, with every camera it holds on. `purpose` is None where the law no longer has
    its code."""

    id: int
    number: str
    code: str
    purpose: Purpose | None
    camera_id: int
    camera: str
    address: str
    holder: str
    valid_from: datetime
    valid_until: datetime
    hours: tuple[Window, ...]
    standing: Standing
    street: str = ""
    house_from: str = ""
    house_to: str = ""
    given_together: str | None = None
    has_paper: bool = False
    cameras: tuple[str, ...] = ()


def permits(session: Session, viewer: Viewer, *, now: datetime) -> tuple[PermitView, ...]:
    """The permits of the viewer's wards: those in force and to come first. Raises RoleNeeded."""
    viewer.require(*CAMERA_KEEPERS)
    known = {purpose.code: purpose for purpose in purposes(session, local(now).date())}
    rows = session.execute(kept(viewer).order_by(PermitRow.id))
    views = _gathered(_view(row, camera, known, now) for row, camera in rows)
    order = list(Standing)
    return tuple(
        sorted(
            views, key=lambda view: (order.index(_grouped(view.standing)), -_start(view), -view.id)
        )
    )


def outlines(
    session: Session, viewer: Viewer, camera_id: int, *, now: datetime
) -> tuple[Outline, ...]:
    """The grounds permitted on a camera, in force or to come. Raises RoleNeeded."""
    viewer.require(*CAMERA_KEEPERS)
    rows = session.execute(kept(viewer).where(PermitRow.camera_id == camera_id))
    found = [(from_json(Permit, row.definition), row) for row, _ in rows]
    return tuple(
        Outline(row.number, row.holder, permit.polygon)
        for permit, row in found
        if row.withdrawn_at is None and permit.valid_until > now.timestamp()
    )


def _gathered(views: Iterable[PermitView]) -> tuple[PermitView, ...]:
    """Rows given together as one permit, with the names of all their cameras."""
    found: dict[str | int, PermitView] = {}
    for view in views:
        key = view.given_together or view.id
        before = found.get(key, view)
        found[key] = replace(before, cameras=(*before.cameras, view.camera))
    return tuple(found.values())


def _view(row: PermitRow, camera: Camera, known: dict[str, Purpose], now: datetime) -> PermitView:
    permit = from_json(Permit, row.definition)
    begins, ends = (
        datetime.fromtimestamp(at, now.tzinfo) for at in (permit.valid_from, permit.valid_until)
    )
    return PermitView(
        row.id,
        row.number,
        permit.purpose,
        known.get(permit.purpose),
        camera.id,
        camera.name,
        camera.address,
        row.holder,
        begins,
        ends,
        permit.hours,
        _standing(row, begins, ends, now),
        row.street,
        row.house_from,
        row.house_to,
        row.given_together,
        row.document is not None,
    )


def _standing(row: PermitRow, begins: datetime, ends: datetime, now: datetime) -> Standing:
    if row.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if now >= ends:
        return Standing.EXPIRED
    return Standing.VALID if now >= begins else Standing.TO_COME


def _grouped(standing: Standing) -> Standing:
    """What still matters stands together, what is over stands together."""
    past = (Standing.EXPIRED, Standing.WITHDRAWN)
    return Standing.EXPIRED if standing in past else Standing.TO_COME


def _start(view: PermitView) -> float:
    return view.valid_from.timestamp()
