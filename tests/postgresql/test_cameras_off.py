"""What tests.api.test_cameras_off tells, on PostgreSQL."""

from tests.api.test_cameras_off import *  # noqa: F403
