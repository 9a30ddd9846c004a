"""Reports left on their day, keys of officials' own tools, days of rounds, wards that merged

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ward") as ward:
        ward.add_column(
            sa.Column("closes_by_cut_off", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        ward.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        ward.add_column(sa.Column("merged_on", sa.Date(), nullable=True))
        ward.create_foreign_key("fk_ward_merged_into_id", "ward", ["merged_into_id"], ["id"])
    op.create_table(
        "left_report",
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(40), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("sufficient", sa.Integer(), nullable=False),
        sa.Column("coverage", sa.Double(), nullable=True),
        *_refers("left_report", ward_id="ward.id"),
        sa.PrimaryKeyConstraint("ward_id", "period", name=op.f("pk_left_report")),
    )
    op.create_table(
        "round_days",
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        *_refers("round_days", ward_id="ward.id", set_by_id="account.id"),
        sa.PrimaryKeyConstraint("ward_id", "year", "number", name=op.f("pk_round_days")),
    )
    _keys()


def _keys() -> None:
    op.create_table(
        "report_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        *_refers("report_key", made_by_id="account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_report_key_token_hash")),
    )
    op.create_table(
        "report_key_ward",
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        *_refers("report_key_ward", key_id="report_key.id", ward_id="ward.id"),
        *_refers("report_key_ward", revoked_by_id="account.id"),
        sa.PrimaryKeyConstraint("key_id", "ward_id", name=op.f("pk_report_key_ward")),
    )


def _refers(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    raise NotImplementedError("which reports were left, and to whom, would be lost")
