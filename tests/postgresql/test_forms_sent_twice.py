"""What tests.api.test_forms_sent_twice tells, on PostgreSQL."""

from tests.api.test_forms_sent_twice import *  # noqa: F403
