"""Reports entered by hand: the form, what it sends, and the way back in when the session ended."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from viahe_api import auth, hand_reports
from viahe_api.auth import SignInRefused
from viahe_api.entry_wards import EntryWard, entry_wards
from viahe_api.errors import FormFault
from viahe_api.hand_reports import MOST_PHOTOS
from viahe_api.photo_files import PhotoFile, photo_files, store_photos
from viahe_api.photographs import Photograph, read_photograph
from viahe_api.routes.edge import Evidence, set_session_cookie
from viahe_api.routes.posted_photos import Posted, read_posted
from viahe_api.routes.visit import Anybody, Person, SignedInVisit, Visit, signed_in
from viahe_api.store import Store
from viahe_api.vocabulary import BY_HAND, CASE_ENTERERS, CASE_READERS, Role, Source
from viahe_api.web.hand_report_form import (
    TypedReport,
    blank_report,
    faults_said,
    read_report,
    typed_report,
)
from viahe_api.web.wording import ACTS, SOURCES
from viahe_rules.domain import Act

router = APIRouter()

CODE = re.compile(r"TH-[0-9]{4}-[0-9]{4,}")


@router.get("/cases/new")
def new(visit: Person, kept: str = "") -> Response:
    """An empty form; `kept` is the code of the case just entered."""
    wards = _wards(visit)
    patrols = not visit.viewer.holds(Role.OPERATOR)
    typed = blank_report(wards, Source.PATROL if patrols else Source.CITIZEN, visit.now)
    return _page(visit, wards, typed, kept=kept if CODE.fullmatch(kept) else "")


@router.post("/cases/new")
async def take(visit: Anybody, request: Request, store: Evidence) -> Response:
    """Keep the report, or show the form as it was typed with all that is wrong."""
    known = visit.viewer is not None
    posted = await read_posted(request, most_photos=MOST_PHOTOS, known=known)
    return await run_in_threadpool(_take, visit, store, posted)


async def _texts(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


@router.post("/cases/new/again")
def enter_again(
    visit: Anybody, request: Request, texts: Annotated[dict[str, str], Depends(_texts)]
) -> Response:
    """Sign in where the session ended under a report, and go on with what was typed."""
    peer = request.client.host if request.client else "unknown"
    login = texts.get("login", "")
    with visit.database.writing() as session:
        outcome = auth.sign_in(session, login, texts.get("password", ""), peer, now=visit.now)
    typed = typed_report(texts)
    if isinstance(outcome, SignInRefused):
        return _ask_again(visit, typed, login, outcome)
    entered = signed_in(visit, outcome.viewer)
    response = _page(entered, _wards(entered), typed, faults=["photos"])
    set_session_cookie(response, outcome.token, visit.settings)
    return response


def _take(visit: Visit, store: Store, posted: Posted) -> Response:
    typed = typed_report(posted.texts)
    if visit.viewer is None:
        return _ask_again(visit, typed)
    known = signed_in(visit, visit.viewer)
    if not visit.is_own_form(posted.texts.get("csrf", "")):
        return _page(known, _wards(known), typed, faults=["form_expired"])
    return _keep(known, store, posted, typed)


def _keep(visit: SignedInVisit, store: Store, posted: Posted, typed: TypedReport) -> Response:
    draft, faults = read_report(typed)
    photos, refused = read_photos(posted, "photo")
    faults += refused
    if not photos and not refused:
        faults.append("photos")
    form_id = posted.texts.get("form_id", "")
    if draft is None or faults:
        return _page(visit, _wards(visit), typed, faults=faults)
    try:
        with visit.database.writing() as session:
            entered = hand_reports.enter(
                session, visit.viewer, draft, photos, form_id=form_id, now=visit.now
            )
    except FormFault as fault:
        return _page(visit, _wards(visit), typed, faults=[fault.fault])
    if not entered.complete:
        store_photos(store, entered.ward_code, entered.code, photos)
        with visit.database.writing() as session:
            hand_reports.complete(session, visit.viewer, entered, photos, now=visit.now)
    return RedirectResponse(f"/cases/new?kept={entered.code}", 303)


def read_photos(posted: Posted, named: str) -> tuple[tuple[PhotoFile, ...], list[str]]:
    """The files of the photos that came, and the words of all that is wrong with them."""
    good: list[Photograph] = []
    faults = list(posted.faults)
    for content in posted.photos:
        try:
            good.append(read_photograph(content))
        except FormFault as fault:
            faults.append(fault.fault)
    return photo_files(good, named), faults


def _wards(visit: SignedInVisit) -> tuple[EntryWard, ...]:
    with visit.database.reading() as session:
        return entry_wards(session, visit.viewer)


def _page(
    visit: SignedInVisit,
    wards: tuple[EntryWard, ...],
    typed: TypedReport,
    *,
    faults: list[str] | None = None,
    kept: str = "",
) -> Response:
    language = visit.language
    visit.viewer.require(*CASE_ENTERERS)
    return visit.page(
        "hand_report.html",
        400 if faults else 200,
        typed=typed,
        wards=wards,
        streets=sorted({street for ward in wards for street in ward.streets}),
        acts=[(act.value, language.gettext(ACTS[act])) for act in Act],
        sources=[(source.value, language.gettext(SOURCES[source])) for source in BY_HAND],
        faults=faults_said(language, faults or []),
        kept=kept,
        opens=visit.viewer.holds(*CASE_READERS),
    )


def _ask_again(
    visit: Visit, typed: TypedReport, login: str = "", refused: SignInRefused | None = None
) -> Response:
    fault = ""
    if refused is not None and refused.retry_after_s:
        wait = visit.language.number(refused.retry_after_s)
        fault = visit.language.gettext("Try again in %(n)s s.", n=wait)
    elif refused is not None:
        fault = visit.language.gettext("Wrong user name or password.")
    return visit.page("hand_report_again.html", 401, typed=typed, login=login, fault=fault)
