"""What tests.api.test_audit tells, on PostgreSQL."""

from tests.api.test_audit import *  # noqa: F403
