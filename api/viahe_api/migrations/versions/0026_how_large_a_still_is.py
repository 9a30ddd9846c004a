"""How large a camera's newest still is, so that pages keep its room

Of the stills there are it is not known until the next comes.

Revision: 0026
Follows: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("camera", sa.Column("still_width", sa.Integer(), nullable=True))
    op.add_column("camera", sa.Column("still_height", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("camera") as camera:
        camera.drop_column("still_height")
        camera.drop_column("still_width")
