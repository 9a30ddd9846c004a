"""Hours cameras were meant to see and really saw: what every count is printed beside."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from viahe_api.tables import Camera, CameraHours

HOUR_S = 3600.0


def keep_seen(
    session: Session, camera_id: int, process: str, hour: datetime, seen_s: float
) -> None:
    """Note the seconds one detector process has seen of an hour; the largest word holds."""
    row = session.get(CameraHours, (camera_id, process, hour))
    if row is None:
        session.add(CameraHours(camera_id=camera_id, session=process, hour=hour, seen_s=seen_s))
    else:
        row.seen_s = max(row.seen_s, seen_s)
    session.flush()


def seen_seconds(
    session: Session, camera_ids: Sequence[int], start: datetime, end: datetime
) -> dict[int, float]:
    """Seconds each camera was seen in the hours that begin in `start..end`, half-open.

    Processes add up, to an hour at most: two detectors on one camera see it once.
    """
    hours = (
        select(CameraHours.camera_id, func.sum(CameraHours.seen_s).label("seen_s"))
        .where(
            CameraHours.camera_id.in_(camera_ids),
            CameraHours.hour >= start,
            CameraHours.hour < end,
        )
        .group_by(CameraHours.camera_id, CameraHours.hour)
        .subquery()
    )
    capped = case((hours.c.seen_s > HOUR_S, HOUR_S), else_=hours.c.seen_s)
    rows = session.execute(select(hours.c.camera_id, func.sum(capped)).group_by(hours.c.camera_id))
    return {camera_id: float(seconds) for camera_id, seconds in rows}


def expected_seconds(camera: Camera, start: datetime, end: datetime, now: datetime) -> float:
    """Seconds of the period, up to now, in which the camera was installed and not disabled."""
    first = max(start, camera.created_at)
    last = min(end, now, camera.disabled_at or now)
    return max(0.0, (last - first).total_seconds())
