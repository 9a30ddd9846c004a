"""The line that says what a person decided last, with the way back."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from viahe_api.queries import my_decisions_today
from viahe_api.routes.visit import SignedInVisit
from viahe_api.web.wording import VERDICTS


@dataclass(frozen=True, slots=True)
class JustDecided:
    """`decision` is its id; `word` says the verdict in the page's language."""

    decision: int
    ref: str
    code: str
    word: str
    undoable: bool


def just_decided(session: Session, visit: SignedInVisit) -> JustDecided | None:
    """The viewer's newest decision of today that still holds."""
    for decision in my_decisions_today(session, visit.viewer, now=visit.now):
        if decision.undone_at is None:
            word = visit.language.gettext(VERDICTS[decision.verdict])
            return JustDecided(decision.id, decision.ref, decision.code, word, decision.undoable)
    return None
