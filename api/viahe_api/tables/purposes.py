"""What ground may be used for by permit: rows of the law, each valid for a time."""

from datetime import date
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from viahe_api.tables.record import Record


class PermitPurpose(Record):
    """A purpose the law names, by the letter it has there.

    `acts` are the acts a permit for it covers, and `things` the classes of what it covers, none
    for all. A row that nobody compared with the gazette is
    not `verified`, and pages say so.
    """

    __tablename__ = "permit_purpose"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8))
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    acts: Mapped[list[Any]]
    things: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    instrument: Mapped[str] = mapped_column(String(80))
    article: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    """The first day it holds no longer."""
    verified: Mapped[bool]
