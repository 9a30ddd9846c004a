"""What tests.api.test_cases tells, on PostgreSQL."""

from tests.api.test_cases import *  # noqa: F403
