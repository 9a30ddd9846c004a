"""Filtered queues a person looks at often, under names of their own."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from viahe_api.errors import FormFault
from viahe_api.scope import Viewer
from viahe_api.tables import SavedView
from viahe_api.vocabulary import CASE_READERS

LONGEST_NAME, LONGEST_QUERY, MOST = 80, 500, 30


@dataclass(frozen=True, slots=True)
class ViewName:
    """`query` is the query string of the queue."""

    id: int
    name: str
    query: str


def saved_views(session: Session, viewer: Viewer) -> tuple[ViewName, ...]:
    """The viewer's own, by name."""
    statement = (
        select(SavedView).where(SavedView.account_id == viewer.account_id).order_by(SavedView.name)
    )
    return tuple(ViewName(row.id, row.name, row.query) for row in session.scalars(statement))


def save_view(session: Session, viewer: Viewer, name: str, query: str) -> None:
    """Keep a list under a name; the same name again replaces it.

    Raises RoleNeeded, and FormFault `name_needed`, `list_too_long` or, beyond thirty views,
    `too_many_views`.
    """
    viewer.require(*CASE_READERS)
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise FormFault("name_needed", "give the view a name")
    if len(query) > LONGEST_QUERY:
        raise FormFault("list_too_long", f"a list of {len(query)} characters is not kept")
    mine = SavedView.account_id == viewer.account_id
    session.execute(delete(SavedView).where(mine, SavedView.name == name))
    if (session.scalar(select(func.count()).select_from(SavedView).where(mine)) or 0) >= MOST:
        raise FormFault("too_many_views", f"at most {MOST} views are kept")
    session.add(SavedView(account_id=viewer.account_id, name=name, query=query))
    session.flush()


def remove_view(session: Session, viewer: Viewer, view_id: int) -> None:
    """Forget a view of the viewer's own; another's stays."""
    session.execute(
        delete(SavedView).where(SavedView.id == view_id, SavedView.account_id == viewer.account_id)
    )
