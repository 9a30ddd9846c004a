"""What tests.api.test_ward_hours tells, on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import URL

from tests.api.test_ward_hours import *  # noqa: F403
from tests.api.test_ward_hours import filled
from tests.postgresql.conftest import empty_database
from viahe_api.database import Database


@pytest.fixture(scope="module")
def city(server: URL) -> Iterator[Database]:
    with empty_database(server) as url:
        database = Database(url)
        database.migrate()
        yield from filled(database)
