"""What matters most of what tests.api.test_exports tells, on PostgreSQL."""

from tests.api.test_exports import (
    crowd,
    files,
    test_a_camera_registered_anew_in_another_ward_splits_its_hours_by_the_day,
    test_a_locked_report_is_its_police_s_too_and_wards_of_both_kinds_the_committee_s,
    test_page_workbook_document_values_and_data_say_the_same_numbers,
)

__all__ = [
    "crowd",
    "files",
    "test_a_camera_registered_anew_in_another_ward_splits_its_hours_by_the_day",
    "test_a_locked_report_is_its_police_s_too_and_wards_of_both_kinds_the_committee_s",
    "test_page_workbook_document_values_and_data_say_the_same_numbers",
]
