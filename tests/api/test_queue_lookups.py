"""What a queue asks stays as quick as the database grows: every question has an index for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient

from tests.api.by_hand import enter
from tests.api.city_learnt import learn_a_city
from tests.api.house import House, a_suspicion, sign_in
from tests.api.locked import outcome
from tests.api.test_queue import confirm
from viahe_api import case_line_papers, seeding
from viahe_api.case_lines import case_lines
from viahe_api.cells import OUTCOMES
from viahe_api.counted_wards import wards_of_viewer
from viahe_api.period_address import read_period
from viahe_api.vocabulary import Handling, Role

GROWING = ("review_case", "decision", "hand_report", "evidence_file")
"""Tables that have rows by the million after some years."""
LISTED = ("review_case", "decision", "handling_step")
"""Of these, those a list has a row of for each line."""


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


@pytest.mark.parametrize(
    "step", [Handling.REMINDED, Handling.RECORDED, Handling.SANCTIONED, Handling.COMPLIED]
)
def test_what_was_done_in_some_days_is_found_by_its_ward_and_what_it_was_and_the_day(
    house: House, client: TestClient, step: Handling
) -> None:
    """Not among all that was done in those days, nor among all that has no paper."""
    code = house.report()
    confirm(house, code, "binh")
    outcome(house, code, step, house.now.date())
    (of,) = (name for name, kind in OUTCOMES.items() if kind is step)
    with house.database.writing() as session:
        learn_a_city(session)
    sign_in(client, "binh")
    with overheard() as heard:
        assert code in client.get(f"/reports/2026-11/cases?of={of}").text
    with house.database.engine.connect() as connection:
        steps = [
            step.detail
            for said, values in heard
            if "handling_step.acted_on" in said and "LIMIT" in said
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)
            if step.detail.startswith("SEARCH handling_step ")
        ]
    (found,) = steps
    assert found.endswith("INDEX ix_handling_step_of_ward (ward_id=? AND step=? AND acted_on=?)")


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
