"""Reports whose numbers were locked: kept as they were, whatever becomes of the cases."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from viahe_api.tables.people import Account
from viahe_api.tables.places import Ward
from viahe_api.tables.record import Record


class LockedReport(Record):
    """A ward's report of a period (as addresses write it). Triggers refuse to change it.

    `sha256` seals figures and cases together and stands in the audit chain too;
    `figures_sha256`, of the figures alone, is what a page can afford to check.
    """

    __tablename__ = "locked_report"
    __table_args__ = (UniqueConstraint("ward_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"))
    period: Mapped[str] = mapped_column(String(40))
    figures: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    figures_sha256: Mapped[str | None] = mapped_column(String(64))
    locked_at: Mapped[datetime]
    locked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    ward: Mapped[Ward] = relationship(lazy="raise")
    locked_by: Mapped[Account] = relationship(lazy="raise")


class LockedCase(Record):
    """One line of a locked report's list. It refers to no case: retention may remove that."""

    __tablename__ = "locked_case"

    report_id: Mapped[int] = mapped_column(ForeignKey("locked_report.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[dict[str, Any]]
