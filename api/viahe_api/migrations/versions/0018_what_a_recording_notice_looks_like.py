"""A photo of the recording notice as it hangs

Revision: 0018
Follows: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("camera", sa.Column("notice_photo", sa.String(64), nullable=True))
    op.add_column(
        "camera",
        sa.Column("notice_photo_type", sa.String(24), nullable=False, server_default=""),
    )


def downgrade() -> None:
    with op.batch_alter_table("camera") as camera:
        camera.drop_column("notice_photo_type")
        camera.drop_column("notice_photo")
