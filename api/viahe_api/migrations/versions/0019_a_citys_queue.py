"""A city's queue, a person's decisions, and what repeats a case are found by indexes

Revision: 0019
Follows: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'needs_more')")
REPEATS = sa.text("duplicate_of_id IS NOT NULL")
WAITING = sa.text("at IS NULL")
READ = ["ward_id", "state", "completed_at", "score", "act", "source", "camera_id", "start_at"]
LENT = ["lease_until", "lease_by_id"]
NOTED = "hand_report_noted_on_insert"


def upgrade() -> None:
    _of_some("ix_review_case_open", "review_case", [*READ, *LENT], OPEN)
    _of_some("ix_decision_duplicate_of_id", "decision", ["duplicate_of_id"], REPEATS)
    _of_some("ix_second_review_waiting", "second_review", ["asked_at", "first_id"], WAITING)
    op.create_index("ix_decision_account_id_at", "decision", ["account_id", "at"])
    op.add_column("hand_report", sa.Column("ward_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE hand_report SET ward_id ="
        " (SELECT ward_id FROM review_case WHERE review_case.id = hand_report.case_id)"
    )
    noted = _trigger()
    with op.batch_alter_table("hand_report") as reports:
        reports.alter_column("ward_id", existing_type=sa.Integer(), nullable=False)
        reports.create_foreign_key(op.f("fk_hand_report_ward_id"), "ward", ["ward_id"], ["id"])
    if noted:
        op.execute(noted)
    op.drop_index("ix_hand_report_street", "hand_report")
    op.create_index("ix_hand_report_ward_id_street", "hand_report", ["ward_id", "street"])
    op.create_index("ix_hand_report_group_id", "hand_report", ["group_id"])


def _of_some(name: str, table: str, columns: list[str], rows: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=rows, postgresql_where=rows)


def _trigger() -> str | None:
    """What SQLite would drop together with the table that it builds anew."""
    if op.get_bind().dialect.name != "sqlite":
        return None
    asked = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
    return str(op.get_bind().execute(asked, {"name": NOTED}).scalar_one())


def downgrade() -> None:
    op.drop_index("ix_hand_report_group_id", "hand_report")
    op.drop_index("ix_hand_report_ward_id_street", "hand_report")
    op.create_index("ix_hand_report_street", "hand_report", ["street"])
    noted = _trigger()
    with op.batch_alter_table("hand_report") as reports:
        reports.drop_constraint(op.f("fk_hand_report_ward_id"), type_="foreignkey")
        reports.drop_column("ward_id")
    if noted:
        op.execute(noted)
    op.drop_index("ix_second_review_waiting", "second_review")
    op.drop_index("ix_decision_duplicate_of_id", "decision")
    op.drop_index("ix_decision_account_id_at", "decision")
    op.drop_index("ix_review_case_open", "review_case")
