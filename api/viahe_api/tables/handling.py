"""What follows a confirmed case: hand-over and outcomes, and the dated rows they rest on."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from viahe_api.months import LOCAL
from viahe_api.tables.casework import Case
from viahe_api.tables.people import Account
from viahe_api.tables.record import Record
from viahe_api.vocabulary import Handling
from viahe_rules.domain import Act


class LegalBasis(Record):
    """A provision a case can rest on, in force from `from_day` up to and with `until_day`.

    Amounts are đồng, None where the provision names none. `certainty` and `source` say where
    the row was read; nobody has checked it against the gazette while `verified_by` is None.
    """

    __tablename__ = "legal_basis"

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[Act]
    instrument: Mapped[str] = mapped_column(String(120))
    provision: Mapped[str] = mapped_column(String(80))
    wording: Mapped[str] = mapped_column(Text)
    person_least: Mapped[int | None] = mapped_column(BigInteger)
    person_most: Mapped[int | None] = mapped_column(BigInteger)
    organisation_least: Mapped[int | None] = mapped_column(BigInteger)
    organisation_most: Mapped[int | None] = mapped_column(BigInteger)
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    certainty: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(300))
    verified_by: Mapped[str | None] = mapped_column(String(120))


class DeadlineRule(Record):
    """A reminder: so many working days after a step, what should have been done. Dated and
    sourced like a legal basis; it never blocks anything."""

    __tablename__ = "deadline_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    after: Mapped[str] = mapped_column(String(24))
    """A `Handling`, or `request_received` of somebody who was recorded."""
    working_days: Mapped[int]
    wording: Mapped[str] = mapped_column(String(200))
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    certainty: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(300))
    verified_by: Mapped[str | None] = mapped_column(String(120))


class DayOff(Record):
    """A public holiday, or the day off given for one: no working day, whatever day it is.

    Nobody has checked it against the announcement while `verified_by` is None.
    """

    __tablename__ = "day_off"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(300))
    verified_by: Mapped[str | None] = mapped_column(String(120))


def _acted_on(context: Any) -> date:
    """Of the step that is being kept, whose values SQLAlchemy's context has."""
    values: dict[str, Any] = context.get_current_parameters()
    day: date | None = values.get("day")
    at: datetime = values["at"]
    return day or at.astimezone(LOCAL).date()


class HandlingStep(Record):
    """What a named person did with a confirmed case. Steps are never changed: what was entered
    wrongly is taken back (see HandlingUndo) or entered again, and of those that stand the newest
    step of a kind counts.

    `ward_id` is the case's, which never changes; `day` is the date on the paper, `amount` is đồng,
    `at` when it was entered, and `acted_on` the day it is counted by: that of the paper, or where
    there is none of the entry.
    """

    __tablename__ = "handling_step"
    __table_args__ = (
        UniqueConstraint("account_id", "form_id"),
        Index("ix_handling_step_step_at", "step", "at"),
        Index(
            # All that is asked to count, or list, what stands of one kind in some days.
            "ix_handling_step_acted",
            *("step", "acted_on", "case_id", "id"),
        ),
        Index(
            # The same of one ward's.
            "ix_handling_step_of_ward",
            *("ward_id", "step", "acted_on", "case_id", "id"),
        ),
        Index(
            # All that a list of a hundred thousand cases says of papers.
            "ix_handling_step_case_id",
            *("case_id", "step", "number", "amount", "basis_id"),
            postgresql_include=["id"],
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int]
    case_id: Mapped[int] = mapped_column(ForeignKey("review_case.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    form_id: Mapped[str] = mapped_column(String(64))
    step: Mapped[Handling]
    basis_id: Mapped[int | None] = mapped_column(ForeignKey("legal_basis.id"))
    number: Mapped[str] = mapped_column(String(80))
    day: Mapped[date | None]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    acted_on: Mapped[date] = mapped_column(insert_default=_acted_on)

    case: Mapped[Case] = relationship(lazy="raise")
    account: Mapped[Account] = relationship(lazy="raise")
    basis: Mapped[LegalBasis | None] = relationship(lazy="raise")
    undo: Mapped["HandlingUndo | None"] = relationship(lazy="raise", back_populates="step")


class HandlingUndo(Record):
    """Who took a step back, and when. The step itself stays."""

    __tablename__ = "handling_undo"

    step_id: Mapped[int] = mapped_column(ForeignKey("handling_step.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    step: Mapped[HandlingStep] = relationship(lazy="raise", back_populates="undo")
    account: Mapped[Account] = relationship(lazy="raise")
