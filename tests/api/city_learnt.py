"""What SQLite learns of the rows of a city in three years, so that a test's few are asked as those
would be."""

from sqlalchemy import text
from sqlalchemy.orm import Session

FIVE_MILLION_CASES = """
    INSERT INTO sqlite_stat1 VALUES
    ('review_case', 'ix_review_case_counted', '4756950 1001 1 1 1 1 1 1 1 1 1 1'),
    ('review_case', 'ix_review_case_open', '53391 501 334 1 1 1 1 1 1 1 1'),
    ('review_case', 'ix_review_case_sufficient', '2810600 1001 401 251 1 1 1 1'),
    ('review_case', 'ix_review_case_camera_id_zone_start_at', '6891192 1001 667 1'),
    ('review_case', 'ix_review_case_ward_id_state_completed_at', '5310459 1001 1001 1'),
    ('review_case', 'ix_review_case_camera_id_start_at', '4685472 1001 1'),
    ('handling_step', 'ix_handling_step_of_ward', '1996710 1001 1001 3 1 1'),
    ('handling_step', 'ix_handling_step_acted', '1261000 1001 334 1 1'),
    ('handling_step', 'ix_handling_step_case_id', '2292318 3 1 1 1 1'),
    ('handling_step', 'ix_handling_step_step_at', '2009820 1001 1'),
    ('decision', 'ix_decision_case_id', '6074250 1 1 1 1 1'),
    ('decision', 'ix_decision_account_id_at', '4916808 1001 1'),
    ('decision', 'ix_decision_counted', '5089560 1001 1 1 1 1 1'),
    ('decision', 'ix_decision_at', '4039464 1'),
    ('act_summary', 'act_summary', '431460 1001 501 6 3 1'),
    ('hour_summary', 'hour_summary', '5293050 1001 1001 126 1'),
    ('kind_summary', 'kind_summary', '1079568 1001 1001 10 5 2 1'),
    ('outcome_summary', 'outcome_summary', '1155456 1001 1001 18 9 3 1'),
    ('place_summary', 'place_summary', '2119152 1001 1001 55 6 2 1'),
    ('seat_summary', 'seat_summary', '2901780 1001 1001 55 19 5 3 2 1'),
    ('reviewer_summary', 'reviewer_summary', '956358 1001 1001 16 4 1'),
    ('role_grant', 'sqlite_autoindex_role_grant_1', '254 64 1 1'),
    ('ward', 'sqlite_autoindex_ward_1', '126 1')
"""
"""As tables, their indexes, and how many rows one value of each further column finds."""


def learn_a_city(session: Session) -> None:
    session.execute(text("ANALYZE"))
    session.execute(text("DELETE FROM sqlite_stat1"))
    session.execute(text(FIVE_MILLION_CASES))
    session.execute(text("ANALYZE sqlite_schema"))
