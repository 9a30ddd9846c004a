"""Public holidays: rows with a source that nobody has checked, and what they do to deadlines."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.api.house import House
from viahe_api.law import reminders
from viahe_api.tables import DayOff
from viahe_api.vocabulary import Handling


def test_every_day_off_says_where_it_was_read_and_that_nobody_checked_it(house: House) -> None:
    with house.database.reading() as session:
        rows = session.scalars(select(DayOff)).all()
    assert {row.day.year for row in rows} == {2026, 2027, 2028}
    for row in rows:
        assert row.source.endswith("chưa kiểm chứng"), row.name
        assert row.verified_by is None


@pytest.mark.parametrize(
    ("year", "first_of_tet", "founders"),
    [
        (2026, date(2026, 2, 17), date(2026, 4, 26)),
        (2027, date(2027, 2, 6), date(2027, 4, 16)),
        (2028, date(2028, 1, 26), date(2028, 4, 4)),
    ],
)
def test_a_year_has_its_eleven_days_and_those_given_for_weekends(
    house: House, year: int, first_of_tet: date, founders: date
) -> None:
    with house.database.reading() as session:
        rows = [row for row in session.scalars(select(DayOff)) if row.day.year == year]
    proper = [row for row in rows if "nghỉ bù" not in row.name]
    assert len(proper) == 11
    tet = sorted(row.day for row in proper if row.name == "Tết Nguyên đán")
    assert len(tet) == 5
    assert first_of_tet in tet
    assert [row.day for row in proper if "Giỗ Tổ" in row.name] == [founders]
    at_weekends = sum(row.day.weekday() >= 5 for row in proper)
    assert len(rows) - len(proper) == at_weekends, "a day in lieu for each at a weekend"
    assert all(row.day.weekday() < 5 for row in rows if "nghỉ bù" in row.name)


def test_a_deadline_steps_over_tet(house: House) -> None:
    with house.database.reading() as session:
        told = reminders(session).after(
            Handling.HANDED_OVER, date(2027, 2, 4), today=date(2027, 2, 4)
        )
    assert told is not None
    assert told.due == date(2027, 2, 15), "two working days after the Thursday before Tết"
