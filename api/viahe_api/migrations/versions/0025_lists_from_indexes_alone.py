"""A list of a city's cases is read from indexes alone, never from the wide rows

Revision: 0025
Follows: 0024
"""

from typing import Any

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

COUNTED = ["ward_id", "start_at", "state", "act", "camera_id", "zone"]
SAID = ["completed_at", "source", "label", "clock_offset_s"]
INDEXES: tuple[tuple[str, str, list[str], list[str], bool], ...] = (
    ("ix_review_case_counted", "review_case", [*COUNTED, *SAID], ["code"], True),
    (
        "ix_decision_case_id",
        "decision",
        ["case_id"],
        ["undone_at", "reason", "account_id", "ward_reason_id"],
        False,
    ),
    (
        "ix_handling_step_case_id",
        "handling_step",
        ["case_id"],
        ["step", "number", "amount", "basis_id"],
        False,
    ),
)
"""Name, table, columns, those a list reads as well, and whether PostgreSQL's had the row's id."""


def upgrade() -> None:
    for name, table, columns, read, _ in INDEXES:
        op.drop_index(name, table)
        op.create_index(name, table, [*columns, *read], postgresql_include=["id"])


def downgrade() -> None:
    for name, table, columns, _, with_id in reversed(INDEXES):
        op.drop_index(name, table)
        words: dict[str, Any] = {"postgresql_include": ["id"]} if with_id else {}
        op.create_index(name, table, columns, **words)
