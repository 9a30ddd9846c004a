"""What matters most of what tests.api.test_left_reports tells, on PostgreSQL."""

from tests.api.test_left_reports import (
    test_each_ward_has_its_month_left_once,
    test_it_says_what_it_counted_and_locks_nothing,
    test_several_processes_leave_it_once,
)

__all__ = [
    "test_each_ward_has_its_month_left_once",
    "test_it_says_what_it_counted_and_locks_nothing",
    "test_several_processes_leave_it_once",
]
