"""What an open queue page cannot know by itself: which cases still wait, who has them open, and
how many have come since. One narrow query, so that it can be asked every second."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from viahe_api.queries import EVERYTHING_OPEN, QueueFilters, matching
from viahe_api.refs import short_ref
from viahe_api.scope import Viewer
from viahe_api.tables import Account, AuditHead, Case, Ward
from viahe_api.vocabulary import CASE_READERS

FOLLOWED = 200
"""Up to so many waiting cases are told apart; a longer list only counts."""


@dataclass(frozen=True, slots=True)
class QueueNews:
    """`waiting` are refs in no order, None if there are too many; `watched` pairs a ref with
    the name of somebody else who has it open; `fresh` counts what came after the mark."""

    waiting: tuple[str, ...] | None
    watched: tuple[tuple[str, str], ...]
    fresh: int


def queue_news(
    session: Session,
    viewer: Viewer,
    mark: datetime | None,
    filters: QueueFilters = EVERYTHING_OPEN,
    *,
    now: datetime,
) -> QueueNews:
    """News after `mark`, a page's `newest_at`; without one, everything is. Raises RoleNeeded."""
    viewer.require(*CASE_READERS)
    total, fresh = _counts(session, viewer, mark, filters)
    if total > FOLLOWED:
        return QueueNews(None, (), fresh)
    statement = (
        matching(select(Case.code, Ward.code, Account.id, Account.name), viewer, filters)
        .join(Ward, Case.ward_id == Ward.id)
        .outerjoin(Account, (Case.lease_by_id == Account.id) & (Case.lease_until > now))
        .order_by(Case.id)
    )
    rows = [
        (short_ref(code, ward, viewer), holder, name)
        for code, ward, holder, name in session.execute(statement)
    ]
    watched = ((ref, name) for ref, holder, name in rows if holder not in {None, viewer.account_id})
    return QueueNews(tuple(ref for ref, _, _ in rows), tuple(watched), fresh)


def last_happening(session: Session) -> int:
    """The number of the newest audit row: as long as it stays, no case came or was decided."""
    return session.scalars(select(AuditHead.seq)).one()


def _counts(
    session: Session, viewer: Viewer, mark: datetime | None, filters: QueueFilters
) -> tuple[int, int]:
    came_since = true() if mark is None else Case.completed_at > mark
    fresh = func.count(Case.id).filter(came_since)
    total, came = session.execute(
        matching(select(func.count(Case.id), fresh), viewer, filters)
    ).one()
    return total, came
