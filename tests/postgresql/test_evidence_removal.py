"""What tests.api.test_evidence_removal tells, on PostgreSQL: cases are read as they are taken."""

from tests.api.test_evidence_removal import (
    test_beside_the_server_the_next_go_after_a_rest_and_not_at_the_next_look,
    test_so_many_go_at_once_and_a_run_removes_all,
)

__all__ = [
    "test_beside_the_server_the_next_go_after_a_rest_and_not_at_the_next_look",
    "test_so_many_go_at_once_and_a_run_removes_all",
]
