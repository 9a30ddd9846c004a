"""What tests.api.test_summary_keeping tells of turns, on PostgreSQL."""

from tests.api.test_summary_keeping import (
    test_a_turn_takes_up_so_many_changes_and_those_of_its_last_day,
    test_a_turn_takes_up_the_earliest_of_many_days_and_no_more_than_others_can_wait_for,
)

__all__ = [
    "test_a_turn_takes_up_so_many_changes_and_those_of_its_last_day",
    "test_a_turn_takes_up_the_earliest_of_many_days_and_no_more_than_others_can_wait_for",
]
