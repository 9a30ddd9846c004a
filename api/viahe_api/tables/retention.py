"""How long evidence is kept, what keeps it longer, and what was removed."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from viahe_api.tables.casework import Case
from viahe_api.tables.people import Account
from viahe_api.tables.record import Record
from viahe_api.vocabulary import Keeping
from viahe_rules.domain import Act


class RetentionRule(Record):
    """How long evidence is kept in one stage, from `from_day` until a later row of the same
    stage. Without `ward_id` it holds in every ward that says nothing itself, without `act` for
    every act. Dated and sourced like a legal basis; rows are never changed.
    """

    __tablename__ = "retention_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("ward.id"))
    keeping: Mapped[Keeping]
    act: Mapped[Act | None]
    months: Mapped[int]
    days: Mapped[int]
    from_day: Mapped[date]
    certainty: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(300))
    verified_by: Mapped[str | None] = mapped_column(String(120))


class LegalHold(Record):
    """Why a case's evidence is kept beyond its time, and who said so. A lifted one stays."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index(
            # Two people holding one case at once make one hold.
            "ix_legal_hold_standing",
            "case_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"))
    reason: Mapped[str] = mapped_column(Text)
    placed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    placed_at: Mapped[datetime]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None]

    placed_by: Mapped[Account] = relationship(lazy="raise", foreign_keys=[placed_by_id])


class EvidenceRemoval(Record):
    """That a case's files were removed, and by which rule. `erased_at` once they are off the
    disk: one that was interrupted is finished by the next run."""

    __tablename__ = "evidence_removal"

    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"), primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("retention_rule.id"))
    keeping: Mapped[Keeping]
    last_day: Mapped[date]
    files: Mapped[int]
    size: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(lazy="raise")
