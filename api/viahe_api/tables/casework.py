"""Cases, their evidence, and what people decided of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from viahe_api.tables.people import Account
from viahe_api.tables.places import Camera, ResidentialGroup, Ward
from viahe_api.tables.reasons import WardReason
from viahe_api.tables.record import Record
from viahe_api.vocabulary import CaseState, FileKind, Handling, Source, Verdict
from viahe_rules.domain import Act


class CaseNumber(Record):
    """The last number given in a ward's month (`month` as "2611"): locked while counting on."""

    __tablename__ = "case_number"

    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"), primary_key=True)
    month: Mapped[str] = mapped_column(String(4), primary_key=True)
    last: Mapped[int]


class Case(Record):
    """A suspicion and what people have decided of it.

    Entered by hand it has a `hand_report`, may have no camera, and what only a detector can say
    (`run` to `thresholds`, `model_name` to `missing_s`) is empty, zero or None.
    `content_sha256` is of the announced payload: the same key with another one is refused.
    A case without `completed_at` still waits for bytes and is in no queue and no count.

    SQLite's indexes hold every row's id by themselves; PostgreSQL's have to be told.
    """

    __tablename__ = "review_case"
    __table_args__ = (
        UniqueConstraint("ward_id", "key"),
        UniqueConstraint("ward_id", "code"),
        Index(
            "ix_review_case_ward_id_state_completed_at",
            *("ward_id", "state", "completed_at"),
            postgresql_include=["id"],
        ),
        Index("ix_review_case_camera_id_zone_start_at", "camera_id", "zone", "start_at"),
        Index("ix_review_case_camera_id_start_at", "camera_id", "start_at"),
        Index(
            # All that counts and lists read, so that they never fetch the wide rows themselves.
            "ix_review_case_counted",
            *("ward_id", "start_at", "state", "act", "camera_id"),
            *("zone", "completed_at", "source", "label", "clock_offset_s", "code"),
            postgresql_include=["id"],
        ),
        Index(
            # The last one at a place before a period.
            "ix_review_case_sufficient",
            *("camera_id", "zone", "act", "start_at", "ward_id", "completed_at", "source"),
            postgresql_include=["id"],
            sqlite_where=text("state = 'sufficient'"),
            postgresql_where=text("state = 'sufficient'"),
        ),
        Index(
            # All that a queue asks of open cases, without the millions that are decided.
            "ix_review_case_open",
            *("ward_id", "state", "completed_at", "score", "act", "source", "camera_id"),
            *("start_at", "lease_until", "lease_by_id"),
            postgresql_include=["id"],
            sqlite_where=text("state IN ('waiting', 'needs_more')"),
            postgresql_where=text("state IN ('waiting', 'needs_more')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"))
    source: Mapped[Source] = mapped_column(default=Source.CAMERA, server_default="camera")
    camera_id: Mapped[int | None] = mapped_column(ForeignKey("camera.id"))
    key: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(20))
    content_sha256: Mapped[str] = mapped_column(String(64))
    act: Mapped[Act]
    run: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(80))
    zone_version: Mapped[int]
    rule: Mapped[str] = mapped_column(String(80))
    label: Mapped[str] = mapped_column(String(80))
    place: Mapped[list[Any]]
    start_t: Mapped[float]
    end_t: Mapped[float]
    score: Mapped[float]
    left_by: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reasons: Mapped[list[Any]]
    thresholds: Mapped[list[Any]]
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    clock_offset_s: Mapped[float | None]
    clock_source: Mapped[str] = mapped_column(String(40))
    model_name: Mapped[str] = mapped_column(String(80))
    model_sha256: Mapped[str] = mapped_column(String(64))
    detector: Mapped[str] = mapped_column(String(40))
    recorded_s: Mapped[float | None]
    missing_s: Mapped[float | None]
    state: Mapped[CaseState]
    received_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    handling: Mapped[Handling | None]
    """None until a confirmed case is handed over, and again once it is returned."""
    evidence_removed_at: Mapped[datetime | None]
    """When its files went because their time was over; what people decided stays."""
    lease_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lease_until: Mapped[datetime | None]

    ward: Mapped[Ward] = relationship(lazy="raise")
    camera: Mapped[Camera | None] = relationship(lazy="raise")
    hand_report: Mapped["HandReport | None"] = relationship(lazy="raise", back_populates="case")
    lease_by: Mapped[Account | None] = relationship(lazy="raise")
    files: Mapped[list["EvidenceFile"]] = relationship(lazy="raise", order_by="EvidenceFile.name")
    decisions: Mapped[list["Decision"]] = relationship(
        lazy="raise",
        back_populates="case",
        foreign_keys="Decision.case_id",
        order_by="Decision.id",
    )


