"""On PostgreSQL counts, lists and the queue are read from indexes alone, as on SQLite

Revision: 0021
Follows: 0020
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SUFFICIENT = sa.text("state = 'sufficient'")
OPEN = sa.text("state IN ('waiting', 'needs_more')")
PLACE = ["camera_id", "zone", "act", "start_at", "ward_id", "completed_at", "source"]
COUNTED = ["ward_id", "start_at", "state", "act", "camera_id", "zone"]
SAID = ["completed_at", "source", "label", "clock_offset_s"]
READ = ["ward_id", "state", "completed_at", "score", "act", "source", "camera_id", "start_at"]
LENT = ["lease_until", "lease_by_id"]
STATE = ["ward_id", "state", "completed_at"]
REVIEWED = ["ward_id", "undone_at", "account_id", "verdict", "case_id"]
INDEXES: tuple[tuple[str, str, list[str], sa.TextClause | None, list[str]], ...] = (
    ("ix_review_case_ward_id_state_completed_at", "review_case", STATE, None, ["id"]),
    ("ix_review_case_counted", "review_case", [*COUNTED, *SAID], None, ["id"]),
    ("ix_review_case_sufficient", "review_case", PLACE, SUFFICIENT, ["id"]),
    ("ix_review_case_open", "review_case", [*READ, *LENT], OPEN, ["id"]),
    ("ix_decision_at", "decision", ["at"], None, REVIEWED),
)
"""Name, table, columns, which rows, and what only PostgreSQL has to be told to hold as well."""
OFTEN = {
    "autovacuum_vacuum_scale_factor": 0.01,
    "autovacuum_vacuum_insert_scale_factor": 0.01,
    "autovacuum_analyze_scale_factor": 0.01,
}
"""PostgreSQL answers from an index alone where it has tidied up since. By itself it would do so
once a fifth of the table has changed: of three years' cases the last seven months, which are
those that people ask for."""
TIDIED = (
    "review_case",
    "decision",
    "act_summary",
    "hour_summary",
    "kind_summary",
    "place_summary",
    "outcome_summary",
    "seen_summary",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _make_anew(including=True)
        told = ", ".join(f"{name} = {value}" for name, value in OFTEN.items())
        for table in TIDIED:
            op.execute(f"ALTER TABLE {table} SET ({told})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in TIDIED:
            op.execute(f"ALTER TABLE {table} RESET ({', '.join(OFTEN)})")
        _make_anew(including=False)


def _make_anew(*, including: bool) -> None:
    for name, table, columns, rows, included in INDEXES:
        words: dict[str, Any] = {"postgresql_include": included} if including else {}
        op.drop_index(name, table)
        op.create_index(name, table, columns, postgresql_where=rows, **words)
