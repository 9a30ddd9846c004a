"""Locked reports, and indexes that counting needs

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_review_case_ward_id_start_at", table_name="review_case")
    op.create_index(
        "ix_review_case_counted",
        "review_case",
        ["ward_id", "start_at", "state", "act", "camera_id", "zone", "completed_at"],
    )
    op.create_index("ix_decision_at", "decision", ["at"])
    op.create_index(
        "ix_camera_hours_camera_id_hour", "camera_hours", ["camera_id", "hour", "seen_s"]
    )
    op.create_table(
        "locked_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("locked_at", sa.DateTime(), nullable=False),
        sa.Column("locked_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locked_by_id"], ["account.id"], name=op.f("fk_locked_report_locked_by_id")
        ),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_locked_report_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locked_report")),
        sa.UniqueConstraint("ward_id", "period", name=op.f("uq_locked_report_ward_id_period")),
    )
    op.create_table(
        "locked_case",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["locked_report.id"], name=op.f("fk_locked_case_report_id")
        ),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_locked_case")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in ("locked_report", "locked_case"):
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def downgrade() -> None:
    raise NotImplementedError("locked reports would be lost: restore a backup")
