"""When cameras were switched off that are on again, as far as the audit tells

Revision: 0024
Follows: 0023
"""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    off = op.create_table(
        "camera_off",
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("off_at", sa.DateTime(), nullable=False),
        sa.Column("on_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_camera_off_camera_id")),
        sa.PrimaryKeyConstraint("camera_id", "off_at", name=op.f("pk_camera_off")),
    )
    if rows := _told():
        op.bulk_insert(off, rows)


def downgrade() -> None:
    op.drop_table("camera_off")


def _told() -> list[dict[str, Any]]:
    """A camera begins switched on; the audit has every switching, one without its second lasts."""
    cameras = op.get_bind().execute(sa.text("SELECT id FROM camera")).scalars()
    known = {f"camera:{camera_id}": camera_id for camera_id in cameras}
    entries = sa.table(
        "audit_entry",
        sa.column("seq", sa.Integer),
        sa.column("at", sa.DateTime),
        sa.column("action", sa.String),
        sa.column("object", sa.String),
        sa.column("detail", sa.JSON),
    )
    changes = (
        sa.select(entries.c.object, entries.c.at, entries.c.detail)
        .where(entries.c.action == "camera.changed")
        .order_by(entries.c.seq)
    )
    switched: defaultdict[int, list[datetime]] = defaultdict(list)
    for camera, at, detail in op.get_bind().execute(changes):
        told = json.loads(detail) if isinstance(detail, str) else detail
        if camera in known and "enabled" in told.get("changed", ()):
            switched[known[camera]].append(at)
    return [
        {"camera_id": camera_id, "off_at": off_at, "on_at": on_at}
        for camera_id, times in switched.items()
        for off_at, on_at in zip(times[::2], times[1::2], strict=False)
        if off_at < on_at
    ]
