"""How long the evidence of a case is kept: dated rows, and the last day they come to.

Files go, counts and decisions stay. See `evidence_removal` for the going.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from viahe_api.law import local_day
from viahe_api.tables import Case, Decision, HandlingStep, LegalHold, RetentionRule, SecondReview
from viahe_api.vocabulary import CaseState, Handling, Keeping
from viahe_rules.domain import Act

REMINDED = frozenset({Handling.REMINDED, Handling.COMMITTED})
OF_STATE = {
    CaseState.WAITING: Keeping.UNREVIEWED,
    CaseState.NEEDS_MORE: Keeping.UNREVIEWED,
    CaseState.EXPIRED: Keeping.UNREVIEWED,
    CaseState.NOT_VIOLATION: Keeping.NOT_VIOLATION,
    CaseState.DUPLICATE: Keeping.DUPLICATE,
    CaseState.INSUFFICIENT: Keeping.INSUFFICIENT,
}
"""A state that is not here is one people are still handling."""


@dataclass(frozen=True, slots=True)
class Come:
    """How far a case has come: when something was last done with it, and whether somebody
    still has to look at it a second time."""

    case: Case
    last_done_at: datetime
    waits_for_second_look: bool

    @property
    def keeping(self) -> Keeping:
        """The stage its evidence is kept by."""
        if self.waits_for_second_look:
            return Keeping.UNREVIEWED
        if self.case.handling in REMINDED:
            return Keeping.REMINDED
        if self.case.handling is Handling.CLOSED:
            return Keeping.CLOSED
        return OF_STATE.get(self.case.state, Keeping.IN_HANDLING)


@dataclass(frozen=True, slots=True)
class Kept:
    """Until which day, and by which rule. `use_by` is the last day the evidence is of use."""

    keeping: Keeping
    last_day: date
    use_by: date
    rule: RetentionRule


@dataclass(frozen=True, slots=True)
class Retention:
    """The rows in force on a day, newest first."""

    rows: tuple[RetentionRule, ...]

    def rule(self, ward_id: int, keeping: Keeping, act: Act) -> RetentionRule | None:
        """The ward's own row before that of all wards, one for the act before one for every
        act, and of several the newest."""
        found = [
            row
            for row in self.rows
            if row.keeping is keeping and row.ward_id in (None, ward_id) and row.act in (None, act)
        ]
        return max(found, key=_weight, default=None)

    def kept(self, come: Come) -> Kept | None:
        """None if no row says how long such evidence is of use: then nothing is removed."""
        case, keeping = come.case, come.keeping
        limit = self.rule(case.ward_id, Keeping.OF_USE, case.act)
        if limit is None:
            return None
        use_by = later(local_day(case.start_at), limit)
        rule = self.rule(case.ward_id, keeping, case.act)
        if rule is None:
            return Kept(keeping, use_by, use_by, limit)
        last = later(local_day(come.last_done_at), rule)
        if last >= use_by:
            return Kept(keeping, use_by, use_by, limit)
        return Kept(keeping, last, use_by, rule)


def retention(session: Session, today: date) -> Retention:
    """What is in force on a day."""
    rows = session.scalars(
        select(RetentionRule)
        .where(RetentionRule.from_day <= today)
        .order_by(RetentionRule.from_day.desc(), RetentionRule.id.desc())
    )
    return Retention(tuple(rows))


Comings: TypeAlias = "Select[Case, datetime | None, datetime | None, bool]"
"""Of a case its newest decision, its newest step, and whether a second look is wanted."""


def come_so_far(conditions: Iterable[ColumnElement[bool]]) -> Comings:
    """Selects complete cases with what `read_come` needs."""
    waits = (
        select(SecondReview.case_id)
        .join(SecondReview.first)
        .where(
            SecondReview.case_id == Case.id,
            Decision.undone_at.is_(None),
            or_(SecondReview.at.is_(None), and_(~SecondReview.agrees, _unsettled())),
        )
        .exists()
    )
    return select(Case, _newest_decision(), _newest_step(), waits).where(
        Case.completed_at.is_not(None), *conditions
    )


def read_come(session: Session, statement: Comings) -> Iterable[Come]:
    """The cases of a select that `come_so_far` made, read as they are taken: a city has thousands
    that may be due."""
    some = statement.execution_options(yield_per=100)
    with session.execute(some) as rows:  # PostgreSQL has a cursor open until it is told
        for case, decided_at, stepped_at, waits in rows:
            moments = (case.completed_at, decided_at, stepped_at)
            done = max(moment for moment in moments if moment is not None)
            yield Come(case, done, bool(waits))


def held() -> ColumnElement[bool]:
    """Whether somebody has said that a case's evidence is kept whatever its time."""
    return (
        select(LegalHold.id)
        .where(LegalHold.case_id == Case.id, LegalHold.lifted_at.is_(None))
        .exists()
    )


def later(day: date, rule: RetentionRule) -> date:
    """The last day of a row's time. A month ends on the same day of another, or on its last."""
    months = day.month - 1 + rule.months
    year, month = day.year + months // 12, months % 12 + 1
    last_of_month = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last_of_month)) + timedelta(days=rule.days)


def _weight(row: RetentionRule) -> tuple[bool, bool, date, int]:
    return row.ward_id is not None, row.act is not None, row.from_day, row.id


def _unsettled() -> ColumnElement[bool]:
    return SecondReview.settled_at.is_(None)


def _newest_decision() -> ScalarSelect[datetime]:
    newest = func.max(func.coalesce(Decision.undone_at, Decision.at))
    return select(newest).where(Decision.case_id == Case.id).scalar_subquery()


def _newest_step() -> ScalarSelect[datetime]:
    newest = func.max(HandlingStep.at)
    return select(newest).where(HandlingStep.case_id == Case.id).scalar_subquery()
