"""How long evidence is kept, what keeps it longer, and what was removed

The periods come in as rows, each with its source and verified by nobody.

Revision: 0012
Follows: 0011
"""

import json
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PERIODS = Path(__file__).parents[1] / "retention_of_2026.json"
FROM_DAY = date(2026, 1, 1)
"""The day the law on personal data came into force."""


def upgrade() -> None:
    # Added without building the table anew, which would lose the triggers that note changes.
    op.add_column("review_case", sa.Column("evidence_removed_at", sa.DateTime(), nullable=True))
    _rules()
    _holds()
    _removals()


def _rules() -> None:
    table = op.create_table(
        "retention_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=True),
        sa.Column("keeping", sa.String(24), nullable=False),
        sa.Column("act", sa.String(24), nullable=True),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("certainty", sa.String(8), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("verified_by", sa.String(120), nullable=True),
        _refers("retention_rule", "ward_id", "ward.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
    )
    rows = json.loads(PERIODS.read_text(encoding="utf-8"))
    op.bulk_insert(table, [{**row, "from_day": FROM_DAY} for row in rows])


def _holds() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by_id", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(), nullable=False),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        _refers("legal_hold", "case_id", "review_case.id"),
        _refers("legal_hold", "placed_by_id", "account.id"),
        _refers("legal_hold", "lifted_by_id", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    standing = sa.text("lifted_at IS NULL")
    op.create_index(
        "ix_legal_hold_standing",
        "legal_hold",
        ["case_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def _removals() -> None:
    op.create_table(
        "evidence_removal",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("keeping", sa.String(24), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=True),
        _refers("evidence_removal", "case_id", "review_case.id"),
        _refers("evidence_removal", "rule_id", "retention_rule.id"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_evidence_removal")),
    )
    op.create_index("ix_evidence_removal_at", "evidence_removal", ["at"])


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    raise NotImplementedError("what was removed would be forgotten: restore a backup")
