"""Two addresses for a camera, connection tests, permits for a street, roles by ward, days off

Days off come in as rows, each with its source and verified by nobody.

Revision: 0006
Follows: 0005
"""

import json
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DAYS_OFF = Path(__file__).parents[1] / "days_off_to_2028.json"


def upgrade() -> None:
    with op.batch_alter_table("camera") as camera:
        camera.add_column(sa.Column("watch_sealed", sa.Text(), nullable=True))
        camera.add_column(sa.Column("moved_at", sa.DateTime(), nullable=True))
    _connection_tests()
    _permits()
    _wards()
    _days_off()


def _connection_tests() -> None:
    op.create_table(
        "connection_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("streams", sa.JSON(), nullable=False),
        sa.Column("has_still", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["camera_id"], ["camera.id"], name=op.f("fk_connection_test_camera_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_connection_test_asked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection_test")),
    )
    op.create_index(
        "ix_connection_test_camera_id_asked_at", "connection_test", ["camera_id", "asked_at"]
    )


def _permits() -> None:
    text = {"street": 120, "house_from": 20, "house_to": 20, "document_name": 200}
    with op.batch_alter_table("permit") as permit:
        for name, length in text.items():
            permit.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        permit.add_column(sa.Column("given_together", sa.String(32), nullable=True))
        permit.add_column(sa.Column("document", sa.String(64), nullable=True))
        permit.add_column(
            sa.Column("document_type", sa.String(40), nullable=False, server_default="")
        )


def _wards() -> None:
    with op.batch_alter_table("ward") as ward:
        ward.add_column(
            sa.Column("governed_by", sa.String(24), nullable=False, server_default="committee")
        )
    op.create_table(
        "ward_role",
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("name_vi", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_ward_role_ward_id")),
        sa.PrimaryKeyConstraint("ward_id", "role", name=op.f("pk_ward_role")),
    )


def _days_off() -> None:
    with op.batch_alter_table("day_off") as day_off:
        day_off.add_column(sa.Column("verified_by", sa.String(120), nullable=True))
    table = sa.table(
        "day_off",
        sa.column("day", sa.Date()),
        sa.column("name", sa.String()),
        sa.column("source", sa.String()),
    )
    known = set(op.get_bind().execute(sa.select(table.c.day)).scalars())
    rows = [
        {**row, "day": date.fromisoformat(row["day"])}
        for row in json.loads(DAYS_OFF.read_text(encoding="utf-8"))
    ]
    op.bulk_insert(table, [row for row in rows if row["day"] not in known])


def downgrade() -> None:
    raise NotImplementedError("permits' documents would be lost: restore a backup")
