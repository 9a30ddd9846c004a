"""Connection tests: what an administrator asked of a camera, and what its detector found."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from viahe_api.tables.record import Record


class ConnectionTest(Record):
    """One test of a camera's streams; never answered where its detector was away.

    `streams` is what the detector posted, as the contract has it: facts or a reason for each.
    """

    __tablename__ = "connection_test"
    __table_args__ = (Index("ix_connection_test_camera_id_asked_at", "camera_id", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    camera_id: Mapped[int] = mapped_column(ForeignKey("camera.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    streams: Mapped[list[Any]] = mapped_column(default=list)
    has_still: Mapped[bool] = mapped_column(default=False)
