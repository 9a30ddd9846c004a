"""What came of confirmed cases in a period, by the day of each action."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.counts import Outcomes
from viahe_api.periods import Period
from viahe_api.tables import Case
from viahe_api.tables.handling import HandlingStep
from viahe_api.vocabulary import CaseState, Handling
from viahe_rules.domain import Act

_COUNTED: Mapping[Handling, tuple[str, str | None]] = MappingProxyType(
    {
        Handling.REMINDED: ("reminded", None),
        Handling.COMMITTED: ("committed", None),
        Handling.RECORDED: ("drawn_up", None),
        Handling.SANCTIONED: ("sanctioned", "fined_dong"),
        Handling.COMPLIED: ("complied", "paid_dong"),
    }
)
"""Steps that are outcomes: the fields of Outcomes that count them and add up their amounts."""


def outcomes_by_act(session: Session, narrow: Narrow, period: Period) -> dict[Act, Outcomes]:
    """Each case once for each kind of outcome, by its newest step of that kind: what was entered
    wrongly was entered again."""
    newest = select(func.max(HandlingStep.id)).group_by(HandlingStep.case_id, HandlingStep.step)
    taken = (
        select(HandlingStep.case_id, HandlingStep.step, HandlingStep.amount)
        .where(
            _acted_in(period),
            HandlingStep.step.in_(list(_COUNTED)),
            HandlingStep.id.in_(newest),
        )
        .cte("taken")
        .prefix_with("MATERIALIZED")  # the period first: the ward's cases are many more
    )
    statement = (
        select(Case.act, taken.c.step, func.count(), func.sum(taken.c.amount))
        .join(taken, taken.c.case_id == Case.id)
        .where(Case.state != CaseState.INTEGRITY_ERROR)
        .group_by(Case.act, taken.c.step)
    )
    found: defaultdict[Act, Outcomes] = defaultdict(Outcomes)
    for act, step, count, amount in session.execute(narrow(statement, Case.ward_id)):
        counts, adds_up = _COUNTED[step]
        amounts = {adds_up: int(amount or 0)} if adds_up else {}
        found[act] = replace(found[act], **{counts: count}, **amounts)
    return dict(found)


def _acted_in(period: Period) -> ColumnElement[bool]:
    """By the date on the paper, and by the entry where there is none."""
    return or_(
        HandlingStep.day.between(period.first, period.last),
        and_(
            HandlingStep.day.is_(None),
            HandlingStep.at >= period.start,
            HandlingStep.at < period.end,
        ),
    )
