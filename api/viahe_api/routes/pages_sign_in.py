"""Signing in and out, and the first page of a person's work."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from viahe_api.auth import SignInRefused, sign_in, sign_out
from viahe_api.cases import leave_all
from viahe_api.drafts import keep_draft
from viahe_api.errors import Refusal
from viahe_api.routes.edge import (
    Carried,
    CheckedForm,
    clear_session_cookie,
    set_session_cookie,
)
from viahe_api.routes.visit import Anybody, Person, Visit, own_address
from viahe_api.scope import Viewer
from viahe_api.web.menu import first_page
from viahe_api.web.typed_form import TypedForm

router = APIRouter()


@router.get("/")
def first(visit: Anybody) -> Response:
    """Open what the person's roles do first."""
    return RedirectResponse(first_page(visit.viewer) if visit.viewer else "/sign-in", 303)


@router.get("/sign-in")
def form(visit: Anybody, next: str = "/", ended: bool = False) -> Response:
    """Ask who it is; `ended` says that a session was lost on the way."""
    return sign_in_page(visit, next, ended=ended)


@router.post("/sign-in")
def enter(
    visit: Anybody,
    request: Request,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
    note: Annotated[str, Form()] = "",
    ref: Annotated[str, Form()] = "",
    person: Annotated[str, Form()] = "",
) -> Response:
    """Open a session and go where the person wanted to; the same person finds their note there."""
    carried = Carried(note, ref, person) if note else None
    peer = request.client.host if request.client else "unknown"
    with visit.database.writing() as session:
        outcome = sign_in(session, login, password, peer, now=visit.now)
    if isinstance(outcome, SignInRefused):
        return sign_in_page(visit, next, login, outcome, ended=carried is not None, carried=carried)
    if carried is not None:
        keep_carried(visit, outcome.viewer, carried)
    response = RedirectResponse(own_address(next), 303)
    set_session_cookie(response, outcome.token, visit.settings)
    return response


@router.post("/sign-out", dependencies=[CheckedForm])
def leave(visit: Person) -> Response:
    """End the session, and give back the cases that were open in it."""
    with visit.database.writing() as session:
        leave_all(session, visit.viewer)
        sign_out(session, visit.viewer, now=visit.now)
    response = RedirectResponse("/sign-in", 303)
    clear_session_cookie(response, visit.settings)
    return response


def sign_in_over(visit: Visit, back: str, carried: Carried) -> Response:
    """Ask who it is where a session ended under a note, which stays in the form."""
    return sign_in_page(visit, back, ended=True, carried=carried)


def sign_in_over_form(visit: Visit, typed_form: TypedForm) -> Response:
    """Ask who it is where a session ended under a form, which goes along."""
    return sign_in_page(visit, "/", ended=True, typed_form=typed_form)


def keep_carried(visit: Visit, viewer: Viewer, carried: Carried) -> None:
    """Make a carried note the draft of its case, for the person who typed it and nobody else."""
    if carried.person != str(viewer.account_id):
        return
    # One too long, or of a case that is no longer this person's, cannot be kept.
    with suppress(Refusal), visit.database.writing() as session:
        keep_draft(session, viewer, carried.ref, carried.note, now=visit.now)


def sign_in_page(
    visit: Visit,
    next_: str,
    login: str = "",
    refused: SignInRefused | None = None,
    *,
    ended: bool = False,
    carried: Carried | None = None,
    typed_form: TypedForm | None = None,
) -> Response:
    """Ask who it is. A note or a form that was typed before is carried along."""
    status, fault = 401 if carried or typed_form else 200, ""
    if refused is not None and refused.retry_after_s:
        status = 429
        fault = visit.language.gettext(
            "Try again in %(n)s s.", n=visit.language.number(refused.retry_after_s)
        )
    elif refused is not None:
        status, fault = 401, visit.language.gettext("Wrong user name or password.")
    return visit.page(
        "sign_in.html",
        status,
        fault=fault,
        login=login,
        next=own_address(next_),
        ended=ended,
        carried=carried,
        typed_form=typed_form,
    )
