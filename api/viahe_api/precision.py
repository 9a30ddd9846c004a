"""How often what a camera raised was right: reviewed cases alone, by camera, zone and rule."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from viahe_api.counts import Share
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Camera, Case, Decision, ZoneVersion
from viahe_api.vocabulary import CAMERA_KEEPERS, CaseState, RejectReason, Source
from viahe_api.zones import zones_of
from viahe_rules.domain import Act

DAYS = 90
REVIEWED = (CaseState.SUFFICIENT, CaseState.INSUFFICIENT, CaseState.NOT_VIOLATION)


@dataclass(frozen=True, slots=True)
class Precision:
    """A line: all of a camera (no zone), of one of its zones (no act), or one act there."""

    camera_id: int
    camera: str
    zone: str | None
    zone_name: str
    act: Act | None
    share: Share


@dataclass(frozen=True, slots=True)
class ZoneTask:
    """A zone that people said is drawn wrong, since it was last drawn."""

    camera_id: int
    camera: str
    zone: str
    zone_name: str
    rejections: int
    newest_at: datetime


def precision(session: Session, viewer: Viewer, *, now: datetime) -> tuple[Precision, ...]:
    """Of the last 90 days, cameras by name, their zones and rules below. Raises RoleNeeded."""
    viewer.require(*CAMERA_KEEPERS)
    statement = (
        select(Camera.id, Camera.name, Case.zone, Case.act, Case.state, func.count())
        .join(Camera, Camera.id == Case.camera_id)
        .where(
            Case.state.in_(REVIEWED),
            Case.source == Source.CAMERA,
            Case.completed_at.is_not(None),
            Case.start_at >= now - timedelta(days=DAYS),
        )
        .group_by(Camera.id, Camera.name, Case.zone, Case.act, Case.state)
    )
    rows = session.execute(scoped(statement, Case.ward_id, viewer, *CAMERA_KEEPERS)).all()
    right: dict[tuple[str, int, str, str], int] = defaultdict(int)
    whole: dict[tuple[str, int, str, str], int] = defaultdict(int)
    for camera_id, camera, zone, act, state, count in rows:
        for key in ((zone, act.value), (zone, ""), ("", "")):
            whole[camera, camera_id, *key] += count
            right[camera, camera_id, *key] += count * (state is CaseState.SUFFICIENT)
    names = _zone_names(session, {camera_id for camera_id, *_ in rows})
    return tuple(
        Precision(
            camera_id,
            camera,
            zone or None,
            names.get((camera_id, zone), zone),
            Act(act) if act else None,
            Share(right[key], count),
        )
        for key, count in sorted(whole.items())
        for camera, camera_id, zone, act in [key]
    )


def zone_tasks(session: Session, viewer: Viewer) -> tuple[ZoneTask, ...]:
    """Zones with rejections as drawn wrong that nobody has answered by drawing, most first.

    Raises RoleNeeded.
    """
    viewer.require(*CAMERA_KEEPERS)
    drawn = (
        select(
            ZoneVersion.camera_id,
            ZoneVersion.zone,
            func.max(ZoneVersion.made_at).label("made_at"),
        )
        .group_by(ZoneVersion.camera_id, ZoneVersion.zone)
        .subquery()
    )
    statement = (
        select(Camera.id, Camera.name, Case.zone, func.count(), func.max(Decision.at))
        .join(Case, Case.id == Decision.case_id)
        .join(Camera, Camera.id == Case.camera_id)
        .join(drawn, (drawn.c.camera_id == Case.camera_id) & (drawn.c.zone == Case.zone))
        .where(
            Decision.reason == RejectReason.ZONE_DRAWN_WRONG.value,
            Decision.undone_at.is_(None),
            Decision.at > drawn.c.made_at,
        )
        .group_by(Camera.id, Camera.name, Case.zone)
        .order_by(func.count().desc(), Camera.name)
    )
    rows = session.execute(scoped(statement, Case.ward_id, viewer, *CAMERA_KEEPERS)).all()
    names = _zone_names(session, {camera_id for camera_id, *_ in rows})
    return tuple(
        ZoneTask(camera_id, camera, zone, names[camera_id, zone], count, newest)
        for camera_id, camera, zone, count, newest in rows
        if (camera_id, zone) in names
    )


def _zone_names(session: Session, camera_ids: set[int]) -> dict[tuple[int, str], str]:
    """The names of the zones that hold on cameras the caller was allowed to see."""
    cameras = session.scalars(select(Camera).where(Camera.id.in_(camera_ids)))
    return {
        (camera.id, zone.zone): zone.name
        for camera in cameras
        for zone in zones_of(session, camera)
    }
