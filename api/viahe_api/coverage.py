"""Hours cameras were meant to see and really saw: what every count is printed beside."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from sqlalchemy import Subquery, case, func, select
from sqlalchemy.orm import Session

from viahe_api.listed_ids import one_of
from viahe_api.tables import CameraHours, CameraOff

HOUR_S = 3600.0
NONE = timedelta()
TimesOff: TypeAlias = tuple[tuple[datetime, datetime], ...]
"""Half-open, apart from each other."""


def seen_seconds(
    session: Session, camera_ids: Sequence[int], start: datetime, end: datetime
) -> dict[int, float]:
    """Seconds each camera was seen in the hours that begin in `start..end`, half-open.

    Processes add up, to an hour at most: two detectors on one camera see it once.
    """
    hours = capped_hours(camera_ids, start, end)
    rows = select(hours.c.camera_id, func.sum(hours.c.seen_s)).group_by(hours.c.camera_id)
    return {camera_id: float(seconds) for camera_id, seconds in session.execute(rows)}


class Installed(Protocol):
    """Since and until when a camera is meant to see, and when it was off between."""

    @property
    def created_at(self) -> datetime: ...

    @property
    def disabled_at(self) -> datetime | None: ...

    @property
    def times_off(self) -> TimesOff: ...


def expected_seconds(camera: Installed, start: datetime, end: datetime, now: datetime) -> float:
    """Seconds of the period, up to now, in which the camera was installed and not switched off."""
    first = max(start, camera.created_at)
    last = min(end, now, camera.disabled_at or now)
    off = sum((max(NONE, min(last, on) - max(first, off)) for off, on in camera.times_off), NONE)
    return max(NONE, last - first - off).total_seconds()


def times_off(session: Session, camera_ids: Iterable[int]) -> dict[int, TimesOff]:
    """When each of the cameras was switched off and on again, by its id; one that never was is
    left out."""
    found: defaultdict[int, TimesOff] = defaultdict(tuple)
    rows = session.connection().execute(
        select(CameraOff.camera_id, CameraOff.off_at, CameraOff.on_at).where(
            one_of(CameraOff.camera_id.expression, camera_ids)
        )
    )
    for camera_id, off_at, on_at in rows:
        found[camera_id] += ((off_at, on_at),)
    return dict(found)


def capped_hours(
    camera_ids: Sequence[int] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> Subquery:
    """Camera, hour and seconds: processes together, an hour at most."""
    seconds = func.sum(CameraHours.seen_s)
    hours = select(
        CameraHours.camera_id,
        CameraHours.hour,
        case((seconds > HOUR_S, HOUR_S), else_=seconds).label("seen_s"),
    ).group_by(CameraHours.camera_id, CameraHours.hour)
    if camera_ids is not None:
        hours = hours.where(CameraHours.camera_id.in_(camera_ids))
    if start is not None and end is not None:
        hours = hours.where(CameraHours.hour >= start, CameraHours.hour < end)
    return hours.subquery()
