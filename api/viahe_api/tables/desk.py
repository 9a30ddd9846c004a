"""What lies on a person's desk: notes not yet sent, lists looked at often, and forms sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from viahe_api.tables.record import Record


class NoteDraft(Record):
    """A note somebody is writing on a case: theirs alone until it is sent with a decision."""

    __tablename__ = "note_draft"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class SavedView(Record):
    """A person's name for a filtered queue; `query` is its query string."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(500))


class AnsweredForm(Record):
    """A form a person sent that was done, by its one-time id; its answer lies at `address`."""

    __tablename__ = "answered_form"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    form_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    address: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
