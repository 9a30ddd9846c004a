"""What matters most of the lists under figures, on PostgreSQL."""

from tests.api.house import House
from tests.api.peopled import peopled
from tests.api.test_cell_lists import (
    test_the_first_of_a_list_and_its_length_are_what_the_rows_say as lists_are_what_the_rows_say,
)
from tests.api.test_cells import test_decisions_and_open_cases_open_lists_of_their_length

__all__ = ["peopled", "test_decisions_and_open_cases_open_lists_of_their_length"]


def test_lists_are_what_the_rows_say_after_changes(peopled: House) -> None:
    lists_are_what_the_rows_say(peopled, changes=True)
