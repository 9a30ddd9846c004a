"""A month's sanctions are found by their day, not among all that was done in it

Revision: 0029
Follows: 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLE = "handling_step"


def upgrade() -> None:
    op.create_index("ix_handling_step_acted", TABLE, ["step", "day", "at", "case_id", "id"])
    op.drop_index("ix_handling_step_day", TABLE)


def downgrade() -> None:
    op.create_index("ix_handling_step_day", TABLE, ["day"])
    op.drop_index("ix_handling_step_acted", TABLE)
