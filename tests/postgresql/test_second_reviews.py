"""What tests.api.test_second_reviews tells, on PostgreSQL."""

from tests.api.test_second_reviews import *  # noqa: F403
