"""What tests.api.test_reports_outcomes tells, on PostgreSQL."""

from tests.api.test_reports_outcomes import *  # noqa: F403
