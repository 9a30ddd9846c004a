"""Cameras that were switched off and on again: what they could not see was not expected."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import select

from tests.api.house import SECRET, House
from viahe_api import camera_register, measures
from viahe_api.camera_sources import TypedSources
from viahe_api.counted_wards import wards_of_viewer
from viahe_api.database import _alembic
from viahe_api.months import LOCAL
from viahe_api.period_address import read_period
from viahe_api.periods import Period
from viahe_api.tables import CameraOff
from viahe_api.ward_hours import HoursReading

NOVEMBER = read_period("2026-11")


def test_a_camera_is_not_expected_to_see_while_it_is_switched_off(house: House) -> None:
    """From the 3rd at 6 o'clock to the 8th at noon, and from the 20th to the 22nd at 10."""
    switches = [
        datetime(2026, 11, *at, tzinfo=LOCAL) for at in ((3, 6), (8, 12), (20, 0), (22, 10))
    ]
    for number, at in enumerate(switches):
        switch(house, on=bool(number % 2), at=at)
    so_far = (house.now - NOVEMBER.start) / timedelta(hours=1)
    assert expected_hours(house, NOVEMBER) == pytest.approx(so_far - 5 * 24 - 6 - 2 * 24 - 10)
    assert expected_hours(house, read_period("2026-11-03..2026-11-03")) == pytest.approx(6)
    assert expected_hours(house, read_period("2026-11-04..2026-11-06")) == 0
    assert expected_hours(house, read_period("2026-11-09..2026-11-10")) == pytest.approx(48)
    switch(house, on=False, at=datetime(2026, 11, 22, 11, tzinfo=LOCAL))
    assert expected_hours(house, read_period("2026-11-22..2026-11-22")) == pytest.approx(1)


def test_what_the_audit_tells_of_cameras_that_were_off_is_taken_up(house: House) -> None:
    """A database of before such times were kept has no other word of them."""
    for day in (3, 8, 10):
        switch(house, on=day == 8, at=datetime(2026, 11, day, tzinfo=LOCAL))
    engine = house.database.engine.execution_options(viahe_writes=True, viahe_migrates=True)
    with engine.begin() as connection:
        command.downgrade(_alembic(connection), "0023")
    house.database.migrate()
    with house.database.reading() as session:
        (off,) = session.scalars(select(CameraOff))
    assert off.camera_id == house.camera_id()
    assert (off.off_at, off.on_at) == tuple(datetime(2026, 11, d, tzinfo=LOCAL) for d in (3, 8))


def switch(house: House, *, on: bool, at: datetime) -> None:
    """As the administrator does on the camera's page."""
    an, camera = house.viewer("an"), house.camera_id()
    with house.database.writing() as session:
        wanted = replace(camera_register.registered(session, an, camera), enabled=on)
        camera_register.change(session, an, camera, wanted, TypedSources(), SECRET, now=at)


def expected_hours(house: House, period: Period) -> float:
    """As the list of cameras and the ward's hours have it, which agree."""
    narrow = wards_of_viewer(house.viewer("thu"))
    with house.database.reading() as session:
        (camera,) = measures.cameras_seen(session, narrow, period, now=house.now)
        together = HoursReading(session, narrow).of([period], now=house.now).together()
    assert together.expected == pytest.approx(camera.hours.expected)
    return camera.hours.expected
