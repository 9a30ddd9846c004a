"""What people bring to a case themselves: a report by hand, and a look at the place."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from viahe_api.tables.casework import Case
from viahe_api.tables.people import Account
from viahe_api.tables.record import Record
from viahe_api.vocabulary import Finding


class FieldTask(Record):
    """An approver sends a field officer to the place of a confirmed case.

    Open while neither `found_at` nor `withdrawn_at` is set. Photos of the finding are files of
    the case, named after the task.
    """

    __tablename__ = "field_task"
    __table_args__ = (UniqueConstraint("asked_by_id", "form_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    form_id: Mapped[str] = mapped_column(String(64))
    to_check: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    finding: Mapped[Finding | None]
    note: Mapped[str] = mapped_column(Text, default="")
    found_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(lazy="raise")
    officer: Mapped[Account] = relationship(lazy="raise", foreign_keys=[officer_id])
    asked_by: Mapped[Account] = relationship(lazy="raise", foreign_keys=[asked_by_id])
