"""What matters most of what tests.api.test_merged_wards tells, on PostgreSQL."""

from tests.api.test_merged_wards import (
    merged,
    test_a_ward_merged_at_second_hand_rolls_up_too,
    test_counts_before_stay_with_the_old_name,
    test_they_roll_up_where_that_is_asked,
)

__all__ = [
    "merged",
    "test_a_ward_merged_at_second_hand_rolls_up_too",
    "test_counts_before_stay_with_the_old_name",
    "test_they_roll_up_where_that_is_asked",
]
