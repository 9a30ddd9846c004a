"""The dated rows the law is kept in: which hold on a day. None of it is known to any code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from viahe_api.months import LOCAL
from viahe_api.tables import DayOff, DeadlineRule, LegalBasis
from viahe_api.working_days import after_working_days, working_days_until
from viahe_rules.domain import Act

SOON = 1
"""Working days left from which a deadline is said to come soon."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A reminder. `left` is in working days, negative when overdue."""

    wording: str
    due: date
    left: int
    verified: bool

    @property
    def soon(self) -> bool:
        return 0 <= self.left <= SOON


@dataclass(frozen=True, slots=True)
class Reminders:
    """The rules for deadlines and the days off, read once for a whole list."""

    rules: tuple[DeadlineRule, ...]
    days_off: frozenset[date]

    def after(self, step: str, day: date, today: date) -> Deadline | None:
        """What should follow a step taken on `day`; None where no rule says anything."""
        for rule in self.rules:
            until = rule.until_day or day
            if rule.after == step and rule.from_day <= day <= until:
                due = after_working_days(day, rule.working_days, self.days_off)
                left = working_days_until(today, due, self.days_off)
                return Deadline(rule.wording, due, left, rule.verified_by is not None)
        return None


def reminders(session: Session) -> Reminders:
    rules = session.scalars(select(DeadlineRule).order_by(DeadlineRule.id))
    return Reminders(tuple(rules), frozenset(session.scalars(select(DayOff.day))))


def bases_for(session: Session, act: Act, moment: datetime) -> tuple[LegalBasis, ...]:
    """The provisions for an act that were in force on the local day it was done: an officer
    chooses among them, and no order of theirs means anything."""
    day = local_day(moment)
    statement = (
        select(LegalBasis)
        .where(LegalBasis.act == act, *_in_force(day))
        .order_by(LegalBasis.instrument, LegalBasis.id)
    )
    return tuple(session.scalars(statement))


def basis_name() -> ColumnElement[str]:
    """How lists and counts name a provision: two rows of different times may be named alike."""
    return LegalBasis.provision + " " + LegalBasis.instrument


def local_day(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()


def _in_force(day: date) -> Iterable[ColumnElement[Any]]:
    yield LegalBasis.from_day <= day
    yield or_(LegalBasis.until_day.is_(None), LegalBasis.until_day >= day)
