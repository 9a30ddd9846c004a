"""PostgreSQL's tables and indexes are taken from disk where its own extension for that is there."""

import pytest
from sqlalchemy import text

from tests.api.house import House
from viahe_api import prefetching
from viahe_api.database import Database
from viahe_api.prefetching import Prefetching, pieces


@pytest.fixture
def prewarmed(house: House) -> Database:
    with house.database.writing() as session:
        offered = text("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = :name)")
        if not session.scalar(offered, {"name": "pg_prewarm"}):
            pytest.skip("PostgreSQL's pg_prewarm is not installed: nothing was tried")
        session.execute(text("CREATE EXTENSION pg_prewarm"))
    return house.database


def test_all_tables_and_indexes_are_asked_for(
    prewarmed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefetching, "PIECE", 2 * 8192)
    taken = list(pieces(prewarmed))
    assert max(taken) == 2 * 8192
    assert sum(taken) == size(prewarmed)


def test_nothing_is_taken_of_what_the_server_has_no_memory_for(prewarmed: Database) -> None:
    assert list(pieces(prewarmed, memory=size(prewarmed) - 1)) == []
    with prewarmed.engine.connect() as connection:
        name = connection.scalar(text("SELECT current_database()"))
    with prewarmed.writing() as session:
        session.execute(text(f"ALTER DATABASE {name} SET effective_cache_size = '64kB'"))
    prewarmed.engine.dispose()
    assert list(pieces(prewarmed)) == []


def test_without_the_extension_nothing_is_asked_and_nothing_said(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    assert list(pieces(house.database)) == []
    with Prefetching(house.database):
        pass
    assert not caplog.text


def size(database: Database) -> int:
    with database.reading() as session:
        relations = (
            "SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relkind IN ('r', 'i')"
            " AND relnamespace = CAST('public' AS regnamespace)"
        )
        return int(session.scalars(text(relations)).one())
