"""What tests.contract.test_devices tells, on PostgreSQL."""

from tests.contract.test_devices import *  # noqa: F403
