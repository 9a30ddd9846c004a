"""What people said and did of the cases in a list: looked up for many at once by their ids.

Joined to every case PostgreSQL would read all decisions and steps there ever were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.listed_ids import one_of
from viahe_api.tables import Decision, HandReport
from viahe_api.tables.handling import HandlingStep
from viahe_api.vocabulary import Handling


@dataclass(frozen=True, slots=True)
class CasePapers:
    """By case id. A case that a camera raised has no report, one nobody decided no decision."""

    reports: Mapping[int, Sequence[Any]]
    """Case id, address, street and group id that people said."""
    decisions: Mapping[int, Sequence[Any]]
    """Case id, the standing decision's reason, reviewer id, and id of the ward's own reason."""
    sanctions: Mapping[int, Sequence[Any]]
    """Case id, the number and amount of the standing decision to sanction, and id of its basis."""


UNDECIDED = (None, None, None, None)
NO_SANCTION = (None, "", None, None)


def papers_of(session: Session, ids: Sequence[int], by_hand: Sequence[int]) -> CasePapers:
    """Of the cases of these ids, those `by_hand` entered by people."""
    report, decision, step = HandReport.case_id, Decision.case_id, HandlingStep.case_id
    reports = select(report, HandReport.address, HandReport.street, HandReport.group_id)
    decisions = (
        select(decision, Decision.reason, Decision.account_id, Decision.ward_reason_id)
        .where(one_of(decision.expression, ids), Decision.undone_at.is_(None))
        .order_by(decision, Decision.id)  # as its index has them; the last of a case stands
    )
    sanctions = (
        select(step, HandlingStep.number, HandlingStep.amount, HandlingStep.basis_id)
        .where(one_of(step.expression, ids), HandlingStep.step == Handling.SANCTIONED)
        .where(~HandlingStep.undo.has())
        .order_by(step, HandlingStep.id)
    )
    return CasePapers(
        _by_case(session, reports.where(one_of(report.expression, by_hand))) if by_hand else {},
        _by_case(session, decisions),
        _by_case(session, sanctions),
    )


def _by_case(session: Session, statement: Any) -> dict[int, Any]:
    """Past the ORM, which would make an object of its own of each row."""
    return {row[0]: row for row in session.connection().execute(statement)}
