"""Of which second a still really is, as its manifest says

Of the stills there are it is taken from the moment they are of, as before.

Revision: 0027
Follows: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence_file", sa.Column("shows_t", sa.Double(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("evidence_file") as evidence_file:
        evidence_file.drop_column("shows_t")
