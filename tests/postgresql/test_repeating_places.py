"""What tests.api.test_repeating_places tells, on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import URL

from tests.api.test_repeating_places import *  # noqa: F403
from tests.postgresql.conftest import furnished_database
from viahe_api.database import Database


@pytest.fixture(scope="module")
def database(server: URL) -> Iterator[Database]:
    with furnished_database(server) as found:
        yield found
