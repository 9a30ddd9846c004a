"""What tests.api.test_blind_look tells, on PostgreSQL."""

from tests.api.test_blind_look import *  # noqa: F403
