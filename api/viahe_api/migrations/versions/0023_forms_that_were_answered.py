"""Forms that were answered, so that none is done twice

Revision: 0023
Follows: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answered_form",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_answered_form_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "form_id", name=op.f("pk_answered_form")),
    )


def downgrade() -> None:
    op.drop_table("answered_form")
