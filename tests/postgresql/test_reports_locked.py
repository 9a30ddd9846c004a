"""What tests.api.test_reports_locked tells, on PostgreSQL."""

from tests.api.test_reports_locked import *  # noqa: F403
