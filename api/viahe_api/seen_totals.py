"""Running totals of the seconds each camera was seen: what it saw in any period is the difference
of two of them, so that a year of a city is read as quickly as a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any, TypeAlias

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from viahe_api.coverage import capped_hours
from viahe_api.driver_rows import driver_rows
from viahe_api.listed_ids import one_of
from viahe_api.local_time import local_day
from viahe_api.periods import Period
from viahe_api.periods import local_day as day_of
from viahe_api.spans import DAY, Length, Span
from viahe_api.tables import CameraHours, SeenTotal

_Day: TypeAlias = tuple[date, int, float]
"""A day, a camera, and seconds."""

AT_ONCE = 5_000


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
    _sum_up(session, camera_id, day_of(hour))


def _sum_up(session: Session, camera_id: int, day: date) -> None:
    """The total of a camera's day whose hours have changed, and those of the days after it."""
    of_camera = SeenTotal.camera_id == camera_id
    kept = select(SeenTotal.day, SeenTotal.until_s).where(of_camera)
    before = session.execute(
        kept.where(SeenTotal.day < day).order_by(SeenTotal.day.desc()).limit(1)
    ).first()
    had = session.execute(kept.where(SeenTotal.day == day)).first()
    until_before = before.until_s if before else 0.0
    until = until_before + _seconds_of(session, camera_id, day)
    if had is not None:
        _raise(session, camera_id, day, until - had.until_s)
        return
    after = session.scalar(select(func.min(SeenTotal.day)).where(of_camera, SeenTotal.day > day))
    _raise(session, camera_id, day, until)
    silent = [] if before is None else list(_between(before.day, day))
    later = [] if after is None else list(_between(day, after))
    rows = [
        *((of, camera_id, until_before) for of in silent),
        *((of, camera_id, until) for of in (day, *later)),
    ]
    _insert(session, rows)


def rebuild(session: Session) -> None:
    """Make every total anew from the hours. In a writing transaction, which holds up whoever tells
    of hours meanwhile: a total that is raised while it is made anew would be lost."""
    if session.connection().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE seen_total IN EXCLUSIVE MODE"))
    session.execute(delete(SeenTotal))
    _insert(session, _running(session))


def differences(session: Session) -> Iterator[str]:
    """Every total that is not that of the hours up to its day."""
    kept = {
        (day, camera_id): until
        for day, camera_id, until in session.execute(
            select(SeenTotal.day, SeenTotal.camera_id, SeenTotal.until_s)
        )
    }
    for day, camera_id, until in _running(session):
        found = kept.pop((day, camera_id), None)
        if found is None or abs(found - until) > 0.001:
            yield f"seen_total, camera {camera_id}, {day}: {found} s kept, {until} s counted"
    for (day, camera_id), found in sorted(kept.items()):
        yield f"seen_total, camera {camera_id}, {day}: {found} s kept, None s counted"


def seen_in_each(
    session: Session, camera_ids: Sequence[int], periods: Sequence[Period]
) -> tuple[dict[int, float], ...]:
    """Seconds each of the cameras was seen in each of the periods, by its id; one that never was
    is left out."""
    newest = session.scalar(select(func.max(SeenTotal.day)))
    if newest is None or not camera_ids or not periods:
        return tuple({} for _ in periods)
    edges = [(min(of.first - DAY, newest), min(of.last, newest)) for of in periods]
    days = sorted({day for edge in edges for day in edge})
    rows = driver_rows(  # a city has thousands of a dozen days, which are not read in each
        session,
        select(SeenTotal.camera_id, SeenTotal.day, SeenTotal.until_s).where(
            SeenTotal.day.in_(days), one_of(SeenTotal.camera_id.expression, camera_ids)
        ),
    )
    found: defaultdict[Any, dict[int, float]] = defaultdict(dict)
    for camera_id, day, seconds in rows:
        found[day][camera_id] = seconds
    written = {str(day): until for day, until in found.items()}
    until = {day: written.get(str(day), {}) for day in days}
    _complete(session, camera_ids, until)
    return tuple(
        {
            camera_id: seconds - until[before][camera_id]
            for camera_id, seconds in until[last].items()
        }
        for before, last in edges
    )


