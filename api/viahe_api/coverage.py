"""Hours cameras were meant to see and really saw: what every count is printed beside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Subquery,
    case,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.local_time import local_day
from viahe_api.periods import Period
from viahe_api.periods import local_day as day_of
from viahe_api.spans import Length, Span, span_of, taken_apart
from viahe_api.tables import Camera, CameraHours, SeenSummary

HOUR_S = 3600.0
SUMMED = (Length.DAY, Length.HALF_MONTH)
"""The spans whose seconds are kept for each camera."""


def keep_seen(
    session: Session, camera_id: int, process: str, hour: datetime, seen_s: float
) -> None:
    """Note the seconds one detector process has seen of an hour; the largest word holds.

    The caller has changed the camera's row in the same transaction: two that sum up one camera's
    day follow each other by that.
    """
    row = session.get(CameraHours, (camera_id, process, hour))
    if row is None:
        session.add(CameraHours(camera_id=camera_id, session=process, hour=hour, seen_s=seen_s))
    elif row.seen_s < seen_s:
        row.seen_s = seen_s
    else:
        return
    session.flush()
    _sum_up(session, camera_id, span_of(Length.DAY, day_of(hour)))


def rebuild(session: Session) -> None:
    """Sum up every camera's hours anew. In a writing transaction."""
    session.execute(delete(SeenSummary))
    hours = _capped()
    day = local_day(hours.c.hour)
    rows = select(hours.c.camera_id, day, func.sum(hours.c.seen_s))
    _insert(session, Length.DAY, rows.group_by(hours.c.camera_id, day))
    days = select(SeenSummary.first).where(SeenSummary.length == Length.DAY).distinct()
    for half in {span_of(Length.HALF_MONTH, day) for day in session.scalars(days)}:
        _insert(session, Length.HALF_MONTH, _of_days(half))


def differences(session: Session) -> Iterator[str]:
    """Every sum of a camera's day or half month that is not that of its hours."""
    hours = _capped()
    day = local_day(hours.c.hour)
    rows = select(hours.c.camera_id, day, func.sum(hours.c.seen_s))
    counted: dict[tuple[int, Length, date], float] = {}
    for camera_id, of, seconds in session.execute(rows.group_by(hours.c.camera_id, day)):
        for length in SUMMED:
            key = (camera_id, length, span_of(length, of).first)
            counted[key] = counted.get(key, 0.0) + seconds
    kept = {
        (row.camera_id, row.length, row.first): row.seen_s
        for row in session.scalars(select(SeenSummary))
    }
    for key in sorted(counted.keys() | kept.keys()):
        if abs(kept.get(key, -1.0) - counted.get(key, -1.0)) > 0.001:
            camera_id, length, first = key
            yield (
                f"seen_summary, camera {camera_id}, {length.value} from {first}: "
                f"{kept.get(key)} s kept, {counted.get(key)} s counted"
            )


def seen_in(session: Session, narrow: Narrow, period: Period) -> dict[int, float]:
    """Seconds each camera was seen in a period, as `seen_seconds` has them, from the sums."""
    spans = list(taken_apart(period.first, period.last, SUMMED))
    found: dict[int, float] = {}
    for length, same in groupby(sorted(spans), key=lambda span: span.length):
        statement = (
            select(SeenSummary.camera_id, func.sum(SeenSummary.seen_s))
            .join(Camera, Camera.id == SeenSummary.camera_id)
            .where(
                SeenSummary.length == length,
                SeenSummary.first.in_([span.first for span in same]),
            )
            .group_by(SeenSummary.camera_id)
        )
        for camera_id, seconds in session.execute(narrow(statement, Camera.ward_id)):
            found[camera_id] = found.get(camera_id, 0.0) + float(seconds)
    return found


@dataclass(frozen=True, slots=True)
class Run:
    """Spans of one length that follow each other, from `first` to `last` as each begins: they lie
    side by side in the table, and are looked up once."""

    length: Length
    first: date
    last: date


def summed_runs(period: Period) -> Iterator[Run]:
    """The spans whose seconds make up a period."""
    spans = taken_apart(period.first, period.last, SUMMED)
    for length, run in groupby(spans, key=lambda span: span.length):
        firsts = [span.first for span in run]
        yield Run(length, firsts[0], firsts[-1])


