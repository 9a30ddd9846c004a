"""Hours of the cameras of many wards in several periods, read once for all that is asked."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.counts import Hours
from viahe_api.coverage import HOUR_S, TimesOff, expected_seconds, times_off
from viahe_api.figures import COMPARABLE
from viahe_api.listed_ids import one_of
from viahe_api.periods import Period
from viahe_api.seen_totals import seen_in_each
from viahe_api.tables import Camera, Ward

_Seconds: TypeAlias = tuple[int, int, float, float]
"""A camera, the ward it stands in, and how long it was meant to see and did."""


class Installation(NamedTuple):
    """Since and until when a camera is meant to see, and when it was off between."""

    created_at: datetime
    disabled_at: datetime | None
    times_off: TimesOff


_Cameras: TypeAlias = Sequence[tuple[int, int, Installation]]
"""A camera, the ward it stands in, and when it was meant to see."""


@dataclass(frozen=True, slots=True)
class WardHours:
    """The hours of the cameras that stand in a ward, and how many of them were to see."""

    hours: Hours
    cameras: int


@dataclass(frozen=True, slots=True)
class ReadHours:
    """`measures.cameras_seen` of several periods, each told by its place among them; of each the
    cameras that were to see."""

    _of_each: tuple[tuple[_Seconds, ...], ...]

    def together(self, place: int = 0) -> Hours:
        """Of all cameras."""
        return _added_up(self._of_each[place])

    def by_ward(self, place: int = 0) -> dict[int, WardHours]:
        """By ward id; without a camera that was to see a ward is left out."""
        cameras: defaultdict[int, list[_Seconds]] = defaultdict(list)
        for camera in self._of_each[place]:
            cameras[camera[1]].append(camera)
        return {ward: WardHours(_added_up(of), len(of)) for ward, of in cameras.items()}

    def weak(self, place: int = 0) -> list[int]:
        """The ids of cameras that saw too little for the period to be compared."""
        return [
            camera_id
            for camera_id, _, expected_s, seen_s in self._of_each[place]
            if seen_s < COMPARABLE * expected_s
        ]


class HoursReading:
    """Hours of the cameras of some wards as one state of the database has them."""

    def __init__(self, session: Session, narrow: Narrow) -> None:
        self._session = session
        self._narrow = narrow

    @cached_property
    def _cameras(self) -> _Cameras:
        return _cameras(self._session, self._narrow)

    def of(self, periods: Sequence[Period], *, now: datetime) -> ReadHours:
        """The hours of these periods up to now, in the same few statements for all of them."""
        begun = [(place, of) for place, of in enumerate(periods) if of.start < now]
        ids = [row[0] for row in self._cameras]
        seen = seen_in_each(self._session, ids, [of for _, of in begun])
        found: list[tuple[_Seconds, ...]] = [()] * len(periods)
        for (place, of), seen_s in zip(begun, seen, strict=True):
            found[place] = tuple(_seconds(self._cameras, of, now, seen_s))
        return ReadHours(tuple(found))


def names_of(
    session: Session, camera_ids: Sequence[int], *, most: int
) -> tuple[int, tuple[str, ...]]:
    """How many cameras these are, and the names of the first of them by ward and name, with
    their wards."""
    if not camera_ids:
        return 0, ()
    named = session.execute(
        select(Camera.name, Ward.name)
        .join(Ward, Ward.id == Camera.ward_id)
        .where(one_of(Camera.id.expression, camera_ids))
        .order_by(Ward.name, Camera.name, Camera.id)
        .limit(most)
    )
    return len(camera_ids), tuple(f"{camera} ({ward})" for camera, ward in named)


def _cameras(session: Session, narrow: Narrow) -> _Cameras:
    """Past the ORM, which would make an object of its own of each; with their wards."""
    of = select(Camera.id, Camera.ward_id, Camera.created_at, Camera.disabled_at)
    rows = session.connection().execute(narrow(of, Camera.ward_id)).all()
    off = times_off(session, [row[0] for row in rows])
    return [(row[0], row[1], Installation(row[2], row[3], off.get(row[0], ()))) for row in rows]


def _seconds(
    cameras: _Cameras,
    of: Period,
    now: datetime,
    seen_s: Mapping[int, float],
) -> Iterator[_Seconds]:
    """Those that were to see: most of them always."""
    start, end = of.start, of.end
    until = min(end, now)
    whole = (until - start).total_seconds()
    for camera_id, ward_id, installed in cameras:
        created_at, disabled_at, off = installed
        if created_at >= until:
            continue
        if created_at <= start and not off and (disabled_at is None or disabled_at >= until):
            yield camera_id, ward_id, whole, seen_s.get(camera_id, 0.0)
        elif expected_s := expected_seconds(installed, start, end, now):
            yield camera_id, ward_id, expected_s, seen_s.get(camera_id, 0.0)


def _added_up(cameras: Sequence[_Seconds]) -> Hours:
    """Lost is reckoned for each, so that one seen too long cannot make up for another."""
    expected = seen = lost = 0.0
    for _, _, expected_s, seen_s in cameras:
        expected += expected_s
        seen += seen_s
        if seen_s < expected_s:
            lost += expected_s - seen_s
    return Hours(expected / HOUR_S, seen / HOUR_S, lost / HOUR_S)
