"""What changed is taken up by its day, the earliest first: found without looking through all that
waits, of which there are a million after an import

Revision: 0037
Follows: 0036
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLE, BY_WARD, BY_DAY = "case_change", "ix_case_change_ward_id_day", "ix_case_change_day_ward_id"


def upgrade() -> None:
    op.drop_index(BY_WARD, TABLE)
    op.create_index(BY_DAY, TABLE, ["day", "ward_id"])


def downgrade() -> None:
    op.drop_index(BY_DAY, TABLE)
    op.create_index(BY_WARD, TABLE, ["ward_id", "day"])
