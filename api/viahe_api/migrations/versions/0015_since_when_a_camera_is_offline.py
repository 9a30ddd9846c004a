"""Since when a camera is offline, which the last report alone does not say

Revision: 0015
Follows: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("camera", sa.Column("offline_since", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("camera") as camera:
        camera.drop_column("offline_since")
