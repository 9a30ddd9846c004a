"""Days of wards are told to a statement as one value, and found by an index."""

from datetime import date

import pytest
from hypothesis import strategies as st
from sqlalchemy import insert, inspect, select
from sqlalchemy.orm import Session

from tests.api.city_learnt import learn_a_city
from tests.api.house import House
from tests.api.test_queue_lookups import overheard
from viahe_api.counted_wards import every_ward
from viahe_api.period_address import read_period
from viahe_api.spans import Length, span_of
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import CaseChange
from viahe_api.tallies import TALLIES, Tally
from viahe_api.told_days import told_days

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def test_what_is_told_is_read_back(house: House) -> None:
    with house.database.reading() as session:
        read_back(session)


def read_back(session: Session) -> None:
    told = [(7, span_of(Length.DAY, date(2026, 11, 20))), (126, HALF)]
    of = told_days(told)
    rows = session.execute(select(of.ward_id, of.first, of.start, of.end)).all()
    assert {tuple(row) for row in rows} == {(w, s.first, s.start, s.end) for w, s in told}
    none = told_days([])
    assert session.execute(select(none.ward_id)).all() == []


HALF = span_of(Length.HALF_MONTH, date(2026, 2, 20))


@pytest.mark.parametrize("tally", TALLIES, ids=lambda tally: tally.table.__tablename__)
def test_of_days_that_changed_nothing_that_grows_is_read_from_end_to_end(
    house: House, tally: Tally
) -> None:
    with house.database.writing() as session:
        learn_a_city(session)
        changed = [{"ward_id": 1, "day": date(2026, 2, day)} for day in (3, 4, 20)]
        session.execute(insert(CaseChange), changed)
    with overheard() as heard, house.database.reading() as session:
        parts = SummaryReading(session, every_ward).parts(read_period("2026-Q1"), tally)
        session.execute(select(parts)).all()
    asked = [pair for pair in heard if "json_each" in pair[0]]
    assert len(asked) == 1 + tally.hang_on_earlier
    tables = set(inspect(house.database.engine).get_table_names())
    for statement, values in asked:
        with house.database.engine.connect() as connection:
            rows = connection.exec_driver_sql(EXPLAIN + statement, values)
            plan = [row.detail for row in rows]
        assert [
            step for step in plan if step.startswith("SCAN") and step.split()[1] in tables
        ] == []
        kept = [step for step in plan if step.startswith(f"SEARCH {tally.table.__tablename__} ")]
        assert [step for step in kept if "(length=? AND first=?" not in step] == []
        assert any(step.startswith("SCAN json_each") for step in plan)


EXPLAIN = "EXPLAIN QUERY PLAN "
