"""A step of handling says in which ward it was taken and by which day it counts: a ward's are found
without the city's, and by one day whether or not there is a paper

Revision: 0034
Follows: 0033
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLE, REFUSED = "handling_step", "handling_step_refuses_update"
ACTED, OF_WARD = "ix_handling_step_acted", "ix_handling_step_of_ward"
DAY = {
    "sqlite": "coalesce(day, date(substr(at, 1, 19), '+7 hours'))",
    "postgresql": "coalesce(day, CAST(at + INTERVAL '7 hours' AS DATE))",
}
SEALED = {
    "sqlite": f"CREATE TRIGGER {REFUSED} BEFORE UPDATE ON {TABLE}"
    f" BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END",
    "postgresql": f"CREATE TRIGGER {REFUSED} BEFORE UPDATE ON {TABLE}"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
}
"""As revisions 0005 and 0009 wrote it."""


def upgrade() -> None:
    """SQLite's table is not built anew, which would lose the triggers that note changes: its
    columns are given a value until they have their own."""
    of = op.get_bind().dialect.name
    kinds: dict[str, tuple[Any, str]] = {
        "ward_id": (sa.Integer(), "0"),
        "acted_on": (sa.Date(), "1970-01-01"),
    }
    for name, (kind, value) in kinds.items():
        until = value if of == "sqlite" else None
        column = sa.Column(name, kind, nullable=until is None, server_default=until)
        op.add_column(TABLE, column)
    op.execute(f"DROP TRIGGER {REFUSED}" + (f" ON {TABLE}" if of == "postgresql" else ""))
    op.drop_index(ACTED, TABLE)
    op.execute(
        f"UPDATE {TABLE} SET acted_on = {DAY[of]}, ward_id ="
        f" (SELECT ward_id FROM review_case WHERE review_case.id = {TABLE}.case_id)"
    )
    op.execute(SEALED[of])
    if of == "postgresql":
        for name, (kind, _) in kinds.items():
            op.alter_column(TABLE, name, existing_type=kind, nullable=False)
    op.create_index(ACTED, TABLE, ["step", "acted_on", "case_id", "id"])
    op.create_index(OF_WARD, TABLE, ["ward_id", "step", "acted_on", "case_id", "id"])


def downgrade() -> None:
    op.drop_index(OF_WARD, TABLE)
    op.drop_index(ACTED, TABLE)
    op.create_index(ACTED, TABLE, ["step", "day", "at", "case_id", "id"])
    op.drop_column(TABLE, "acted_on")
    op.drop_column(TABLE, "ward_id")
