"""A ward's own words for why cases are rejected."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from viahe_api.tables.record import Record
from viahe_api.vocabulary import RejectReason


class WardReason(Record):
    """What a ward says of one reason: its names, its key, whether it is offered.

    A fixed reason has its own digit as `code` and means itself; without a row it is offered as
    it comes. One the ward added counts in reports as what it `means`.
    """

    __tablename__ = "ward_reason"
    __table_args__ = (UniqueConstraint("ward_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"))
    code: Mapped[str] = mapped_column(String(8))
    meaning: Mapped[RejectReason]
    name_vi: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    digit: Mapped[str] = mapped_column(String(1))
    """The key that chooses it while the reasons are open; empty for none."""
    offered: Mapped[bool]
