"""Changes are taken up beside the server, some at a time: who decides meanwhile hardly waits."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, select, text

from tests.api.house import House, a_suspicion
from tests.waiting import until
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
        until(lambda: not noted(house))


def test_beside_the_server_changes_are_taken_up_by_themselves(house: House) -> None:
    house.report(a_suspicion(), start_at=FIRST)
    with SummaryKeeping(Database(house.settings.database), every_s=0.01):
        until(lambda: not noted(house))


def test_beside_the_server_sqlite_learns_how_much_there_is(house: House) -> None:
    house.report(a_suspicion(), start_at=FIRST)
    stock = text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
    known = text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'review_case'")

    def learnt() -> bool:
        with house.database.reading() as session:
            return bool(session.scalar(stock) and session.scalar(known))

    assert not learnt()
    with SummaryKeeping(Database(house.settings.database), every_s=0.01):
        until(learnt)
