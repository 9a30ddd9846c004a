"""What matters most of what tests.api.test_cells tells, on PostgreSQL."""

from tests.api.test_cells import (
    peopled,
    test_decisions_and_open_cases_open_lists_of_their_length,
)

__all__ = [
    "peopled",
    "test_decisions_and_open_cases_open_lists_of_their_length",
]
