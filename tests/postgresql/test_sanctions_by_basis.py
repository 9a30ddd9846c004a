"""What tests.api.test_sanctions_by_basis tells, on PostgreSQL."""

from tests.api.test_sanctions_by_basis import *  # noqa: F403
