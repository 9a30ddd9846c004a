"""What people do with a case: open it, decide it, undo that. The machine only proposes."""

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.casefile import case_detail
from viahe_api.decisions import built_upon, decision_rows, decision_views
from viahe_api.drafts import LONGEST_NOTE, forget_draft
from viahe_api.duplicates import other_case
from viahe_api.errors import FormFault, NotFound, NotUndoable, RoleNeeded
from viahe_api.leases import LENT_FOR, decidable, lend, may_decide
from viahe_api.queries import OPEN
from viahe_api.records import CaseDetail, DecisionView, Lease
from viahe_api.refs import find_case
from viahe_api.rejection_reasons import RejectionReason, chosen_reason
from viahe_api.scope import Viewer, scoped
from viahe_api.second_reviews import Sampling, blind_to, draw, require_look
from viahe_api.tables import Case, Decision
from viahe_api.vocabulary import (
    CASE_READERS,
    OPEN_STATES,
    CaseState,
    Role,
    Verdict,
)


def new_form_id() -> str:
    """The one-time id a decision form carries."""
    return secrets.token_hex(16)


def open_case(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> CaseDetail:
    """Show a case to a person: logs that it was viewed and, to an operator, lends it for 3 min.

    A case somebody else has open is shown all the same, with that person's lease. Raises
    NotFound or Ambiguous, and LookFirst to who is to look at it a second time without knowing what
    was decided.
    """
    case = find_case(session, viewer, ref, *CASE_READERS, lock=True)
    require_look(session, viewer, case)
    if case.state in OPEN_STATES and may_decide(session, viewer, case):
        lend(session, case, viewer, now)
    log_view(session, viewer, case, now=now)
    return case_detail(session, viewer, ref, now=now)


def log_view(session: Session, viewer: Viewer, case: Case, *, now: datetime) -> None:
    """Keep on record that a case was shown to a person."""
    audit.append(session, viewer, "case.viewed", f"case:{case.code}", now=now, ward_id=case.ward_id)


def renew_lease(session: Session, viewer: Viewer, ref: str, *, now: datetime) -> Lease:
    """Keep a case 3 more minutes. Raises RoleNeeded, AlreadyDecided or OpenElsewhere."""
    case = decidable(session, viewer, ref, now)
    lend(session, case, viewer, now)
    return Lease(viewer.name, now + LENT_FOR, mine=True)


def leave_case(
    session: Session, viewer: Viewer, ref: str, *, now: datetime, until: datetime | None = None
) -> None:
    """Give a case back to the queue without deciding it; another's lease is left alone.

    With `until`, only the lease that ends then: one that was lent anew since, as to a page that
    was loaded again, stays. Raises NotFound or Ambiguous.
    """
    case = find_case(session, viewer, ref, *CASE_READERS, lock=True)
    if case.lease_by_id == viewer.account_id and until in {None, case.lease_until}:
        case.lease_by_id = case.lease_until = None
        audit.append(
            session, viewer, "case.left", f"case:{case.code}", now=now, ward_id=case.ward_id
        )


def leave_all(session: Session, viewer: Viewer) -> None:
    """Give back what is open to the viewer, who signs out: what waits for a decision, and what
    for a second look. Each is looked for where there are few, not among all decided cases."""
    mine = Case.lease_by_id == viewer.account_id
    waiting = select(Case.id).where(Case.state.in_(OPEN), mine)
    looked_at = select(Case.id).where(Case.id.in_(blind_to(viewer)), mine)
    for held in (waiting, looked_at):
        statement = scoped(held, Case.ward_id, viewer, *CASE_READERS)
        session.execute(
            update(Case).where(Case.id.in_(statement)).values(lease_by_id=None, lease_until=None)
        )


def decide(
    session: Session,
    viewer: Viewer,
    ref: str,
    verdict: Verdict,
    *,
    form_id: str,
    now: datetime,
    reason: str | None = None,
    note: str = "",
    duplicate_of: str | None = None,
    sampling: Sampling | None = None,
) -> DecisionView:
    """Record what an operator says of a case; `sampling` may draw it for a second look.

    The same `form_id` again returns its first result. A lease that ran out does no harm as
    long as nobody else opened or decided the case meanwhile. `reason` is the code of one that
    the case's ward offers, `duplicate_of` the code or ref of another case of that ward. Raises
    FormFault (reason, note or other case missing, or not one that can be named: see
    `duplicates.other_case`), RoleNeeded, AlreadyDecided, OpenElsewhere, NotFound or Ambiguous;
    nothing is kept then.
    """
    if not 0 < len(form_id) <= 64:
        raise FormFault("form_id", "a decision form carries the id it was given")
    sent_before = decision_views(
        session, viewer, Decision.account_id == viewer.account_id, Decision.form_id == form_id
    )
    if sent_before:
        return sent_before[0]
    case = decidable(session, viewer, ref, now)
    note = note.strip()
    _check_note(note)
    chosen = None
    if verdict is Verdict.REJECT:
        chosen = chosen_reason(session, case.ward_id, reason, note)
    state = _state_after(verdict, chosen)
    decision = Decision(
        ward_id=case.ward_id,
        case_id=case.id,
        account_id=viewer.account_id,
        form_id=form_id,
        verdict=verdict,
        reason=chosen and chosen.meaning.value,
        ward_reason_id=chosen and chosen.row_id,
        duplicate_of_id=_duplicated(session, viewer, case, verdict, duplicate_of),
        note=note,
        state_before=case.state,
        state_after=state,
        at=now,
    )
    session.add(decision)
    case.state, case.lease_by_id, case.lease_until = state, None, None
    forget_draft(session, viewer, case.id)
    session.flush()
    if sampling is not None:
        draw(session, case, decision, sampling)
    _log(session, viewer, case, decision, f"case.{verdict}", now)
    return decision_views(session, viewer, Decision.id == decision.id)[0]


def undo(session: Session, viewer: Viewer, decision_id: int, *, now: datetime) -> DecisionView:
    """Take back one's own decision; it stays on file, marked, and the case is open again. The
    same again changes nothing.

    Raises NotUndoable if it is another's or was built upon, and NotFound.
    """
    rows = decision_rows(session, viewer, Decision.id == decision_id)
    if not rows:
        raise NotFound(f"no decision {decision_id} in the wards of {viewer.login}")
    decision = rows[0]
    session.refresh(decision.case, with_for_update={"of": Case})
    if decision.account_id != viewer.account_id:
        raise NotUndoable(f"decision {decision_id} is another person's")
    if decision.undone_at is not None:
        return decision_views(session, viewer, Decision.id == decision.id)[0]
    if built_upon(session, rows):
        raise NotUndoable(f"decision {decision_id} was built upon")
    if not may_decide(session, viewer, decision.case):
        raise RoleNeeded(Role.OPERATOR)
    decision.undone_at = now
    decision.case.state = decision.state_before
    session.flush()
    _log(session, viewer, decision.case, decision, "case.undone", now)
    return decision_views(session, viewer, Decision.id == decision.id)[0]


def _check_note(note: str) -> None:
    if len(note) > LONGEST_NOTE:
        raise FormFault("note_too_long", f"a note has at most {LONGEST_NOTE} characters")


def _state_after(verdict: Verdict, reason: RejectionReason | None) -> CaseState:
    if reason is not None:
        return reason.leads_to
    return {
        Verdict.CONFIRM: CaseState.SUFFICIENT,
        Verdict.MORE: CaseState.NEEDS_MORE,
        Verdict.DUPLICATE: CaseState.DUPLICATE,
    }[verdict]


def _duplicated(
    session: Session, viewer: Viewer, case: Case, verdict: Verdict, ref: str | None
) -> int | None:
    if verdict is not Verdict.DUPLICATE:
        return None
    return other_case(session, viewer, case, ref or "").id


def _log(
    session: Session, viewer: Viewer, case: Case, decision: Decision, action: str, now: datetime
) -> None:
    detail = {
        "decision": decision.id,
        "reason": decision.reason,
        "before": decision.state_before,
        "after": decision.state_after,
        "key": case.key,
    }
    audit.append(
        session,
        viewer,
        action,
        f"case:{case.code}",
        now=now,
        ward_id=case.ward_id,
        detail=detail,
    )
