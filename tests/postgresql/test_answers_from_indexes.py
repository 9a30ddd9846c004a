"""What a city asks again and again PostgreSQL answers from indexes, without the wide rows."""

from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from tests.api.test_queue import confirm
from tests.api.test_queue_lookups import overheard
from viahe_api.measures import reviewed_by
from viahe_api.period_address import read_period
from viahe_api.scope import S
from viahe_api.summary_reading import SummaryReading


@pytest.mark.parametrize("address", ["/queue", "/queue/news"])
def test_the_queue_is_counted_and_put_in_order_from_its_index_alone(
    house: House, client: TestClient, address: str
) -> None:
    house.report()
    sign_in(client, "binh")
    with overheard() as heard:
        assert client.get(address).status_code == 200
    counted = [plan(house, said, values) for said, values in heard if "count(review_case" in said]
    assert counted
    for steps in counted:
        assert "Index Only Scan using ix_review_case_open" in steps


def test_who_decided_what_is_added_up_and_what_is_fresh_counted_from_indexes_alone(
    house: House,
) -> None:
    confirm(house, house.report(a_suspicion()), "lan")
    with overheard() as heard, house.database.reading() as session:
        assert reviewed_by(SummaryReading(session, everywhere), read_period("2026-11"))
    ((said, values),) = [each for each in heard if "reviewer_summary" in each[0]]
    steps = plan(house, said, values)
    assert "Index Scan using pk_reviewer_summary" in steps
    assert "Index Only Scan using ix_decision" in steps
    assert "Index Only Scan using ix_review_case" in steps


def test_no_plan_is_compiled_before_it_is_followed(house: House) -> None:
    with house.database.reading() as session:
        session.rollback()
        assert session.scalar(text("SHOW jit")) == "off"


def plan(house: House, said: str, values: Any) -> str:
    """As of many rows: of a few, PostgreSQL reads the table itself."""
    with house.database.engine.connect() as connection:
        for kind in ("seqscan", "bitmapscan"):
            connection.execute(text(f"SET LOCAL enable_{kind} = off"))
        rows = connection.exec_driver_sql(f"EXPLAIN {said}", values)
        return "\n".join(row[0] for row in rows)


def everywhere(statement: S, _ward_id: object, /) -> S:
    return statement
