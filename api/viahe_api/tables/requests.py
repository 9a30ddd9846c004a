"""Requests of people who were recorded, about pictures of themselves."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from viahe_api.tables.people import Account
from viahe_api.tables.places import Ward
from viahe_api.tables.record import Record
from viahe_api.vocabulary import Answered, Asked


class PictureRequest(Record):
    """One request as it was received, and how it was answered; open while `answer` is not set.

    Who asked is on the paper, which is named here by its number: the register names nobody.
    """

    __tablename__ = "picture_request"
    __table_args__ = (UniqueConstraint("entered_by_id", "form_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"), index=True)
    form_id: Mapped[str] = mapped_column(String(64))
    asked: Mapped[Asked]
    paper: Mapped[str] = mapped_column(String(80))
    received_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(Text)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]
    answer: Mapped[Answered | None]
    answer_paper: Mapped[str] = mapped_column(String(80), default="", server_default="")
    answer_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]

    ward: Mapped[Ward] = relationship(lazy="raise")
    entered_by: Mapped[Account] = relationship(lazy="raise", foreign_keys=[entered_by_id])
    answered_by: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[answered_by_id])
