"""A form that came after its session had ended: what was typed goes through the sign-in and back
into the form, for the person who typed it. Nothing is sent unasked.

A form takes part by a field `typed_by`, the account it was shown to, and by a route that depends
on `CarriedForm` before anything else and shows the form again where `only_shown` says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from viahe_api.auth import SignInRefused, sign_in
from viahe_api.routes.edge import set_session_cookie
from viahe_api.routes.pages_sign_in import sign_in_page
from viahe_api.routes.visit import Anybody, SignedInVisit, own_address, signed_in
from viahe_api.web.menu import first_page
from viahe_api.web.typed_form import TypedForm, read_typed

router = APIRouter()

SHOW = "only_shown"
NOT_CARRIED = frozenset({"csrf", "typed_by", SHOW, "password", "source", "watch_source"})
"""What belongs to the session that ended, and secrets: a stream's address holds a password."""


@dataclass(frozen=True, slots=True)
class _Posted:
    """What the sign-in form sends back."""

    login: str
    password: str
    address: str
    typed: str
    typed_by: str


def carried_form(address: str, texts: Iterable[tuple[str, str]], *, had_files: bool) -> TypedForm:
    """What a form sent, without what is not carried."""
    texts = tuple(texts)
    typed = tuple((name, value) for name, value in texts if name not in NOT_CARRIED)
    return TypedForm(address, typed, dict(texts).get("typed_by", ""), had_files)


async def _carried(request: Request) -> None:
    form = await request.form()
    request.state.only_shown = SHOW in form
    if form.get("typed_by"):
        texts = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        files = [value for value in form.values() if isinstance(value, UploadFile)]
        had_files = any(file.filename for file in files)
        request.state.typed_form = carried_form(request.url.path, texts, had_files=had_files)


CarriedForm = Depends(_carried)
"""Before CheckedForm: should that find no session, the sign-in carries the form on."""


def only_shown(request: Request) -> bool:
    """Whether the form is to be shown as it was typed, and nothing of it kept yet."""
    return bool(getattr(request.state, SHOW, False))


def _posted(
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    address: Annotated[str, Form()] = "/",
    typed: Annotated[str, Form()] = "",
    typed_by: Annotated[str, Form()] = "",
) -> _Posted:
    return _Posted(login, password, own_address(address), typed, typed_by)


def show(visit: SignedInVisit, form: TypedForm) -> Response:
    """Offer the form again to the person it was shown to; anybody else finds their own work."""
    if form.typed_by != str(visit.viewer.account_id):
        return to_first_page(visit)
    return visit.page("typed_again.html", form=form)


def to_first_page(visit: SignedInVisit) -> Response:
    return RedirectResponse(first_page(visit.viewer), 303)


@router.post("/sign-in/form")
def enter(visit: Anybody, request: Request, form: Annotated[_Posted, Depends(_posted)]) -> Response:
    """Open a session again; the same person goes on with what they typed."""
    carried = read_typed(form.address, form.typed, form.typed_by)
    peer = request.client.host if request.client else "unknown"
    with visit.database.writing() as session:
        outcome = sign_in(session, form.login, form.password, peer, now=visit.now)
    if isinstance(outcome, SignInRefused):
        return sign_in_page(visit, "/", form.login, outcome, ended=True, typed_form=carried)
    entered = signed_in(visit, outcome.viewer)
    response = show(entered, carried) if carried else to_first_page(entered)
    set_session_cookie(response, outcome.token, visit.settings)
    return response
