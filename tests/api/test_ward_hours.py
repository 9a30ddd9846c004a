"""Hours added up in the database are those of each camera, however long it was there."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import pairwise
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from tests.api.city import LAST, City, build
from viahe_api import seen_totals
from viahe_api.counted_wards import one_ward
from viahe_api.counts import Hours
from viahe_api.database import Database
from viahe_api.figures import COMPARABLE
from viahe_api.measures import CameraSeen, cameras_seen
from viahe_api.periods import Period, free
from viahe_api.scope import S
from viahe_api.tables import Camera, CameraHours, CameraOff, Ward
from viahe_api.ward_hours import HoursReading, WardHours, names_of

DAYS = 75
FIRST = (LAST - timedelta(days=DAYS)).date()
days = st.dates(FIRST - timedelta(days=20), LAST.date() + timedelta(days=20))
periods = st.tuples(days, days).map(lambda pair: free(min(pair), max(pair)))
presents = st.datetimes(
    (LAST - timedelta(days=DAYS)).replace(tzinfo=None), LAST.replace(tzinfo=None)
).map(lambda at: at.replace(tzinfo=LAST.tzinfo))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('hours') / 'viahe.sqlite3'}")
    database.migrate()
    yield from filled(database)


def filled(database: Database) -> Iterator[Database]:
    """Cameras that came late, went early, or both, that were off for a time, and blind ones; the
    last ward's were never there."""
    build(database, City(30, wards=4, cameras_a_ward=5, days=DAYS))
    with database.writing() as session:
        for camera in session.query(Camera).order_by(Camera.id):
            later = timedelta(days=camera.id * 37 % DAYS, seconds=camera.id * 7919)
            if camera.id % 3:
                camera.created_at += later
            if camera.id % 4 == 1:
                camera.disabled_at = camera.created_at + timedelta(days=camera.id, hours=5)
            if camera.id % 6 < 2:
                session.add_all(_switched_off(camera))
            if camera.ward_id == 4:
                camera.created_at = LAST + timedelta(days=400)
        session.execute(update(CameraHours).where(CameraHours.camera_id % 5 == 0).values(seen_s=9))
        seen_totals.rebuild(session)
    yield database
    database.close()


def _switched_off(camera: Camera) -> list[CameraOff]:
    """Twice, one right after the other, and once more later."""
    at = [camera.created_at + timedelta(days=days, hours=3) for days in (2, 9, 20, 30, 31)]
    spans = (*pairwise(at[:3]), (at[3], at[4]))
    return [CameraOff(camera_id=camera.id, off_at=off, on_at=on) for off, on in spans]


@given(periods, presents)
def test_a_wards_hours_are_its_cameras_added_up(
    city: Database, period: Period, now: datetime
) -> None:
    with city.reading() as session:
        cameras = cameras_seen(session, everywhere, period, now=now)
        found = HoursReading(session, everywhere).of([period], now=now).by_ward()
        named = {ward.id: ward.name for ward in session.query(Ward)}
    by_ward: defaultdict[str, list[CameraSeen]] = defaultdict(list)
    for camera in cameras:
        if camera.hours.expected:
            by_ward[camera.ward].append(camera)
    assert {named[ward] for ward in found} == by_ward.keys()
    for ward, hours in found.items():
        of_ward = by_ward[named[ward]]
        assert hours.cameras == len(of_ward)
        same(hours.hours, [camera.hours for camera in of_ward])


@given(st.lists(periods, min_size=1, max_size=5), presents)
def test_the_hours_of_several_periods_are_those_of_each(
    city: Database, several: list[Period], now: datetime
) -> None:
    """Long and short ones, of whole months and of days, past, running and to come."""
    with city.reading() as session:
        found = HoursReading(session, everywhere).of(several, now=now)
        of_one = HoursReading(session, one_ward(1)).of(several, now=now)
        cameras = [cameras_seen(session, everywhere, period, now=now) for period in several]
    for number in range(len(several)):
        same(found.together(number), [camera.hours for camera in cameras[number]])
        in_ward = found.by_ward(number).get(1, WardHours(Hours(), 0))
        same(of_one.together(number), [in_ward.hours])


@given(periods, st.integers(1, 4))
def test_cameras_that_saw_too_little_are_counted_and_the_first_named(
    city: Database, period: Period, most: int
) -> None:
    with city.reading() as session:
        cameras = cameras_seen(session, everywhere, period, now=LAST)
        weak_ids = HoursReading(session, everywhere).of([period], now=LAST).weak()
        number, names = names_of(session, weak_ids, most=most)
    shares = [(f"{camera.name} ({camera.ward})", camera.hours.coverage) for camera in cameras]
    weak = [name for name, share in shares if share is not None and share < COMPARABLE]
    assert number == len(weak)
    assert list(names) == weak[:most]


def test_some_days_have_cameras_that_saw_too_little(city: Database) -> None:
    """The comparison above would otherwise be one of nothing."""
    of = date(2026, 11, 3)
    with city.reading() as session:
        assert HoursReading(session, everywhere).of([free(of, of)], now=LAST).weak()


def same(hours: Hours, of: list[Hours]) -> None:
    expected = reduce(add, of, Hours())
    assert astuple(hours) == pytest.approx(astuple(expected), abs=1e-3)


def everywhere(statement: S, _ward_id: object, /) -> S:
    return statement
