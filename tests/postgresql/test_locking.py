"""What tests.api.test_locking tells, on PostgreSQL."""

from tests.api.test_locking import *  # noqa: F403
