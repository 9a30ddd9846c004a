"""Purposes of permits, the camera register in full, and what detectors saw

Revision: 0004
Follows: 0002
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

ENCROACHMENT = ["encroachment"]
PURPOSES = (
    (
        "a",
        "Sự kiện chính trị, văn hóa, thể thao; phòng chống thiên tai, cứu hộ, phòng dịch",
        "Political, cultural, sports event; disaster, rescue, epidemic",
        ENCROACHMENT,
    ),
    ("b", "Thi công xây dựng", "Construction works", ENCROACHMENT),
    (
        "c",
        "Tập kết, thu gom rác thải, vật liệu xây dựng",
        "Gathering of waste or building materials",
        ["dumping", "encroachment"],
    ),
    ("d", "Tang lễ", "Funeral", ENCROACHMENT),
    ("đ", "Đám cưới", "Wedding", ENCROACHMENT),
    ("e", "Trông, giữ phương tiện", "Keeping of vehicles", ENCROACHMENT),
)
"""Points a to e of the closed list, as read in the decree's original text."""


def upgrade() -> None:
    _purposes()
    _register()
    op.create_table(
        "observation_file",
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("hour", sa.DateTime(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["camera_id"], ["camera.id"], name=op.f("fk_observation_file_camera_id")
        ),
        sa.PrimaryKeyConstraint("camera_id", "sha256", name=op.f("pk_observation_file")),
    )
    op.create_index("ix_observation_file_camera_id_hour", "observation_file", ["camera_id", "hour"])


def _purposes() -> None:
    table = op.create_table(
        "permit_purpose",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("acts", sa.JSON(), nullable=False),
        sa.Column("instrument", sa.String(length=80), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit_purpose")),
    )
    op.bulk_insert(
        table,
        [
            {
                "code": code,
                "name_vi": vi,
                "name_en": en,
                "acts": acts,
                "instrument": "Nghị định 165/2024/NĐ-CP",
                "article": f"Điều 21, điểm {code}",
                "valid_from": date(2025, 1, 1),
                "valid_until": None,
                "verified": False,
            }
            for code, vi, en, acts in PURPOSES
        ],
    )


def _register() -> None:
    for column in (
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("model", sa.String(length=120), nullable=False, server_default=""),
        sa.Column("certificate", sa.String(length=120), nullable=False, server_default=""),
        sa.Column("firmware", sa.String(length=80), nullable=False, server_default=""),
        sa.Column("source_sealed", sa.Text(), nullable=True),
        sa.Column("quiet", sa.JSON(), nullable=False, server_default="[]"),
    ):
        op.add_column("camera", column)


def downgrade() -> None:
    raise NotImplementedError("permits and observations would be lost: restore a backup")
