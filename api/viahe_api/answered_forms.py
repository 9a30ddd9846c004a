"""Forms that were answered, by their one-time ids: a form sent again, because its answer was lost
or its button pressed twice, is not done again but led to its first answer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.scope import Viewer
from viahe_api.tables import Account, AnsweredForm

LONGEST_ID = 64


def answered_at(session: Session, viewer: Viewer, form_id: str) -> str | None:
    """Where the answer lies of a form that was sent before; None for one to be done now.

    Asked at the begin of the transaction that does it: a second sending waits here for the
    first. A form without an id is always to be done.
    """
    own = select(Account.id).where(Account.id == viewer.account_id)
    session.execute(own.with_for_update(key_share=True))
    found = session.get(AnsweredForm, (viewer.account_id, form_id[:LONGEST_ID]))
    return found.address if found else None


def keep_answer(
    session: Session, viewer: Viewer, form_id: str, address: str, *, now: datetime
) -> str:
    """Note that a form is done, in the transaction that did it. Returns `address`, where its
    answer lies."""
    if form_id:
        answered = AnsweredForm(
            account_id=viewer.account_id, form_id=form_id[:LONGEST_ID], address=address, at=now
        )
        session.add(answered)
        session.flush()
    return address
