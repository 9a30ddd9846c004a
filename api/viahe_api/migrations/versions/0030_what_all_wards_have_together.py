"""What a city asks without its wards is kept of all of them together

Revision: 0030
Follows: 0029
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KEYS: dict[str, tuple[str, ...]] = {
    "act_summary": ("act",),
    "hour_summary": ("hour",),
    "kind_summary": ("act", "label", "source"),
    "outcome_summary": ("act", "step", "basis_id"),
}
STATES = (
    "sufficient",
    "insufficient",
    "not_violation",
    "duplicate",
    "in_verification",
    "integrity_errors",
)
SUMS: dict[str, tuple[str, ...]] = {
    "act_summary": (*STATES, "clocks_off"),
    "hour_summary": STATES,
    "kind_summary": STATES,
    "outcome_summary": ("cases", "amount"),
}
KINDS: dict[str, Any] = {
    "length": sa.String(24),
    "first": sa.Date(),
    "act": sa.String(24),
    "hour": sa.Integer(),
    "label": sa.String(80),
    "source": sa.String(24),
    "step": sa.String(24),
    "basis_id": sa.Integer(),
}
OFTEN = (
    "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,"
    " autovacuum_analyze_scale_factor = 0.01"
)
"""As all summaries are tidied up on PostgreSQL."""


def upgrade() -> None:
    """What is noted as changed is not what its wards' rows say, here as there."""
    for table, keys in KEYS.items():
        sums = {name: sa.BigInteger if name == "amount" else sa.Integer for name in SUMS[table]}
        key = ("length", "first", *keys)
        op.create_table(
            f"{table}_of_all",
            *(sa.Column(name, KINDS[name], autoincrement=False, nullable=False) for name in key),
            sa.Column("last", sa.Date(), nullable=False),
            *(sa.Column(name, kind(), nullable=False) for name, kind in sums.items()),
            sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}_of_all")),
            sqlite_with_rowid=False,
        )
        grouped = ", ".join((*key, "last"))
        added = ", ".join(f"CAST(sum({name}) AS BIGINT)" for name in sums)
        op.execute(
            f"INSERT INTO {table}_of_all ({grouped}, {', '.join(sums)})"
            f" SELECT {grouped}, {added} FROM {table} GROUP BY {grouped}"
        )
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"ALTER TABLE {table}_of_all SET ({OFTEN})")


def downgrade() -> None:
    for table in KEYS:
        op.drop_table(f"{table}_of_all")
