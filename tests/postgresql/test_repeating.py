"""What tests.api.test_repeating tells, on PostgreSQL, where two write at once."""

from sqlalchemy import text

from tests.api.test_repeating import (
    by_hand,
    counted,
    fill,
    test_only_the_next_case_of_a_place_hangs_on_a_day_and_only_if_no_other_is_reason_enough,
    test_that_of_a_place_of_which_several_cases_changed,
)
from viahe_api.counted_wards import every_ward
from viahe_api.database import Database
from viahe_api.summary_keeping import take_up_some

__all__ = [
    "test_only_the_next_case_of_a_place_hangs_on_a_day_and_only_if_no_other_is_reason_enough",
    "test_that_of_a_place_of_which_several_cases_changed",
]


def test_of_two_changes_at_once_whichever_is_taken_up_first_the_later_case_repeats(
    database: Database,
) -> None:
    """Neither of the two transactions sees the other, and one is taken up before the other ends."""
    fill(database, [0, 30, 100, 400, 600])
    decide = text("UPDATE review_case SET state = :state WHERE id = :id")
    for first, second in ((0, 1), (1, 0)):
        for state in ("insufficient", "sufficient"):
            with database.writing() as session:
                session.execute(decide, {"state": state, "id": first})
                session.flush()
                with database.writing() as other:
                    other.execute(decide, {"state": state, "id": second})
                assert take_up_some(database)
            while take_up_some(database):
                pass
            with database.reading() as session:
                assert counted(session, every_ward) == by_hand(session, every_ward)
