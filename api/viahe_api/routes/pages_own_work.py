"""What is one person's own: the decisions of today, the note being written, the session."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import JSONResponse, Response

from viahe_api import drafts, queries
from viahe_api.auth import seconds_left
from viahe_api.errors import NotSignedIn
from viahe_api.records import DecisionView
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.visit import Anybody, Person, SignedInVisit
from viahe_api.vocabulary import CASE_READERS
from viahe_api.web.case_facts import decision_said
from viahe_api.web.wording import CASE_STATUS, said

router = APIRouter()


@router.get("/decisions")
def decisions(visit: Person) -> Response:
    """The person's decisions of today, newest first, each with its way back while it has one."""
    visit.viewer.require(*CASE_READERS)
    with visit.database.reading() as session:
        found = queries.my_decisions_today(session, visit.viewer, now=visit.now)
    return visit.page("decisions.html", decisions=[_shown(visit, decision) for decision in found])


@router.post("/cases/{ref}/note", dependencies=[CheckedForm])
def keep_note(visit: Person, ref: str, note: Annotated[str, Form()] = "") -> Response:
    """Keep a note that is being written; the answer says when, in words."""
    with visit.database.writing() as session:
        drafts.keep_draft(session, visit.viewer, ref, note, now=visit.now)
    at = visit.language.clock(visit.now)
    return Response(visit.language.gettext("Draft saved %(at)s", at=at), media_type="text/plain")


@router.get("/session")
def session_state(visit: Anybody) -> JSONResponse:
    """Whose session this is and how long it lasts, without prolonging it. Raises NotSignedIn."""
    if visit.viewer is None:
        raise NotSignedIn("sign in first")
    with visit.database.reading() as session:
        left = seconds_left(session, visit.viewer, visit.settings, now=visit.now)
    return JSONResponse({"person": visit.viewer.account_id, "csrf": visit.csrf, "left": left})


@router.post("/session", dependencies=[CheckedForm])
def prolong_session(visit: Person) -> JSONResponse:
    """Somebody is still there."""
    return JSONResponse({"left": visit.settings.session_idle_s})


def _shown(visit: SignedInVisit, decision: DecisionView) -> dict[str, object]:
    language = visit.language
    return {
        "id": decision.id,
        "ref": decision.ref,
        "code": decision.code,
        "at": language.clock(decision.at),
        "what": decision_said(language, decision),
        "status": said(language, CASE_STATUS[decision.state_after]),
        "undone": decision.undone_at is not None,
        "undoable": decision.undoable,
    }
