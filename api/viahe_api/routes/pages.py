"""The pages: gathered as one, shown as the templates say, refused in words."""

from functools import cache
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from viahe_api.errors import FormExpired, LookFirst, NotSignedIn, Refusal
from viahe_api.going_on import sent_by_module
from viahe_api.language import read_languages
from viahe_api.routes import (
    footprints,
    pages_agreement,
    pages_ahead,
    pages_approvals,
    pages_audit,
    pages_camera_notices,
    pages_camera_register,
    pages_cameras,
    pages_case,
    pages_case_lists,
    pages_connection_tests,
    pages_dashboard,
    pages_decisions,
    pages_field_tasks,
    pages_hand_reports,
    pages_own_work,
    pages_permit_import,
    pages_permits,
    pages_precision,
    pages_preferences,
    pages_queue,
    pages_rejection_reasons,
    pages_report_keys,
    pages_report_list,
    pages_reports,
    pages_requests,
    pages_retention,
    pages_second_reviews,
    pages_sign_in,
    pages_tasks,
    pages_trials,
    pages_users,
    pages_ward_roles,
    pages_zone_versions,
    pages_zones,
    typed_again,
)
from viahe_api.routes.live import Happenings
from viahe_api.routes.pages_sign_in import keep_carried, sign_in_over, sign_in_over_form
from viahe_api.routes.visit import Desk, Visit, any_visit, signed_in
from viahe_api.web.preferences import read_preferences
from viahe_api.web.refusals import said_of
from viahe_api.web.templates import STATIC, Templates, static_prefix, style_sheets

LISTENING = frozenset({"/queue/news", "/queue/live", "/session"})
"""What scripts ask: they are told of a refusal in data, not sent to a page."""


class _KeptStatic(StaticFiles):
    """Files whose address changes with their content, kept by browsers for good; style sheets
    also joined to one."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        joined = style_sheets().joined(path) if scope["method"] in ("GET", "HEAD") else None
        if joined is None:
            response = await super().get_response(path, scope)
        else:
            response = Response(joined, media_type="text/css")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def register(app: FastAPI) -> None:
    """Add what pages need beside their addresses, which are `routes`: what they are styled with,
    their templates, and how they show a refusal.

    `app.state` has to hold settings, database and clock already.
    """
    app.state.desk = _desk()
    app.state.error_page = error_page
    app.state.happenings = Happenings(app.state.database)
    app.mount(static_prefix(), _KeptStatic(directory=STATIC), name="static")


def routes() -> APIRouter:
    """The address of every page."""
    router = APIRouter()
    for part in (
        pages_sign_in,
        typed_again,
        pages_queue,
        pages_hand_reports,  # before cases, whose address begins alike
        pages_case,
        pages_ahead,
        pages_decisions,
        pages_own_work,
        pages_approvals,
        pages_tasks,
        pages_field_tasks,
        pages_rejection_reasons,
        pages_retention,
        pages_requests,
        pages_second_reviews,
        pages_agreement,
        pages_dashboard,
        pages_report_list,
        pages_case_lists,
        pages_report_keys,  # before reports, whose address begins alike
        pages_reports,
        pages_camera_register,
        pages_camera_notices,
        pages_cameras,
        pages_connection_tests,
        pages_zones,
        pages_trials,
        footprints,
        pages_zone_versions,
        pages_permits,
        pages_permit_import,
        pages_precision,
        pages_ward_roles,
        pages_users,
        pages_audit,
        pages_preferences,
    ):
        router.include_router(part.router)
    return router


@cache
def _desk() -> Desk:
    """Catalogues and templates lie in the package: read once for a program, whatever number of
    applications it makes."""
    languages = read_languages()
    return Desk(Templates(languages, static_prefix()), languages)


def error_page(request: Request, refusal: Refusal) -> Response:
    """A refusal as a page: somebody without a session is asked to sign in first, over the page
    where a module sent the form; who has to look at a case a second time is led there."""
    if isinstance(refusal, LookFirst):
        return _look_first(request, refusal)
    away = isinstance(refusal, NotSignedIn)
    asked_by_script = _asked_by_script(request) or (away and sent_by_module(request.scope))
    if request.url.path.startswith("/media/") or asked_by_script:
        return JSONResponse({"error": refusal.code}, refusal.status)
    if away:
        return _sign_in_first(request, refusal)
    visit = _visit(request, refusal)
    carried = getattr(request.state, "carried", None)
    if isinstance(refusal, FormExpired) and carried is not None and visit.viewer is not None:
        keep_carried(visit, visit.viewer, carried)
    typed_form = getattr(request.state, "typed_form", None)
    if isinstance(refusal, FormExpired) and typed_form is not None and visit.viewer is not None:
        return typed_again.show(signed_in(visit, visit.viewer), typed_form)
    said = said_of(visit.language, refusal)
    ways = [("/", visit.language.gettext("To the first page"))]
    return visit.page(
        "error.html", refusal.status, title=said.title, sentence=said.sentence, ways=ways
    )


def _look_first(request: Request, refusal: LookFirst) -> Response:
    """To the look. What was sent is said not to be kept, but for a note, which goes along."""
    visit, carried = _visit(request, refusal), getattr(request.state, "carried", None)
    if carried is not None and visit.viewer is not None:
        keep_carried(visit, visit.viewer, carried)
    sent = "" if request.method == "GET" else "?sent=true"
    return RedirectResponse(f"/second-reviews/{quote(refusal.ref, safe='@')}{sent}", 303)


def _asked_by_script(request: Request) -> bool:
    path = request.url.path
    return path in LISTENING or path.endswith(("/lease", "/leave", "/note", "/following"))


def _sign_in_first(request: Request, refusal: Refusal) -> Response:
    """To the sign-in and back. A note and a long form go along."""
    posted = request.method != "GET"
    wanted = urlsplit(request.headers.get("referer", "/")) if posted else request.url
    back = wanted.path + (f"?{wanted.query}" if wanted.query else "")
    carried = getattr(request.state, "carried", None)
    if carried is not None:
        return sign_in_over(_visit(request, refusal), back, carried)
    typed_form = getattr(request.state, "typed_form", None)
    if typed_form is not None:
        return sign_in_over_form(_visit(request, refusal), typed_form)
    ended = "&ended=1" if posted else ""
    return RedirectResponse(f"/sign-in?next={quote(back, safe='/')}{ended}", 303)


def _visit(request: Request, refusal: Refusal) -> Visit:
    """The visit that failed; after an error of ours nothing more is asked of the database."""
    state = request.app.state
    now = state.clock()
    if refusal.status < 500:
        return any_visit(request, state.settings, state.database, now)
    preferences = read_preferences(request.cookies)
    return Visit(request, state.desk, state.database, state.settings, now, preferences)
