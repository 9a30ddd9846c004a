"""The line that says what a person decided last, with the way back."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from viahe_api.queries import my_last_decision
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
    decision = my_last_decision(session, visit.viewer, now=visit.now)
    if decision is None:
        return None
    word = visit.language.gettext(VERDICTS[decision.verdict])
    return JustDecided(decision.id, decision.ref, decision.code, word, decision.undoable)
