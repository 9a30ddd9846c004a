"""What tests.api.test_repeating_places tells, on PostgreSQL."""

from tests.api.test_repeating_places import (
    test_a_busy_place_that_paused_for_more_than_half_a_year_begins_anew,
    test_of_two_wards_cases_of_one_moment_that_which_came_first_is_the_first,
    test_repeats_are_those_of_the_cases_whichever_summaries_hold,
)

__all__ = [
    "test_a_busy_place_that_paused_for_more_than_half_a_year_begins_anew",
    "test_of_two_wards_cases_of_one_moment_that_which_came_first_is_the_first",
    "test_repeats_are_those_of_the_cases_whichever_summaries_hold",
]
