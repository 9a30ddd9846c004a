"""Hand-over and outcomes, second reviews, drafts of notes and saved views

The law comes in as rows, each with its source and verified by nobody.

Revision: 0005
Follows: 0004
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LAW = Path(__file__).parents[1] / "law_of_2026.json"
LASTING = ("handling_step",)
"""Tables whose rows never change."""


def upgrade() -> None:
    with op.batch_alter_table("review_case") as case:
        case.add_column(sa.Column("handling", sa.String(24), nullable=True))
    _law()
    _steps()
    _second_review()
    _desk()
    if op.get_bind().dialect.name == "sqlite":
        for table in LASTING:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def _law() -> None:
    amounts = ("person_least", "person_most", "organisation_least", "organisation_most")
    basis = op.create_table(
        "legal_basis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(24), nullable=False),
        sa.Column("instrument", sa.String(120), nullable=False),
        sa.Column("provision", sa.String(80), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        *(sa.Column(amount, sa.BigInteger(), nullable=True) for amount in amounts),
        *_dated(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_basis")),
    )
    deadline = op.create_table(
        "deadline_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("after", sa.String(24), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("wording", sa.String(200), nullable=False),
        *_dated(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_rule")),
    )
    day_off = op.create_table(
        "day_off",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_off")),
    )
    law = json.loads(LAW.read_text(encoding="utf-8"))
    for table, name in ((basis, "legal_basis"), (deadline, "deadline_rule"), (day_off, "day_off")):
        op.bulk_insert(table, [_with_dates(row) for row in law[name]])


def _dated() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("certainty", sa.String(8), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("verified_by", sa.String(120), nullable=True),
    )


def _with_dates(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name in {"day", "from_day"} else value
        for name, value in row.items()
    }


def _steps() -> None:
    op.create_table(
        "handling_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(64), nullable=False),
        sa.Column("step", sa.String(24), nullable=False),
        sa.Column("basis_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        *_refers("handling_step", case_id="review_case.id", account_id="account.id"),
        *_refers("handling_step", basis_id="legal_basis.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handling_step")),
        sa.UniqueConstraint(
            "account_id", "form_id", name=op.f("uq_handling_step_account_id_form_id")
        ),
    )
    op.create_index("ix_handling_step_case_id", "handling_step", ["case_id"])
    op.create_index("ix_handling_step_step_at", "handling_step", ["step", "at"])


def _second_review() -> None:
    op.create_table(
        "second_review",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(24), nullable=True),
        sa.Column("reason", sa.String(8), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=True),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_verdict", sa.String(24), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        *_refers("second_review", first_id="decision.id", case_id="review_case.id"),
        *_refers("second_review", account_id="account.id", settled_by_id="account.id"),
        sa.PrimaryKeyConstraint("first_id", name=op.f("pk_second_review")),
    )
    op.create_index("ix_second_review_case_id", "second_review", ["case_id"])


def _desk() -> None:
    op.create_table(
        "note_draft",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        *_refers("note_draft", account_id="account.id", case_id="review_case.id"),
        sa.PrimaryKeyConstraint("account_id", "case_id", name=op.f("pk_note_draft")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("query", sa.String(500), nullable=False),
        *_refers("saved_view", account_id="account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_view_account_id_name")),
    )


def _refers(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    raise NotImplementedError("what was handed over would be lost: restore a backup")
