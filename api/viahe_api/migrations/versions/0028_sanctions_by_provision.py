"""Outcomes are kept by the provision decisions to sanction rest on as well

Revision: 0028
Follows: 0027
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KEY = ("length", "first", "ward_id", "act", "step")
OFTEN = (
    "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,"
    " autovacuum_analyze_scale_factor = 0.01"
)
"""As all summaries are tidied up on PostgreSQL."""
STEP_DAY = {
    "sqlite": "coalesce(s.day, date(substr(s.at, 1, 19), '+7 hours'))",
    "postgresql": "coalesce(s.day, CAST(s.at + INTERVAL '7 hours' AS DATE))",
}


def upgrade() -> None:
    """What is noted as changed is counted from its rows, here as before."""
    _set_aside()
    _create((*KEY, "basis_id"))
    op.execute(
        "INSERT INTO outcome_summary"
        " (length, first, ward_id, act, step, basis_id, last, cases, amount)"
        " SELECT length, first, ward_id, act, step, 0, last, cases, amount"
        " FROM outcomes_before WHERE step <> 'sanctioned'"
    )
    op.execute(
        "CREATE TEMPORARY TABLE sanctions_of_days AS"
        f" SELECT c.ward_id AS ward_id, {STEP_DAY[op.get_bind().dialect.name]} AS day,"
        " c.act AS act, coalesce(s.basis_id, 0) AS basis_id,"
        " count(*) AS cases, coalesce(sum(s.amount), 0) AS amount"
        " FROM handling_step s JOIN review_case c ON c.id = s.case_id"
        " WHERE s.step = 'sanctioned' AND c.completed_at IS NOT NULL"
        " AND c.state <> 'integrity_error'"
        " AND NOT EXISTS (SELECT 1 FROM handling_undo u WHERE u.step_id = s.id)"
        " AND NOT EXISTS (SELECT 1 FROM handling_step l WHERE l.case_id = s.case_id"
        " AND l.step = s.step AND l.id > s.id"
        " AND NOT EXISTS (SELECT 1 FROM handling_undo u WHERE u.step_id = l.id))"
        " GROUP BY 1, 2, 3, 4"
    )
    op.execute("CREATE INDEX ix_sanctions_of_days ON sanctions_of_days (ward_id, act, day)")
    op.execute(
        "INSERT INTO outcome_summary"
        " (length, first, ward_id, act, step, basis_id, last, cases, amount)"
        " SELECT b.length, b.first, b.ward_id, b.act, b.step, d.basis_id, b.last,"
        " CAST(sum(d.cases) AS INTEGER), CAST(sum(d.amount) AS BIGINT)"
        " FROM outcomes_before b JOIN sanctions_of_days d ON d.ward_id = b.ward_id"
        " AND d.act = b.act AND d.day BETWEEN b.first AND b.last"
        " WHERE b.step = 'sanctioned'"
        " GROUP BY b.length, b.first, b.ward_id, b.act, b.step, d.basis_id, b.last"
    )
    op.execute("DROP TABLE sanctions_of_days")
    op.execute("DROP TABLE outcomes_before")


def downgrade() -> None:
    _set_aside()
    _create(KEY)
    op.execute(
        "INSERT INTO outcome_summary (length, first, ward_id, act, step, last, cases, amount)"
        " SELECT length, first, ward_id, act, step, last,"
        " CAST(sum(cases) AS INTEGER), CAST(sum(amount) AS BIGINT)"
        " FROM outcomes_before GROUP BY length, first, ward_id, act, step, last"
    )
    op.execute("DROP TABLE outcomes_before")


def _set_aside() -> None:
    op.execute("CREATE TEMPORARY TABLE outcomes_before AS SELECT * FROM outcome_summary")
    op.drop_table("outcome_summary")


def _create(key: tuple[str, ...]) -> None:
    kinds: dict[str, Any] = {
        "length": sa.String(24),
        "first": sa.Date(),
        "ward_id": sa.Integer(),
        "act": sa.String(24),
        "step": sa.String(24),
        "basis_id": sa.Integer(),
    }
    op.create_table(
        "outcome_summary",
        *(sa.Column(name, kinds[name], autoincrement=False, nullable=False) for name in key),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_outcome_summary")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE outcome_summary SET ({OFTEN})")
