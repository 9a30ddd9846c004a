"""A decision says in which ward it was made, so that a ward's are found without the city's

Revision: 0014
Follows: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COUNTED = ["ward_id", "at", "undone_at", "account_id", "verdict", "case_id"]


def upgrade() -> None:
    op.add_column("decision", sa.Column("ward_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE decision SET ward_id ="
        " (SELECT ward_id FROM review_case WHERE review_case.id = decision.case_id)"
    )
    with op.batch_alter_table("decision") as decisions:
        decisions.alter_column("ward_id", existing_type=sa.Integer(), nullable=False)
        decisions.create_foreign_key(op.f("fk_decision_ward_id"), "ward", ["ward_id"], ["id"])
    op.create_index("ix_decision_counted", "decision", COUNTED)


def downgrade() -> None:
    op.drop_index("ix_decision_counted", "decision")
    with op.batch_alter_table("decision") as decisions:
        decisions.drop_constraint(op.f("fk_decision_ward_id"), type_="foreignkey")
        decisions.drop_column("ward_id")
