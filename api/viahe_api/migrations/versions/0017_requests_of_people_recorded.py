"""Requests of people who were recorded, and by when they are to be answered

Revision: 0017
Follows: 0016
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

DEADLINE = {
    "after": "request_received",
    "working_days": 2,
    "wording": "Trả lời yêu cầu của chủ thể dữ liệu: 02 ngày làm việc từ ngày nhận",
    "from_day": date(2026, 1, 1),
    "certainty": "S-M",
    "source": "Nghị định 356/2025/NĐ-CP, theo nguồn thứ cấp, chưa đối chiếu toàn văn",
}


def upgrade() -> None:
    op.create_table(
        "picture_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(64), nullable=False),
        sa.Column("asked", sa.String(24), nullable=False),
        sa.Column("paper", sa.String(80), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.String(24), nullable=True),
        sa.Column("answer_paper", sa.String(80), nullable=False, server_default=""),
        sa.Column("answer_note", sa.Text(), nullable=False, server_default=""),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_picture_request_{column}"))
            for column, target in (
                ("ward_id", "ward.id"),
                ("entered_by_id", "account.id"),
                ("answered_by_id", "account.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_request")),
        sa.UniqueConstraint(
            "entered_by_id", "form_id", name=op.f("uq_picture_request_entered_by_id_form_id")
        ),
    )
    op.create_index(op.f("ix_picture_request_ward_id"), "picture_request", ["ward_id"])
    op.bulk_insert(_rules(), [DEADLINE])


def downgrade() -> None:
    rules = _rules()
    op.execute(rules.delete().where(rules.c.after == DEADLINE["after"]))
    op.drop_table("picture_request")


def _rules() -> sa.TableClause:
    return sa.table(
        "deadline_rule",
        sa.column("after", sa.String),
        sa.column("working_days", sa.Integer),
        sa.column("wording", sa.String),
        sa.column("from_day", sa.Date),
        sa.column("certainty", sa.String),
        sa.column("source", sa.String),
    )
