"""The same house as in tests/api, its database on PostgreSQL.

Skipped, and said, where PostgreSQL is not installed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from tests.api import cluster
from tests.api.house import SECRET, House, client, furnish
from tests.api.locked import codes
from viahe_api.database import Database
from viahe_api.settings import Settings
from viahe_api.store import Store

__all__ = ["client", "codes"]

FURNISHED = "furnished"


@pytest.fixture(scope="session")
def server() -> Iterator[URL]:
    """A cluster of its own, with one furnished database to copy."""
    if cluster.programs() is None:
        pytest.skip("PostgreSQL's initdb is not installed: nothing was tried on PostgreSQL")
    with cluster.running() as url:
        maintenance = make_url(url)
        _run(maintenance, f"CREATE DATABASE {FURNISHED}")
        database = Database(_text(maintenance.set(database=FURNISHED)))
        furnish(database)
        database.close()
        yield maintenance


@pytest.fixture
def house(server: URL, tmp_path: Path) -> Iterator[House]:
    data = tmp_path / "data"
    data.mkdir()
    with furnished_database(server) as database:
        settings = Settings(data, SECRET, _text(database.engine.url), keep_free=0)
        yield House(settings, database, Store(data / "evidence", keep_free=0))


@pytest.fixture(scope="module")
def database(server: URL) -> Iterator[Database]:
    with furnished_database(server) as found:
        yield found


@contextmanager
def furnished_database(server: URL) -> Iterator[Database]:
    """A copy of the furnished one, gone at the end."""
    name = f"house_{uuid4().hex}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE {FURNISHED}")
    database = Database(_text(server.set(database=name)))
    yield database
    database.close()
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def empty_database(server: URL) -> Iterator[str]:
    """The URL of a database without any table, gone at the end."""
    name = f"empty_{uuid4().hex}"
    _run(server, f"CREATE DATABASE {name}")
    yield _text(server.set(database=name))
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(url: URL, statement: str) -> None:
    """Outside of any transaction, as databases are made."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
