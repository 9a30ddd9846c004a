"""The engine, its two kinds of transaction, and bringing the schema up to date."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 10_000
LOOKED_AT = 1_000
"""Rows of each index that SQLite looks at to learn how its values are spread."""
CACHE_KIB = 32 << 10
"""Of each of SQLite's connections, at most: its own 2 MiB are less than what one page about a
city reads twice."""


class Database:
    """One engine. `url` is SQLAlchemy's; SQLite and PostgreSQL are meant.

    A reading transaction sees one state of the whole database, and it is refused to write in it,
    which would otherwise be rolled back without a word. A writing one takes SQLite's
    write lock at its first statement: taken later, after a read, SQLite refuses it at once
    whenever another writer came between, and no waiting time would help.
    """

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)
        if self._engine.dialect.name == "sqlite":
            _speak_sqlite(self._engine)
        else:
            event.listen(self._engine, "connect", _open_postgresql)
        self._reads = sessionmaker(_reading_engine(self._engine), expire_on_commit=False)
        self._writing_engine = self._engine.execution_options(viahe_writes=True)
        self._writes = sessionmaker(self._writing_engine, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that writes nothing."""
        with self._reads() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction committed when the block ends, rolled back when it raises."""
        with self._writes.begin() as session:
            yield session

    def migrate(self) -> None:
        """Bring the schema to the newest revision; on an up-to-date one nothing happens."""
        engine = self._engine.execution_options(viahe_writes=True, viahe_migrates=True)
        with engine.begin() as connection:
            command.upgrade(_alembic(connection), "head")
            _check_references(connection)

    def take_stock(self) -> None:
        """Let SQLite learn how much there is of everything, by which it chooses indexes: nothing
        else tells it, while PostgreSQL looks by itself. A table at a time, so that whoever wants
        to write waits for one at most."""
        if self._engine.dialect.name != "sqlite":
            return
        for table in inspect(self._engine).get_table_names():
            with self._writing_engine.begin() as connection:
                connection.exec_driver_sql(f"PRAGMA analysis_limit = {LOOKED_AT}")
                connection.exec_driver_sql(f'ANALYZE "{table}"')

    def is_current(self) -> bool:
        """Whether the schema is the one this version speaks."""
        with self._engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
        return present == _newest_revision()

    def close(self) -> None:
        self._engine.dispose()

    @property
    def engine(self) -> Engine:
        """For the schema's own tests and migrations; queries take a session."""
        return self._engine


def _reading_engine(engine: Engine) -> Engine:
    """PostgreSQL would otherwise show each statement the state of its own moment: totals of one
    report could disagree."""
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@cache
def _newest_revision() -> str | None:
    return ScriptDirectory.from_config(_alembic(None)).get_current_head()


def _alembic(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _speak_sqlite(engine: Engine) -> None:
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _open_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):  # pragma: no cover
        raise TypeError(f"not SQLite's connection: {type(connection).__name__}")
    connection.isolation_level = None  # the driver would begin by itself, and too late
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        f"cache_size = -{CACHE_KIB}",
        "synchronous = FULL",  # what was acknowledged to a detector must survive a power cut
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _open_postgresql(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Compiling what is asked of a city takes PostgreSQL longer than answering it."""
    connection.cursor().execute("SET jit = off")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    writes, migrates = options.get("viahe_writes"), options.get("viahe_migrates")
    # SQLite changes a column by building its table anew: references to the old one must not
    # stand in the way meanwhile, and are checked at the end.
    connection.exec_driver_sql(f"PRAGMA foreign_keys = {0 if migrates else 1}")
    connection.exec_driver_sql(f"PRAGMA query_only = {0 if writes else 1}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_references(connection: Connection) -> None:
    """Raises RuntimeError, which takes the migration back, if a row refers to nothing."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
        if broken:
            raise RuntimeError(f"the migration would leave rows that refer to nothing: {broken}")
