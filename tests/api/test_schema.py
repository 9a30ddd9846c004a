"""The tables and the migrations that make them."""

from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, StatementError

from tests.api.house import House, a_suspicion
from viahe_api.database import _alembic
from viahe_api.summary_differences import differences
from viahe_api.summary_keeping import take_up_some
from viahe_api.tables import Account, Record, ZoneVersion


def test_the_migrations_make_what_the_tables_say(house: House) -> None:
    with house.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Record.metadata) == []


def test_migrating_twice_changes_nothing(house: House) -> None:
    house.database.migrate()
    assert house.database.is_current()


def test_quarters_of_the_calendar_are_added_up_of_the_half_months_there_were(
    house: House,
) -> None:
    for number in range(3):
        at = datetime(2026, 1 + 3 * number, 20, tzinfo=UTC)
        house.report(a_suspicion(f"key-{number}"), start_at=at)
        while take_up_some(house.database):
            pass
    house.report(a_suspicion("noted"), start_at=datetime(2026, 1, 21, tzinfo=UTC))
    engine = house.database.engine.execution_options(viahe_writes=True, viahe_migrates=True)
    with engine.begin() as connection:
        command.downgrade(_alembic(connection), "0019")
        assert quarters(connection) == 0
    house.database.migrate()
    with house.database.reading() as session:
        assert quarters(session.connection()) == 3
        assert [*differences(session)] == []


def quarters(connection: Connection) -> int:
    counting = text("SELECT count(*) FROM kind_summary WHERE length = 'calendar_quarter'")
    return int(connection.execute(counting).scalar_one())


def test_a_time_without_its_zone_is_refused(house: House) -> None:
    naive = datetime(2026, 11, 22)  # noqa: DTZ001 - the very thing refused
    with (
        pytest.raises(StatementError, match="without its zone"),
        house.database.writing() as session,
    ):
        session.add(Account(login="x", name="x", password_hash="x", created_at=naive))


def test_a_zone_version_never_changes(house: House) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        house.database.writing() as session,
    ):
        session.execute(text("UPDATE zone_version SET version = 9"))


def test_what_a_query_did_not_ask_for_is_not_loaded_behind_its_back(house: House) -> None:
    assert {
        relationship.lazy
        for mapper in Record.registry.mappers
        for relationship in mapper.relationships
    } == {"raise"}
    assert ZoneVersion.__table__.c.definition.nullable is False
