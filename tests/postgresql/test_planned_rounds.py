"""What tests.api.test_planned_rounds tells of comparing, on PostgreSQL."""

from tests.api.test_planned_rounds import (  # noqa: F401
    test_a_locked_round_stays_what_it_is_when_the_plan_is_made_later,
    test_a_planned_round_begins_when_its_plan_says,
    test_a_round_is_compared_with_the_planned_days_of_the_others,
)
