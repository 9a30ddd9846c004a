"""What tests.api.test_schema tells, on PostgreSQL."""

from tests.api.test_schema import *  # noqa: F403
