"""What detectors saw, kept for a while to judge changed zones by."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from viahe_api.tables.record import Record


class ObservationFile(Record):
    """One file of looks and answers of a camera's hour, by the hash of its bytes.

    The bytes lie in the folder `observations`. An hour has several files where the detector
    was started again in it.
    """

    __tablename__ = "observation_file"
    __table_args__ = (Index("ix_observation_file_camera_id_hour", "camera_id", "hour"),)

    camera_id: Mapped[int] = mapped_column(ForeignKey("camera.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    hour: Mapped[datetime]
    events: Mapped[int]
    size: Mapped[int]
    received_at: Mapped[datetime]
