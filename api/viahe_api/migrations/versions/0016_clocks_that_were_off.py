"""How many cases have a clock that was off is kept ready, for many wards too

Revision: 0016
Follows: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SUMS = (
    "sufficient",
    "insufficient",
    "not_violation",
    "duplicate",
    "in_verification",
    "integrity_errors",
    "clocks_off",
)
READ = ["ward_id", "start_at", "state", "act", "camera_id", "zone", "completed_at", "source"]
WATCHED = "ward_id, source, camera_id, act, zone, label, start_at, state, completed_at"
NOTED = "review_case_noted_on_update"
DAY = {
    "sqlite": "date(substr(start_at, 1, 19), '+7 hours')",
    "postgresql": "CAST(start_at + INTERVAL '7 hours' AS DATE)",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.drop_table("act_summary")
    op.create_table(
        "act_summary",
        sa.Column("length", sa.String(24), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("ward_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.String(24), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SUMS),
        sa.PrimaryKeyConstraint("length", "first", "ward_id", "act", name=op.f("pk_act_summary")),
        sqlite_with_rowid=False,
    )
    op.drop_index("ix_review_case_counted", table_name="review_case")
    columns = [*READ, "label", "clock_offset_s"]
    op.create_index("ix_review_case_counted", "review_case", columns)
    _watch_the_clock(dialect)
    op.execute(
        "INSERT INTO case_change (ward_id, day)"
        f" SELECT DISTINCT ward_id, {DAY[dialect]} FROM review_case"
        " WHERE completed_at IS NOT NULL"
    )


def _watch_the_clock(dialect: str) -> None:
    """What notes a changed case is to note a changed clock too."""
    if dialect == "postgresql":
        op.execute(f"DROP TRIGGER {NOTED} ON review_case")
        op.execute(
            f"CREATE TRIGGER {NOTED} AFTER UPDATE OF {WATCHED}, clock_offset_s ON review_case"
            f" FOR EACH ROW EXECUTE FUNCTION {NOTED}()"
        )
        return
    found = sa.text("SELECT sql FROM sqlite_master WHERE name = :name").bindparams(name=NOTED)
    trigger = op.get_bind().execute(found).scalar_one()
    watching = trigger.replace(f"OF {WATCHED} ON", f"OF {WATCHED}, clock_offset_s ON")
    assert watching != trigger  # noqa: S101 - as revision 0009 wrote it
    op.execute(f"DROP TRIGGER {NOTED}")
    op.get_bind().exec_driver_sql(watching)


def downgrade() -> None:
    raise NotImplementedError("summaries would lose what they count: restore a backup")