class HandReport(Record):
    """What a person entered of a case that no camera raised: the place and what was seen there.

    `ward_id` is the case's, which never changes; `searched` is address and street without
    accents.
    """

    __tablename__ = "hand_report"
    __table_args__ = (Index("ix_hand_report_ward_id_street", "ward_id", "street"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"), primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("residential_group.id"), index=True)
    address: Mapped[str] = mapped_column(String(200))
    street: Mapped[str] = mapped_column(String(120))
    searched: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)

    case: Mapped[Case] = relationship(lazy="raise", back_populates="hand_report")
    entered_by: Mapped[Account] = relationship(lazy="raise")
    group: Mapped[ResidentialGroup | None] = relationship(lazy="raise")


class EvidenceFile(Record):
    """A file a case announced; `stored_at` once its bytes are on disk and match.

    `shows_t` is the media second of the case's run that a still shows, as its manifest says.
    """

    __tablename__ = "evidence_file"

    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[FileKind]
    media_type: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    stored_at: Mapped[datetime | None]
    shows_t: Mapped[float | None]


class Decision(Record):
    """What a named person said of a case. An undone one stays, marked.

    `ward_id` is the case's, which never changes. `form_id` names the one form it came from: a
    double submit finds its first result by it. `reason` is one of the fixed ones, which reports
    count by; `ward_reason` the ward's own word for it, if it has one.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("account_id", "form_id"),
        Index(
            # All that counts of reviewers read, of many wards together.
            "ix_decision_at",
            "at",
            postgresql_include=["ward_id", "undone_at", "account_id", "verdict", "case_id"],
        ),
        Index(
            # The same of one ward's.
            "ix_decision_counted",
            *("ward_id", "at", "undone_at", "account_id", "verdict", "case_id"),
        ),
        Index("ix_decision_account_id_at", "account_id", "at"),
        Index(
            # All that a list of a hundred thousand cases says of who decided them.
            "ix_decision_case_id",
            *("case_id", "undone_at", "reason", "account_id", "ward_reason_id"),
            postgresql_include=["id"],
        ),
        Index(
            # What repeats a case is asked whenever the case is shown.
            "ix_decision_duplicate_of_id",
            "duplicate_of_id",
            sqlite_where=text("duplicate_of_id IS NOT NULL"),
            postgresql_where=text("duplicate_of_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    form_id: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[Verdict]
    reason: Mapped[str | None] = mapped_column(String(8))
    ward_reason_id: Mapped[int | None] = mapped_column(ForeignKey("ward_reason.id"))
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("review_case.id"))
    note: Mapped[str] = mapped_column(Text)
    state_before: Mapped[CaseState]
    state_after: Mapped[CaseState]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(
        lazy="raise", back_populates="decisions", foreign_keys=[case_id]
    )
    account: Mapped[Account] = relationship(lazy="raise")
    ward_reason: Mapped[WardReason | None] = relationship(lazy="raise")
    duplicate_of: Mapped[Case | None] = relationship(lazy="raise", foreign_keys=[duplicate_of_id])
