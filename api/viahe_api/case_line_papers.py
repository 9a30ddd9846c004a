"""What people said and did of the cases in a list: looked up for many at once by their ids.

Joined to every case PostgreSQL would read all decisions and steps there ever were.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, String, func, select, type_coerce
from sqlalchemy.orm import Session

from viahe_api.driver_rows import driver_rows
from viahe_api.listed_ids import one_of
from viahe_api.tables import Decision, HandReport
from viahe_api.tables.handling import HandlingStep
from viahe_api.vocabulary import Handling

Whose: TypeAlias = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""Whether a column of case ids has one of those meant."""
Papers: TypeAlias = dict[int, tuple[Any, ...]]

NEAR, STRETCH = 8, 100
"""A city's cases of a day come one after the other: so many of them, of which each is so near to
the one before, are a stretch, which an index is walked along instead of being asked for each."""


@dataclass(frozen=True, slots=True)
class CasePapers:
    """By case id; those of cases that were not asked for may be among them. A case that a camera
    raised has no report, one nobody decided no decision."""

    reports: Mapping[int, Sequence[Any]]
    """Case id, address, street and group id that people said."""
    decisions: Mapping[int, Sequence[Any]]
    """Case id, id, the standing decision's reason, reviewer id, and id of the ward's own reason."""
    sanctions: Mapping[int, Sequence[Any]]
    """Case id, id, the number and amount of the standing decision to sanction, and id of its
    basis."""


UNDECIDED = (None, None, None, None, None)
NO_SANCTION = (None, None, "", None, None)


def papers_of(session: Session, ids: Sequence[int], by_hand: Sequence[int]) -> CasePapers:
    """Of the cases of these ids, those `by_hand` entered by people."""
    report, decision, step = HandReport.case_id, Decision.case_id, HandlingStep.case_id
    reported = select(report, HandReport.address, HandReport.street, HandReport.group_id)
    decided = select(
        decision, Decision.id, Decision.reason, Decision.account_id, Decision.ward_reason_id
    ).where(Decision.undone_at.is_(None))
    sanctioned = (
        select(step, HandlingStep.id, *_of_paper())
        # Not told as it is, lest an index of all sanctions there ever were be chosen.
        .where(func.coalesce(type_coerce(HandlingStep.step, String), "") == Handling.SANCTIONED)
        .where(~HandlingStep.undo.has())
    )
    decisions, sanctions = Papers(), Papers()
    for whose in whose_ids(ids):
        decisions |= _by_case(session, decided.where(whose(decision.expression)))
        sanctions |= _by_case(session, sanctioned.where(whose(step.expression)))
    reports = reported.where(one_of(report.expression, by_hand))
    return CasePapers(_by_case(session, reports) if by_hand else {}, decisions, sanctions)


def whose_ids(ids: Sequence[int]) -> Iterator[Whose]:
    """Stretches of these ids, with what lies between, and then all that are in none."""
    others: list[int] = []
    for near in _stretches(sorted(ids)):
        if len(near) < STRETCH:
            others += near
        else:
            yield partial(_between, first=near[0], last=near[-1])
    if others:
        yield partial(one_of, ids=others)


def _stretches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    begun = 0
    for at, (before, after) in enumerate(pairwise(ids), start=1):
        if after - before > NEAR:
            yield ids[begun:at]
            begun = at
    yield ids[begun:]


def _between(column: ColumnElement[Any], first: int, last: int) -> ColumnElement[bool]:
    return column.between(first, last)


def _of_paper() -> tuple[Any, ...]:
    return HandlingStep.number, HandlingStep.amount, HandlingStep.basis_id


def _by_case(session: Session, statement: Any) -> Papers:
    """The last of each case, by its own id, is the one that stands."""
    return {row[0]: row for row in sorted(driver_rows(session, statement))}