def run_columns(number: int, run: Run) -> tuple[ColumnElement[Any], ...]:
    """A run as columns of a row that `seen_in_run` reads; a row can have several."""
    return (
        literal(run.length, SeenSummary.__table__.c.length.type).label(f"length_{number}"),
        literal(run.first, Date).label(f"first_{number}"),
        literal(run.last, Date).label(f"last_{number}"),
    )


def seen_in_run(asked: Any, number: int) -> ColumnElement[float]:
    """Seconds a camera was seen in a run that a row has, as a value of a select of cameras and
    such rows; 0 where nothing was seen."""
    seen = select(func.sum(SeenSummary.seen_s)).where(
        SeenSummary.camera_id == Camera.id,
        SeenSummary.length == asked[f"length_{number}"],
        SeenSummary.first.between(asked[f"first_{number}"], asked[f"last_{number}"]),
    )
    of_both = seen.correlate(Camera, asked[f"length_{number}"].table)
    return func.coalesce(of_both.scalar_subquery(), 0.0)


def seen_seconds(
    session: Session, camera_ids: Sequence[int], start: datetime, end: datetime
) -> dict[int, float]:
    """Seconds each camera was seen in the hours that begin in `start..end`, half-open.

    Processes add up, to an hour at most: two detectors on one camera see it once.
    """
    hours = _capped(
        CameraHours.camera_id.in_(camera_ids),
        CameraHours.hour >= start,
        CameraHours.hour < end,
    )
    rows = select(hours.c.camera_id, func.sum(hours.c.seen_s)).group_by(hours.c.camera_id)
    return {camera_id: float(seconds) for camera_id, seconds in session.execute(rows)}


class Installed(Protocol):
    """Since and until when a camera is meant to see."""

    @property
    def created_at(self) -> datetime: ...

    @property
    def disabled_at(self) -> datetime | None: ...


def expected_seconds(camera: Installed, start: datetime, end: datetime, now: datetime) -> float:
    """Seconds of the period, up to now, in which the camera was installed and not disabled."""
    first = max(start, camera.created_at)
    last = min(end, now, camera.disabled_at or now)
    return max(0.0, (last - first).total_seconds())


def _capped(*of: ColumnElement[bool]) -> Subquery:
    """Camera, hour and seconds: processes together, an hour at most."""
    seconds = func.sum(CameraHours.seen_s)
    return (
        select(
            CameraHours.camera_id,
            CameraHours.hour,
            case((seconds > HOUR_S, HOUR_S), else_=seconds).label("seen_s"),
        )
        .where(*of)
        .group_by(CameraHours.camera_id, CameraHours.hour)
        .subquery()
    )


def _sum_up(session: Session, camera_id: int, day: Span) -> None:
    """A camera's day from its hours, and the half month from its days."""
    half = span_of(Length.HALF_MONTH, day.first)
    hours = _capped(
        CameraHours.camera_id == camera_id,
        CameraHours.hour >= day.start,
        CameraHours.hour < day.end,
    )
    of_day = select(hours.c.camera_id, literal(day.first, Date), func.sum(hours.c.seen_s))
    of_half = _of_days(half).where(SeenSummary.camera_id == camera_id)
    for span, rows in ((day, of_day.group_by(hours.c.camera_id)), (half, of_half)):
        session.execute(
            delete(SeenSummary).where(
                SeenSummary.camera_id == camera_id,
                SeenSummary.length == span.length,
                SeenSummary.first == span.first,
            )
        )
        _insert(session, span.length, rows)


def _of_days(half: Span) -> "Select[*tuple[Any, ...]]":
    return (
        select(SeenSummary.camera_id, literal(half.first, Date), func.sum(SeenSummary.seen_s))
        .where(
            SeenSummary.length == Length.DAY,
            SeenSummary.first.between(half.first, half.last),
        )
        .group_by(SeenSummary.camera_id)
    )


def _insert(session: Session, length: Length, rows: "Select[*tuple[Any, ...]]") -> None:
    told = literal(length, SeenSummary.__table__.c.length.type)
    names = ["camera_id", "first", "seen_s", "length"]
    session.execute(insert(SeenSummary).from_select(names, rows.add_columns(told)))
