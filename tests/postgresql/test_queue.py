"""What tests.api.test_queue tells, on PostgreSQL."""

from tests.api.test_queue import *  # noqa: F403
