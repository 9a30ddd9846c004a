"""Cases entered by hand, tasks at the place, a ward's own reasons, outcomes taken back

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LASTING = ("handling_undo",)
"""Tables whose rows never change."""


def upgrade() -> None:
    with op.batch_alter_table("review_case") as case:
        case.add_column(sa.Column("source", sa.String(24), nullable=False, server_default="camera"))
        case.alter_column("camera_id", existing_type=sa.Integer(), nullable=True)
    _reports_by_hand()
    _reasons()
    _tasks()
    _undone_steps()
    if op.get_bind().dialect.name == "sqlite":
        for table in LASTING:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def _reports_by_hand() -> None:
    op.create_table(
        "hand_report",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("street", sa.String(120), nullable=False),
        sa.Column("searched", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        *_refers("hand_report", case_id="review_case.id", entered_by_id="account.id"),
        *_refers("hand_report", group_id="residential_group.id"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_hand_report")),
    )
    op.create_index("ix_hand_report_street", "hand_report", ["street"])


def _reasons() -> None:
    op.create_table(
        "ward_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("meaning", sa.String(24), nullable=False),
        sa.Column("name_vi", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("digit", sa.String(1), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        *_refers("ward_reason", ward_id="ward.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward_reason")),
        sa.UniqueConstraint("ward_id", "code", name=op.f("uq_ward_reason_ward_id_code")),
    )
    for table in ("decision", "second_review"):
        with op.batch_alter_table(table) as rows:
            rows.add_column(sa.Column("ward_reason_id", sa.Integer(), nullable=True))
            rows.create_foreign_key(
                op.f(f"fk_{table}_ward_reason_id"), "ward_reason", ["ward_reason_id"], ["id"]
            )


def _tasks() -> None:
    op.create_table(
        "field_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(64), nullable=False),
        sa.Column("to_check", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("finding", sa.String(24), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=True),
        *_refers("field_task", case_id="review_case.id", officer_id="account.id"),
        *_refers("field_task", asked_by_id="account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_task")),
        sa.UniqueConstraint(
            "asked_by_id", "form_id", name=op.f("uq_field_task_asked_by_id_form_id")
        ),
    )
    op.create_index("ix_field_task_case_id", "field_task", ["case_id"])
    op.create_index("ix_field_task_officer_id", "field_task", ["officer_id"])


def _undone_steps() -> None:
    op.create_table(
        "handling_undo",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        *_refers("handling_undo", step_id="handling_step.id", account_id="account.id"),
        sa.PrimaryKeyConstraint("step_id", name=op.f("pk_handling_undo")),
    )


def _refers(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    raise NotImplementedError("what people entered would be lost: restore a backup")
