"""What matters most of what tests.api.test_report_keys tells, on PostgreSQL."""

from tests.api.test_report_keys import (
    counted,
    test_a_closed_key_is_closed_at_once,
    test_a_key_ends_on_its_day,
    test_a_tool_reads_the_counts_a_person_sees,
    test_each_ward_closes_its_own_part_of_a_key,
)

__all__ = [
    "counted",
    "test_a_closed_key_is_closed_at_once",
    "test_a_key_ends_on_its_day",
    "test_a_tool_reads_the_counts_a_person_sees",
    "test_each_ward_closes_its_own_part_of_a_key",
]
