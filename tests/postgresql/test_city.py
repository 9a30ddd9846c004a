"""What tests.api.test_city tells, on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import URL

from tests.api.city import build
from tests.api.test_city import *  # noqa: F403
from tests.api.test_city import CITY
from tests.postgresql.conftest import empty_database
from viahe_api.database import Database


@pytest.fixture(scope="module")
def city(server: URL) -> Iterator[Database]:
    with empty_database(server) as url:
        database = Database(url)
        database.migrate()
        build(database, CITY)
        yield database
        database.close()