def _complete(
    session: Session, camera_ids: Collection[int], until: Mapping[date, dict[int, float]]
) -> None:
    """A day without a row is one before the camera was first seen, or after it last was."""
    if all(len(cameras) == len(set(camera_ids)) for cameras in until.values()):
        return
    newest = max(until)
    ended = [of for of in camera_ids if of not in until[newest]]
    last = _last(session, ended, newest) if ended else {}
    ever = last.keys() | {of for cameras in until.values() for of in cameras}
    for day, cameras in until.items():
        for camera_id in ever - cameras.keys():
            ends, at_end = last.get(camera_id, (newest, 0.0))
            cameras[camera_id] = at_end if day > ends else 0.0


def _last(
    session: Session, camera_ids: Iterable[int], until: date
) -> dict[int, tuple[date, float]]:
    """The last row of each camera that has one up to a day."""
    of_camera = (
        select(SeenTotal.camera_id, func.max(SeenTotal.day).label("day"))
        .where(one_of(SeenTotal.camera_id.expression, camera_ids), SeenTotal.day <= until)
        .group_by(SeenTotal.camera_id)
        .subquery()
    )
    rows = session.connection().execute(
        select(SeenTotal.camera_id, SeenTotal.day, SeenTotal.until_s)
        .join(of_camera, SeenTotal.camera_id == of_camera.c.camera_id)
        .where(SeenTotal.day == of_camera.c.day)
    )
    return {camera_id: (day, until) for camera_id, day, until in rows}


def _seconds_of(session: Session, camera_id: int, day: date) -> float:
    span = Span(Length.DAY, day, day)
    hours = capped_hours([camera_id], span.start, span.end)
    return float(session.scalar(select(func.sum(hours.c.seen_s))) or 0.0)


def _raise(session: Session, camera_id: int, first: date, seconds: float) -> None:
    """The totals of a day and those after it."""
    session.execute(
        update(SeenTotal)
        .where(SeenTotal.camera_id == camera_id, SeenTotal.day >= first)
        .values(until_s=SeenTotal.until_s + seconds),
        execution_options={"synchronize_session": False},
    )


def _running(session: Session) -> Iterator[_Day]:
    """The totals as the hours have them, day by day."""
    hours = capped_hours()
    day = local_day(hours.c.hour).label("day")
    seen = select(day, hours.c.camera_id, func.sum(hours.c.seen_s))
    seen = seen.group_by(day, hours.c.camera_id).order_by(day, hours.c.camera_id)
    rows = [tuple(row) for row in session.execute(seen)]
    return _filled(rows, {camera_id: of for of, camera_id, _ in rows})


def _filled(seen: Iterable[Any], last: Mapping[int, date]) -> Iterator[_Day]:
    """Seconds of days, in their order, added up for each camera up to its `last` day."""
    until: dict[int, float] = {}
    of: date | None = None
    for day, same in groupby(seen, key=lambda row: row[0]):
        for silent in () if of is None else _between(of, day):
            yield from ((silent, camera_id, total) for camera_id, total in until.items())
        for _, camera_id, seconds in same:
            until[camera_id] = until.get(camera_id, 0.0) + seconds
        yield from ((day, camera_id, total) for camera_id, total in until.items())
        until = {camera: total for camera, total in until.items() if last[camera] > day}
        of = day


def _between(first: date, last: date) -> Iterator[date]:
    """The days that follow the first and come before the last."""
    day = first + DAY
    while day < last:
        yield day
        day += DAY


def _insert(session: Session, rows: Iterable[_Day]) -> None:
    source = iter(rows)
    while some := list(islice(source, AT_ONCE)):
        session.execute(
            insert(SeenTotal),
            [{"day": of, "camera_id": camera, "until_s": until} for of, camera, until in some],
        )
