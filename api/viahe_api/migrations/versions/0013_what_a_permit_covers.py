"""Which things a permit of each purpose covers: a funeral's, no goods on sale

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

VEHICLES = ["bicycle", "bus", "car", "motorcycle", "truck"]
GUESTS = ["backpack", "bench", "chair", "dining table", "handbag", "person", "potted plant"]
GATHERING = sorted([*VEHICLES, *GUESTS, "umbrella"])
COVERED = {"d": GATHERING, "đ": GATHERING, "e": sorted([*VEHICLES, "person"])}
"""By the letter in the closed list; a purpose that is not here covers everything."""


def upgrade() -> None:
    things = sa.Column("things", sa.JSON(), nullable=False, server_default="[]")
    op.add_column("permit_purpose", things)
    purposes = sa.table("permit_purpose", sa.column("code"), sa.column("things", sa.JSON()))
    for code, covered in COVERED.items():
        op.execute(purposes.update().where(purposes.c.code == code).values(things=covered))
    _permits_in_force()


def _permits_in_force() -> None:
    permits = sa.table("permit", sa.column("id"), sa.column("definition", sa.JSON()))
    for number, definition in op.get_bind().execute(sa.select(permits)).all():
        covered = COVERED.get(definition["purpose"])
        if covered is not None:
            now = definition | {"things": covered}
            op.execute(permits.update().where(permits.c.id == number).values(definition=now))


def downgrade() -> None:
    op.drop_column("permit_purpose", "things")
