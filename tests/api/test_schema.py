"""The tables and the migrations that make them."""

from datetime import datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, StatementError

from tests.api.house import House
from viahe_api.tables import Account, Record, ZoneVersion


def test_the_migrations_make_what_the_tables_say(house: House) -> None:
    with house.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Record.metadata) == []


def test_migrating_twice_changes_nothing(house: House) -> None:
    house.database.migrate()
    assert house.database.is_current()


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
