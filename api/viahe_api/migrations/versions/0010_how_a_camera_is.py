"""What is the matter with a camera, and by how much its picture has shifted

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("camera") as camera:
        camera.add_column(sa.Column("condition", sa.String(24), nullable=False, server_default=""))
        camera.add_column(sa.Column("shift", sa.JSON(), nullable=True))
        camera.add_column(sa.Column("clock_jumped_s", sa.Double(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("camera") as camera:
        for column in ("condition", "shift", "clock_jumped_s"):
            camera.drop_column(column)
