"""The case a decision would open next, as a browser fetches it before anybody has seen it, and
opening it as it was fetched, so that nothing of it has to be read and laid out again.

What one's own decisions change of it meanwhile (the lease, the cases before it at its place) is
told when it is opened. Anything else that was changed has it fetched anew.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.casefile import earlier_here
from viahe_api.cases import log_view
from viahe_api.drafts import draft_of
from viahe_api.leases import LENT_FOR, lease_of, lend, may_decide
from viahe_api.records import EarlierHere, Lease
from viahe_api.refs import find_case
from viahe_api.scope import Viewer
from viahe_api.tables import Case, Decision, EvidenceFile
from viahe_api.vocabulary import CASE_READERS, OPEN_STATES


@dataclass(frozen=True, slots=True)
class OpenedAsFetched:
    """What a page that was fetched ahead does not know yet."""

    lease: Lease
    earlier: EarlierHere


def log_fetched(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> None:
    """Keep on record that the viewer's browser was given the case. Raises NotFound or
    Ambiguous."""
    case = find_case(session, viewer, ref, *CASE_READERS)
    subject = f"case:{case.code}"
    audit.append(session, viewer, "case.fetched_ahead", subject, now=now, ward_id=case.ward_id)


def mark_of(session: Session, viewer: Viewer, ref: str) -> str:
    """Something short that is another as soon as the viewer's page of the case would be, but for
    what `OpenedAsFetched` has. What the page says of other cases and of its place is not looked
    at: it grows as old on a page that stays open. Raises NotFound or Ambiguous."""
    case = find_case(session, viewer, ref, *CASE_READERS)
    return _mark(session, viewer, ref, case, earlier_here(session, viewer, case))


def open_as_fetched(
    session: Session, viewer: Viewer, ref: str, mark: str, *, now: datetime
) -> OpenedAsFetched | None:
    """Lend the case and log that it was viewed, as `open_case` does, if `mark` is still its own;
    None, and nothing done, if it has changed, somebody else has it open, or it is not for this
    viewer to decide any more. Raises NotFound or Ambiguous."""
    case = find_case(session, viewer, ref, *CASE_READERS, lock=True)
    earlier = earlier_here(session, viewer, case)
    held = lease_of(case, viewer, now)
    if (
        mark != _mark(session, viewer, ref, case, earlier)
        or case.state not in OPEN_STATES
        or not may_decide(session, viewer, case)
        or (held is not None and not held.mine)
    ):
        return None
    lend(session, case, viewer, now)
    log_view(session, viewer, case, now=now)
    return OpenedAsFetched(Lease(viewer.name, now + LENT_FOR, mine=True), earlier)


def _mark(session: Session, viewer: Viewer, ref: str, case: Case, earlier: EarlierHere) -> str:
    files = select(EvidenceFile.name, EvidenceFile.sha256).where(EvidenceFile.case_id == case.id)
    said = select(Decision.id, Decision.undone_at).where(Decision.case_id == case.id)
    shown = [
        viewer.account_id,
        *(case.ward_id, case.code, case.state, case.handling, case.evidence_removed_at),
        [tuple(row) for row in session.execute(files.order_by(EvidenceFile.name))],
        [tuple(row) for row in session.execute(said.order_by(Decision.id))],
        draft_of(session, viewer, ref),
        bool(earlier.newest),
    ]
    return hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()
