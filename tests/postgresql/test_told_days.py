"""Days of wards are told to PostgreSQL so that it plans for as many as there are."""

from datetime import date, timedelta

from sqlalchemy import event, select

from tests.api.house import House
from tests.api.test_queue_lookups import overheard
from tests.api.test_told_days import read_back
from tests.postgresql.test_answers_from_indexes import plan
from viahe_api.counted_wards import every_ward
from viahe_api.period_address import read_period
from viahe_api.spans import Length, span_of
from viahe_api.summary_keeping import take_up_some
from viahe_api.summary_reading import SummaryReading
from viahe_api.tallies import BY_ACT
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


def test_what_is_taken_up_between_two_questions_is_counted_once(house: House) -> None:
    """Who writes sees what others have committed since the last question."""
    house.report()
    november = read_period("2026-11")
    taken_up: list[int] = []

    def take_up(_c: object, _cursor: object, said: str, *_: object) -> None:
        if "FROM act_summary" in said and said.startswith("SELECT") and not taken_up:
            taken_up.append(0)
            taken_up.append(take_up_some(house.database))

    with house.database.writing() as session:
        reading = SummaryReading(session, every_ward)
        event.listen(house.database.engine, "after_cursor_execute", take_up)
        (counted,) = reading.counts_in_each((november,), BY_ACT)
        event.remove(house.database.engine, "after_cursor_execute", take_up)
        (again,) = reading.counts_in_each((november,), BY_ACT)
    assert sum(taken_up) > 0
    assert (counted[()].recorded, again[()].recorded) == (1, 1)
