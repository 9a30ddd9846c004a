"""Wards and what stands in them: devices, cameras, zones, permits, hours seen."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from viahe_api.tables.record import Record
from viahe_api.vocabulary import Authority, CameraState, DeviceKind, Role


class Ward(Record):
    """A phường: the tenant. `code` stands in addresses and folder names.

    A ward that was merged keeps its cases and its name for what it counted before `merged_on`.
    """

    __tablename__ = "ward"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    governed_by: Mapped[Authority] = mapped_column(
        default=Authority.COMMITTEE, server_default=Authority.COMMITTEE.value
    )
    """Who answers for the ward's cameras; what its roles are called follows from it."""
    closes_by_cut_off: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its monthly report runs from the 15th to the 14th."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ward.id"))
    merged_on: Mapped[date | None]
    """The first day that is the other ward's."""


class WardRole(Record):
    """What a role is called in a ward, and whether it is given there at all.

    Without a row a role is offered under the name its ward's authority usually gives it.
    """

    __tablename__ = "ward_role"

    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    offered: Mapped[bool]


class ResidentialGroup(Record):
    """A tổ dân phố."""

    __tablename__ = "residential_group"
    __table_args__ = (UniqueConstraint("ward_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"))
    name: Mapped[str] = mapped_column(String(120))


class Device(Record):
    """A detector, by the hash of its token."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"))
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    ward: Mapped[Ward] = relationship(lazy="raise")


class Camera(Record):
    """A camera of one device. `slug` is the name the detector knows it by.

    `searched` is name, address and street without accents. `disabled_at` rather than a flag,
    so that a past month still knows how long the camera was meant to see; what came before it
    was switched on again is in `CameraOff`.
    """

    __tablename__ = "camera"
    __table_args__ = (UniqueConstraint("device_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"), index=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("residential_group.id"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200))
    street: Mapped[str] = mapped_column(String(120))
    owner: Mapped[str] = mapped_column(String(120))
    device_kind: Mapped[DeviceKind]
    notice_posted: Mapped[bool]
    searched: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    still_at: Mapped[datetime | None]
    still_width: Mapped[int | None]
    still_height: Mapped[int | None]
    """Pixels of the newest still, so that pages keep its room; empty where it does not say."""
    state: Mapped[CameraState]
    state_detail: Mapped[str] = mapped_column(String(300), default="")
    state_at: Mapped[datetime | None]
    """When the detector last spoke of this camera."""
    offline_since: Mapped[datetime | None]
    """Since when the detector has said that it is offline; empty while it says otherwise."""
    clock_offset_s: Mapped[float | None]
    condition: Mapped[str] = mapped_column(String(24), default="", server_default="")
    """What is the matter, as the detector names it: a `Health`, `no_packets` or `overloaded`."""
    shift: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """How far the picture has lastingly shifted, as the rules record a `Shift`."""
    clock_jumped_s: Mapped[float | None]
    """By how much the camera's clock was set not long ago."""
    notice_on: Mapped[date | None]
    """The day the recording notice was put up."""
    notice_photo: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of a photo of the notice as it hangs, as it may be shown."""
    notice_photo_type: Mapped[str] = mapped_column(String(24), default="", server_default="")
    model: Mapped[str] = mapped_column(String(120), default="", server_default="")
    certificate: Mapped[str] = mapped_column(String(120), default="", server_default="")
    firmware: Mapped[str] = mapped_column(String(80), default="", server_default="")
    source_sealed: Mapped[str | None] = mapped_column(Text)
    """The main stream's address, which is recorded, encrypted: see `sealing`."""
    watch_sealed: Mapped[str | None] = mapped_column(Text)
    """The smaller stream that is watched, encrypted; without it the main stream is."""
    moved_at: Mapped[datetime | None]
    """When the detector last found that the camera shows something else than it did."""
    quiet: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Hours of the week in which nothing is raised, as the rules record windows."""

    ward: Mapped[Ward] = relationship(lazy="raise")
    group: Mapped[ResidentialGroup | None] = relationship(lazy="raise")


class CameraOff(Record):
    """A time a camera was switched off, half-open, which has ended."""

    __tablename__ = "camera_off"

    camera_id: Mapped[int] = mapped_column(ForeignKey("camera.id"), primary_key=True)
    off_at: Mapped[datetime] = mapped_column(primary_key=True)
    on_at: Mapped[datetime]


class ZoneVersion(Record):
    """One version of one zone. Rows never change: the newest version of a zone holds.

    `definition` is the zone as `viahe_rules.recorded` writes it. A removed zone's newest
    version says so and keeps the last definition.
    """

    __tablename__ = "zone_version"
    __table_args__ = (UniqueConstraint("camera_id", "zone", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    camera_id: Mapped[int] = mapped_column(ForeignKey("camera.id"))
    zone: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    definition: Mapped[dict[str, Any]]
    removed: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]


class Permit(Record):
    """Leave to use a piece of ground one camera sees; `definition` as the rules record it.

    One permit for several cameras is a row for each, `given_together`. House numbers are text:
    12A, 52/7. `document` is the SHA-256 of the paper as it was attached.
    """

    __tablename__ = "permit"
    __table_args__ = (UniqueConstraint("camera_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    camera_id: Mapped[int] = mapped_column(ForeignKey("camera.id"))
    number: Mapped[str] = mapped_column(String(80))
    holder: Mapped[str] = mapped_column(String(200))
    definition: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    given_together: Mapped[str | None] = mapped_column(String(32))
    street: Mapped[str] = mapped_column(String(120), default="", server_default="")
    house_from: Mapped[str] = mapped_column(String(20), default="", server_default="")
    house_to: Mapped[str] = mapped_column(String(20), default="", server_default="")
    document: Mapped[str | None] = mapped_column(String(64))
    document_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    document_type: Mapped[str] = mapped_column(String(40), default="", server_default="")


class CameraHours(Record):
    """Seconds a camera was really seen in one hour by one detector process."""

    __tablename__ = "camera_hours"
    __table_args__ = (Index("ix_camera_hours_camera_id_hour", "camera_id", "hour", "seen_s"),)

    camera_id: Mapped[int] = mapped_column(ForeignKey("camera.id"), primary_key=True)
    session: Mapped[str] = mapped_column(String(80), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    seen_s: Mapped[float]
