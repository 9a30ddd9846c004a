"""What tests.api.test_handling tells, on PostgreSQL."""

from tests.api.test_handling import *  # noqa: F403
