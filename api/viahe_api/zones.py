"""Zones and permits: drawn by administrators, kept by version, served to detectors as plans."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.crossings import crossing_edges
from viahe_api.errors import NotFound, ZoneFault
from viahe_api.records import ZoneView
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Account, Camera, DayOff, ZoneVersion
from viahe_api.tables import Permit as PermitRow
from viahe_api.vocabulary import CAMERA_KEEPERS
from viahe_rules.domain import Polygon
from viahe_rules.geometry import EDGES_CROSS, polygon_faults
from viahe_rules.plan import Permit, Plan, Rule, Surface, Window, Zone
from viahe_rules.recorded import from_json, to_json

NO_NAME = "no name"
NO_RULE = "no rule"
RULE_WITHOUT_CLASS = "a rule without a class"
DWELL_NOT_POSITIVE = "a dwell that is not above zero"
SAME_RULE_TWICE = "two rules of one name"
MASK_IS_NO_AREA = "a mask that is no area"
MOST_MASKS = 4
TOO_MANY_MASKS = "too many masks"


@dataclass(frozen=True, slots=True)
class ZoneDraft:
    """What the editor sends. `zone` is None for a new one; a rule with an empty id gets one."""

    zone: str | None
    name: str
    polygon: Polygon
    surface: Surface
    rules: tuple[Rule, ...]
    masks: tuple[Polygon, ...] = ()
    vending_banned: bool = False


def save(
    session: Session, viewer: Viewer, camera_id: int, draft: ZoneDraft, *, now: datetime
) -> ZoneView:
    """Keep the draft as the zone's next version, and it holds from then on.

    Raises ZoneFault naming all that is wrong, and NotFound.
    """
    camera = _kept_camera(session, viewer, camera_id)
    row = add_version(session, camera, draft, now=now, made_by_id=viewer.account_id)
    _log(session, viewer, camera, row, "zone.saved", now)
    return _view(row, viewer.name)


def remove(session: Session, viewer: Viewer, camera_id: int, zone: str, *, now: datetime) -> None:
    """Let a zone hold no longer; its versions stay on file. Raises NotFound."""
    camera = _kept_camera(session, viewer, camera_id)
    newest = next((row for row, _ in _holding(session, [camera.id]) if row.zone == zone), None)
    if newest is None:
        raise NotFound(f"camera {camera.slug} has no zone {zone}")
    row = ZoneVersion(
        camera_id=camera.id,
        zone=zone,
        version=newest.version + 1,
        definition=newest.definition | {"version": newest.version + 1},
        removed=True,
        made_by_id=viewer.account_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    _log(session, viewer, camera, row, "zone.removed", now)


def add_version(
    session: Session,
    camera: Camera,
    draft: ZoneDraft,
    *,
    now: datetime,
    made_by_id: int | None = None,
) -> ZoneVersion:
    """The next version of a zone, for callers that have checked who asks. Raises ZoneFault."""
    check(draft)
    known = set(session.scalars(select(ZoneVersion.zone).where(ZoneVersion.camera_id == camera.id)))
    name = draft.zone or _new_name(known)
    version = _last_version(session, camera.id, name) + 1
    zone = zone_of(draft, name, version)
    row = ZoneVersion(
        camera_id=camera.id,
        zone=name,
        version=version,
        definition=to_json(zone),
        made_by_id=made_by_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row


def check(draft: ZoneDraft) -> None:
    """Raises ZoneFault naming all that is wrong."""
    faults = tuple(_faults(draft))
    if faults:
        raise ZoneFault(faults)


def zone_of(draft: ZoneDraft, name: str, version: int) -> Zone:
    """The draft as the rules would have it."""
    return Zone(
        name,
        version,
        draft.name.strip(),
        draft.polygon,
        draft.surface,
        _named(draft),
        draft.masks,
        draft.vending_banned,
    )


def zones_of(session: Session, camera: Camera) -> tuple[ZoneView, ...]:
    """The zones that hold on a camera the caller was allowed to find, by name."""
    views = [_view(row, made_by) for row, made_by in _holding(session, [camera.id])]
    return tuple(sorted(views, key=lambda view: view.name))


def zone_counts(session: Session, camera_ids: Sequence[int]) -> Counter[int]:
    """How many zones hold on each camera."""
    return Counter(row.camera_id for row, _ in _holding(session, camera_ids))


def plan_of(session: Session, camera: Camera) -> Plan:
    """All the rules know of the camera's ground, in a fixed order."""
    zones = sorted(
        (from_json(Zone, row.definition) for row, _ in _holding(session, [camera.id])),
        key=lambda zone: zone.id,
    )
    permits = session.scalars(
        select(PermitRow.definition)
        .where(PermitRow.camera_id == camera.id, PermitRow.withdrawn_at.is_(None))
        .order_by(PermitRow.number)
    )
    return Plan(
        camera.slug,
        tuple(zones),
        tuple(from_json(Permit, permit) for permit in permits),
        tuple(from_json(Window, window) for window in camera.quiet),
        holidays=frozenset(day.isoformat() for day in session.scalars(select(DayOff.day))),
    )


