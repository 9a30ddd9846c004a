"""What surrounds reports: those left by themselves, days of inspection rounds, keys of tools."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from viahe_api.tables.people import Account
from viahe_api.tables.places import Ward
from viahe_api.tables.record import Record


class LeftReport(Record):
    """A month's report that was left in the list on its day, by nobody's hand.

    The key makes it one, whichever process is first. What it counted then is kept to be said
    in the list; the report itself stays a draft until a person locks it.
    """

    __tablename__ = "left_report"

    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(40), primary_key=True)
    left_at: Mapped[datetime]
    recorded: Mapped[int]
    sufficient: Mapped[int]
    coverage: Mapped[float | None]

    ward: Mapped[Ward] = relationship(lazy="raise")


class RoundDays(Record):
    """The days a ward's plan names for an inspection round, where they are not the usual ones."""

    __tablename__ = "round_days"

    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first: Mapped[date]
    last: Mapped[date]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class ReportKey(Record):
    """Leave for an official's own tool to read counts, by the hash of its token."""

    __tablename__ = "report_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    made_by: Mapped[Account] = relationship(lazy="raise")
    wards: Mapped[list["ReportKeyWard"]] = relationship(lazy="raise", back_populates="key")


class ReportKeyWard(Record):
    """A ward a key opens. Each ward's own keepers close theirs, whoever made the key."""

    __tablename__ = "report_key_ward"

    key_id: Mapped[int] = mapped_column(ForeignKey("report_key.id"), primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"), primary_key=True)
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    key: Mapped[ReportKey] = relationship(lazy="raise", back_populates="wards")
    ward: Mapped[Ward] = relationship(lazy="raise")
