"""Days of wards are told to PostgreSQL so that it plans for as many as there are."""

from datetime import date, timedelta

from sqlalchemy import select

from tests.api.house import House
from tests.api.test_queue_lookups import overheard
from tests.api.test_told_days import read_back
from tests.postgresql.test_answers_from_indexes import plan
from viahe_api.spans import Length, span_of
from viahe_api.told_days import told_days


def test_what_is_told_is_read_back(house: House) -> None:
    with house.database.reading() as session:
        read_back(session)


def test_it_is_planned_for_as_many_days_as_are_told(house: House) -> None:
    """Of a number it does not know it takes a hundred, and reads whole tables for three."""
    days = [date(2026, 11, 1) + timedelta(days=n) for n in range(3)]
    told = told_days((1, span_of(Length.DAY, day)) for day in days)
    with overheard() as heard, house.database.reading() as session:
        session.execute(select(told.ward_id, told.start)).all()
    (asked,) = heard
    assert "rows=3 " in plan(house, *asked)
