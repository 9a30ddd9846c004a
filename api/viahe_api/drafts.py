"""Notes somebody is still writing: kept for that person and case until a decision is sent."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from viahe_api.errors import FormFault
from viahe_api.refs import find_case
from viahe_api.scope import Viewer
from viahe_api.tables import NoteDraft
from viahe_api.vocabulary import CASE_READERS

LONGEST_NOTE = 2000


def keep_draft(session: Session, viewer: Viewer, ref: str, text: str, *, now: datetime) -> None:
    """Keep what the viewer has typed on a case so far; nothing typed forgets it.

    Raises FormFault if it is too long for a note, NotFound or Ambiguous. Logs nothing: a draft
    is not said yet.
    """
    if len(text) > LONGEST_NOTE:
        raise FormFault("note_too_long", f"a note has at most {LONGEST_NOTE} characters")
    case = find_case(session, viewer, ref, *CASE_READERS)
    forget_draft(session, viewer, case.id)
    if text.strip():
        session.add(NoteDraft(account_id=viewer.account_id, case_id=case.id, text=text, at=now))
        session.flush()


def draft_of(session: Session, viewer: Viewer, ref: str) -> str:
    """The viewer's own draft on a case, empty without one. Raises NotFound or Ambiguous."""
    case = find_case(session, viewer, ref, *CASE_READERS)
    draft = session.get(NoteDraft, (viewer.account_id, case.id))
    return draft.text if draft else ""


def forget_draft(session: Session, viewer: Viewer, case_id: int) -> None:
    """The note was sent, or taken back."""
    session.execute(
        delete(NoteDraft).where(
            NoteDraft.account_id == viewer.account_id, NoteDraft.case_id == case_id
        )
    )
