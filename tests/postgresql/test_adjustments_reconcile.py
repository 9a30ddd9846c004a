"""What tests.api.test_adjustments_reconcile tells, on PostgreSQL."""

from tests.api.test_adjustments_reconcile import *  # noqa: F403
