"""Summaries of what was seen and who said so

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATES = (
    "sufficient",
    "insufficient",
    "not_violation",
    "duplicate",
    "in_verification",
    "integrity_errors",
)
DAY = {
    "sqlite": "date(substr(start_at, 1, 19), '+7 hours')",
    "postgresql": "CAST(start_at + INTERVAL '7 hours' AS DATE)",
}


def upgrade() -> None:
    keys = (("act", 24), ("label", 80), ("source", 24))
    op.create_table(
        "kind_summary",
        sa.Column("length", sa.String(24), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("ward_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in keys),
        sa.Column("last", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in STATES),
        sa.PrimaryKeyConstraint(
            "length", "first", "ward_id", "act", "label", "source", name=op.f("pk_kind_summary")
        ),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO case_change (ward_id, day)"
        f" SELECT DISTINCT ward_id, {DAY[op.get_bind().dialect.name]} FROM review_case"
        " WHERE completed_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("kind_summary")