def _faults(draft: ZoneDraft) -> Iterable[tuple[str, tuple[int, ...]]]:
    for phrase in polygon_faults(draft.polygon):
        numbers = crossing_edges(draft.polygon) if phrase == EDGES_CROSS else ()
        yield phrase, numbers
    for number, mask in enumerate(draft.masks, start=1):
        if any(polygon_faults(mask)):
            yield MASK_IS_NO_AREA, (number,)
    if len(draft.masks) > MOST_MASKS:
        yield TOO_MANY_MASKS, (MOST_MASKS,)
    if not draft.name.strip():
        yield NO_NAME, ()
    if not draft.rules:
        yield NO_RULE, ()
    if any(not rule.dwell for rule in draft.rules):
        yield RULE_WITHOUT_CLASS, ()
    if any(not seconds > 0 for rule in draft.rules for _, seconds in rule.dwell):
        yield DWELL_NOT_POSITIVE, ()
    names = [rule.id for rule in draft.rules if rule.id]
    if len(names) > len(set(names)):
        yield SAME_RULE_TWICE, ()


def _named(draft: ZoneDraft) -> tuple[Rule, ...]:
    """The draft's rules, those without an id named by their act and place in the list."""
    return tuple(
        rule if rule.id else replace(rule, id=f"{rule.act}-{number}")
        for number, rule in enumerate(draft.rules, start=1)
    )


def _new_name(known: set[str]) -> str:
    numbers = [int(m[1]) for name in known if (m := re.fullmatch(r"zone-(\d+)", name))]
    return f"zone-{max(numbers, default=0) + 1}"


def _last_version(session: Session, camera_id: int, zone: str) -> int:
    return (
        session.scalar(
            select(func.max(ZoneVersion.version)).where(
                ZoneVersion.camera_id == camera_id, ZoneVersion.zone == zone
            )
        )
        or 0
    )


def _holding(session: Session, camera_ids: Sequence[int]) -> list[tuple[ZoneVersion, str | None]]:
    newest = (
        select(
            ZoneVersion.camera_id, ZoneVersion.zone, func.max(ZoneVersion.version).label("version")
        )
        .where(ZoneVersion.camera_id.in_(camera_ids))
        .group_by(ZoneVersion.camera_id, ZoneVersion.zone)
        .subquery()
    )
    is_newest = and_(
        ZoneVersion.camera_id == newest.c.camera_id,
        ZoneVersion.zone == newest.c.zone,
        ZoneVersion.version == newest.c.version,
    )
    rows = session.execute(
        select(ZoneVersion, Account.name)
        .join(newest, is_newest)
        .outerjoin(Account, Account.id == ZoneVersion.made_by_id)
        .where(ZoneVersion.removed.is_(False))
    )
    return [(row, made_by) for row, made_by in rows]


def _kept_camera(session: Session, viewer: Viewer, camera_id: int) -> Camera:
    statement = select(Camera).where(Camera.id == camera_id)
    found = session.scalar(scoped(statement, Camera.ward_id, viewer, *CAMERA_KEEPERS))
    if found is None:
        viewer.require(*CAMERA_KEEPERS)
        raise NotFound(f"no camera {camera_id} in the wards of {viewer.login}")
    return found


def _view(row: ZoneVersion, made_by: str | None) -> ZoneView:
    zone = from_json(Zone, row.definition)
    return ZoneView(
        zone.id,
        zone.version,
        zone.name,
        zone.polygon,
        zone.surface,
        zone.rules,
        row.made_at,
        made_by,
        zone.masks,
        zone.vending_banned,
    )


def _log(
    session: Session, viewer: Viewer, camera: Camera, row: ZoneVersion, action: str, now: datetime
) -> None:
    audit.append(
        session,
        viewer,
        action,
        f"camera:{camera.id}/zone:{row.zone}",
        now=now,
        ward_id=camera.ward_id,
        detail={"version": row.version},
    )
