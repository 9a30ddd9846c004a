"""What tests.api.test_reports tells, on PostgreSQL."""

from tests.api.test_reports import *  # noqa: F403
