"""What matters most of what tests of exports tell, on PostgreSQL."""

from tests.api.exported_files import crowd, files
from tests.api.test_export_layout import (
    test_a_locked_report_is_its_police_s_too_and_wards_of_both_kinds_the_committee_s,
)
from tests.api.test_exports import (
    test_page_workbook_document_values_and_data_say_the_same_numbers,
)
from tests.api.test_exports_of_moved_cameras import (
    test_a_camera_registered_anew_in_another_ward_splits_its_hours_by_the_day,
)

__all__ = [
    "crowd",
    "files",
    "test_a_camera_registered_anew_in_another_ward_splits_its_hours_by_the_day",
    "test_a_locked_report_is_its_police_s_too_and_wards_of_both_kinds_the_committee_s",
    "test_page_workbook_document_values_and_data_say_the_same_numbers",
]
