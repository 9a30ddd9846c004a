"""What a queue asks stays as quick as the database grows: every question has an index for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient

from tests.api.by_hand import enter
from tests.api.house import House, a_suspicion, sign_in
from tests.api.test_queue import confirm
from viahe_api import case_line_papers, seeding
from viahe_api.case_lines import case_lines
from viahe_api.counted_wards import wards_of_viewer
from viahe_api.period_address import read_period
from viahe_api.vocabulary import Role

GROWING = ("review_case", "decision", "hand_report", "evidence_file")
"""Tables that have rows by the million after some years."""
LISTED = ("review_case", "decision", "handling_step")
"""Of these, those a list has a row of for each line."""


OF_TWO_MILLION_STEPS = """
    INSERT INTO sqlite_stat1 VALUES
    ('handling_step', 'ix_handling_step_acted', '1944859 388972 894 1 1 1'),
    ('handling_step', 'ix_handling_step_case_id', '1944859 3 1 1 1 1'),
    ('handling_step', 'ix_handling_step_step_at', '1944859 388972 1')
"""
"""What SQLite learns of a city's handling in three years."""


@contextmanager
def overheard() -> Iterator[list[tuple[str, Any]]]:
    """Every select of the block with its values."""
    heard: list[tuple[str, Any]] = []

    def hear(_c: object, _cursor: object, said: str, values: Any, *_: object) -> None:
        if said.startswith(("SELECT", "WITH")):
            heard.append((said, values))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


@pytest.fixture
def waiting(house: House) -> str:
    """A case that waits, beside one decided today and one that a person reported."""
    confirm(house, house.report(), "binh")
    enter(house)
    return house.report(a_suspicion("key-2"))


@pytest.mark.parametrize("of", ["reminded", "record_drawn_up", "sanctioned", "complied"])
def test_what_was_done_in_some_days_is_found_by_what_it_was_and_the_day(
    house: House, client: TestClient, of: str
) -> None:
    """Not among all that was done in those days, nor among all that has no paper."""
    with house.database.writing() as session:
        session.execute(text("ANALYZE"))
        session.execute(text("DELETE FROM sqlite_stat1 WHERE tbl = 'handling_step'"))
        session.execute(text(OF_TWO_MILLION_STEPS))
        session.execute(text("ANALYZE sqlite_schema"))
    sign_in(client, "binh")
    with overheard() as heard:
        assert client.get(f"/reports/2026-11/cases?of={of}").status_code == 200
    with house.database.engine.connect() as connection:
        steps = [
            step.detail
            for said, values in heard
            if "FROM review_case" in said and "handling_step.day BETWEEN" in said
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)
            if step.detail.startswith("SEARCH handling_step ")
        ]
    by_what_and_day = (
        "SEARCH handling_step USING COVERING INDEX ix_handling_step_acted (step=? AND day"
    )
    assert len(steps) > 1
    assert [step for step in steps if not step.startswith(by_what_and_day)] == []


@pytest.mark.parametrize(
    "address",
    [
        "/queue",
        "/queue?act=dumping&source=camera",
        "/queue?street=Th%E1%BB%A5y+Khu%C3%AA",
        "/queue/news",
        "/cases/{waiting}@tay-ho",
        "/decisions",
    ],
)
def test_nothing_that_grows_is_read_from_end_to_end(
    house: House, client: TestClient, waiting: str, address: str
) -> None:
    sign_in(client, "binh")
    with overheard() as heard:
        assert client.get(address.format(waiting=waiting)).status_code == 200
    with house.database.engine.connect() as connection:
        steps = [
            step.detail
            for said, values in heard
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)
        ]
    assert len(steps) > 5
    assert [step for step in steps if step.startswith(tuple(f"SCAN {of}" for of in GROWING))] == []


@pytest.mark.parametrize("stretch", [1, 1000])
def test_a_list_of_cases_is_read_from_indexes_alone(
    house: House, waiting: str, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By stretches of cases that follow each other, and by the ids of those that do not."""
    monkeypatch.setattr(case_line_papers, "STRETCH", stretch)
    narrow, november = wards_of_viewer(house.viewer("binh")), read_period("2026-11")
    with overheard() as heard, house.database.reading() as session:
        found = [line.code for line in case_lines(session, narrow, november, marked=False)]
    assert waiting in found
    with house.database.engine.connect() as connection:
        steps = [
            step.detail
            for said, values in heard
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)
            if any(f"SEARCH {of} " in step.detail for of in LISTED)
        ]
    assert {step.split()[1] for step in steps} == set(LISTED)
    assert [step for step in steps if "COVERING INDEX" not in step] == []


def test_more_wards_are_no_more_questions(house: House, client: TestClient, waiting: str) -> None:
    sign_in(client, "binh")
    asked = []
    for more in range(2):
        with overheard() as heard:
            assert waiting in client.get("/queue").text
        asked.append(len(heard))
        with house.database.writing() as session:
            for number in range(8 * (1 - more)):
                code = f"phuong-{number}"
                seeding.add_ward(session, code, f"Phường {number}", now=house.now)
                seeding.grant(session, "binh", code, Role.OPERATOR, now=house.now)
    assert asked[0] == asked[1]
