"""What tests.api.test_cases_since_locked tells, on PostgreSQL."""

from tests.api.test_cases_since_locked import *  # noqa: F403
