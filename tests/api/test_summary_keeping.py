"""Changes are taken up beside the server, some at a time: who decides meanwhile hardly waits."""

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import TextClause, delete, select, text
from starlette.testclient import TestClient

from tests.api.house import House, a_suspicion, sign_in
from viahe_api import database, summaries
from viahe_api.database import Database
from viahe_api.summaries import AT_ONCE, DAYS_AT_ONCE
from viahe_api.summary_keeping import SummaryKeeping, take_up_some
from viahe_api.tables import CaseChange

FIRST = datetime(2026, 1, 28, tzinfo=UTC)


def noted(house: House) -> list[date]:
    with house.database.reading() as session:
        return list(session.scalars(select(CaseChange.day).distinct().order_by(CaseChange.day)))


def note(house: House, days: Sequence[date], times: int = 1) -> None:
    """These days alone, each so many times."""
    with house.database.writing() as session:
        session.execute(delete(CaseChange))
        session.add_all(CaseChange(ward_id=1, day=day) for day in days for _ in range(times))


def days(number: int) -> list[date]:
    return [FIRST.date() + timedelta(days=n) for n in range(number)]


def test_a_turn_takes_up_the_earliest_of_many_days_and_no_more_than_others_can_wait_for(
    house: House,
) -> None:
    of = days(DAYS_AT_ONCE + 5)
    note(house, of[::-1])
    assert take_up_some(house.database) == DAYS_AT_ONCE
    assert noted(house) == of[DAYS_AT_ONCE:]
    assert take_up_some(house.database) == 5


def test_a_turn_takes_up_so_many_changes_and_those_of_its_last_day(house: House) -> None:
    note(house, days(3), times=AT_ONCE - 1)
    assert take_up_some(house.database) == 2 * (AT_ONCE - 1)
    assert noted(house) == days(3)[2:]


def test_where_more_waits_than_a_turn_takes_up_the_next_is_not_long_in_coming(
    house: House,
) -> None:
    note(house, days(2 * DAYS_AT_ONCE))
    with SummaryKeeping(Database(house.settings.database), every_s=3600.0):
        until = time.monotonic() + 20.0
        while noted(house) and time.monotonic() < until:
            time.sleep(0.01)
    assert noted(house) == []


def test_beside_the_server_changes_are_taken_up_by_themselves(house: House) -> None:
    house.report(a_suspicion(), start_at=FIRST)
    with SummaryKeeping(Database(house.settings.database), every_s=0.01):
        for _ in range(500):
            with house.database.reading() as session:
                if not summaries.anything_noted(session):
                    break
    with house.database.reading() as session:
        assert not summaries.anything_noted(session)


def test_beside_the_server_sqlite_learns_how_much_there_is(house: House) -> None:
    house.report(a_suspicion(), start_at=FIRST)
    known = text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'review_case'")
    with SummaryKeeping(Database(house.settings.database), every_s=0.01):
        for _ in range(500):
            with house.database.reading() as session:
                if session.scalar(_stock()) and session.scalar(known):
                    break
            time.sleep(0.01)
    with house.database.reading() as session:
        assert session.scalar(known)


def test_who_would_have_to_wait_too_long_is_told_to_try_again(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    with TestClient(house.app()) as client:
        sign_in(client, "lan")
        with house.database.writing() as session:
            session.connection()
            answer = client.get("/reports/2026-01/file.csv?form=01")
        assert answer.status_code == 503
        assert "Hệ thống đang ghi nhiều dữ liệu. Thử lại sau giây lát." in answer.text
        assert "the database was busy at GET /reports/2026-01/file.csv" in caplog.text
        assert client.get("/reports/2026-01/file.csv?form=01").status_code == 200


def _stock() -> TextClause:
    return text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
