"""Cases that a second person looks at without knowing of the first."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from viahe_api.tables.casework import Case, Decision
from viahe_api.tables.people import Account
from viahe_api.tables.reasons import WardReason
from viahe_api.tables.record import Record
from viahe_api.vocabulary import Verdict


class SecondReview(Record):
    """A decided case drawn for a second look. Without `at` it still waits for one.

    `agrees` is None until then. Where the two disagree the case waits for an approver, who
    settles it by a verdict of their own.
    """

    __tablename__ = "second_review"
    __table_args__ = (
        Index(
            "ix_second_review_waiting",
            *("asked_at", "first_id"),
            sqlite_where=text("at IS NULL"),
            postgresql_where=text("at IS NULL"),
        ),
    )

    first_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"), index=True)
    asked_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    verdict: Mapped[Verdict | None]
    reason: Mapped[str | None] = mapped_column(String(8))
    ward_reason_id: Mapped[int | None] = mapped_column(ForeignKey("ward_reason.id"))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime | None]
    agrees: Mapped[bool | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_verdict: Mapped[Verdict | None]
    settled_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(lazy="raise")
    first: Mapped[Decision] = relationship(lazy="raise")
    account: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[account_id])
    settled_by: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[settled_by_id])
    ward_reason: Mapped[WardReason | None] = relationship(lazy="raise")
