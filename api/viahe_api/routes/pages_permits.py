"""Permits: the list, the one-minute form, and leave withdrawn."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import RedirectResponse, Response

from viahe_api import permit_papers, permit_reading, permits
from viahe_api.answered_forms import answered_at, keep_answer
from viahe_api.cameras import camera as camera_detail
from viahe_api.cameras import cameras as camera_rows
from viahe_api.errors import FormFault
from viahe_api.language import Language, local
from viahe_api.permit_places import on_several
from viahe_api.permit_reading import PermitView
from viahe_api.records import CameraDetail, CameraRow
from viahe_api.routes.edge import CheckedForm, Evidence, came_without_file
from viahe_api.routes.media import send_file
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import CAMERA_KEEPERS
from viahe_api.web.permit_form import DRAWN, PermitForm, blank, draft_of, stretch_of
from viahe_api.web.permit_words import purpose_name, shown_permit, shown_purposes
from viahe_api.web.polygon_words import editor_words, faults_said
from viahe_api.web.wording import ACTS

router = APIRouter()

Text = Annotated[str, Form()]
Texts = Annotated[list[str], Form()]
QUICK = ("đ", "d", "b")
"""What is most often in a hurry: a wedding, a funeral, works."""


@router.get("/permits")
def permit_list(visit: Person, added: str = "", count: int = 0, withdrawn: str = "") -> Response:
    """All permits of the person's wards, and the way to a new one."""
    visit.viewer.require(*CAMERA_KEEPERS)
    with visit.database.reading() as session:
        views = permit_reading.permits(session, visit.viewer, now=visit.now)
        known = permits.purposes(session, local(visit.now).date())
        keep = camera_rows(session, visit.viewer, now=visit.now)
    language = visit.language
    return visit.page(
        "permits.html",
        rows=[shown_permit(language, view) for view in views],
        quick=[p for code in QUICK for p in shown_purposes(language, known) if p[0] == code],
        cameras=[camera for camera in keep if camera.enabled],
        message=_message(language, views, added, count, withdrawn),
    )


@router.get("/permits/new")
def new(visit: Person, purpose: str = "đ", camera: int = 0) -> Response:
    """The form on a camera's still; the first zone there is the ground offered."""
    cameras = _cameras(visit)
    if not cameras:
        return RedirectResponse("/cameras", 303)
    chosen = camera or cameras[0].id
    detail = _camera(visit, chosen)
    ground = detail.zones[0].polygon if detail.zones else ()
    form = blank(visit.language, purpose, ground, detail.camera.street, visit.now)
    return _page(visit, detail, cameras, form)


@router.post("/permits/new", dependencies=[CarriedForm, CheckedForm])
def add(
    visit: Person,
    camera: Annotated[int, Form()],
    purpose: Text = "",
    number: Text = "",
    holder: Text = "",
    period: Text = "today",
    first: Text = "",
    last: Text = "",
    begins: Text = "",
    ends: Text = "",
    x: Texts = [],  # noqa: B006 - FastAPI copies it
    y: Texts = [],  # noqa: B006
    ground: Text = DRAWN,
    street: Text = "",
    house_from: Text = "",
    house_to: Text = "",
    others: Annotated[list[int], Form()] = [],  # noqa: B006
    form_id: Text = "",
    paper: Annotated[UploadFile | None, File()] = None,
    *,
    store: Evidence,
) -> Response:
    """Keep the permit, or show what is wrong with it."""
    form = PermitForm(
        *(purpose, number, holder, period, first, last, begins, ends, x, y),
        *(ground, street, house_from, house_to, others, form_id),
    )
    detail = _camera(visit, camera)
    if only_shown(visit.request):
        return _page(visit, detail, _cameras(visit), form)
    try:
        draft = draft_of(form, camera, visit.now)
        if came_without_file(visit.request):
            raise FormFault("paper_too_large", "a paper has at most 7 MB")
        if paper is not None and paper.filename:
            draft = replace(draft, paper=permit_papers.keep(store, paper.filename, paper.file))
        with visit.database.writing() as session:
            address = answered_at(session, visit.viewer, form_id)
            if address is None:
                drafts = on_several(
                    session, visit.viewer, draft, others, stretch_of(form), now=visit.now
                )
                kept = permits.give(session, visit.viewer, drafts, now=visit.now)
                address = f"/permits?{urlencode({'added': kept})}"
                keep_answer(session, visit.viewer, form_id, address, now=visit.now)
    except FormFault as fault:
        faults = list(faults_said(visit.language, fault))
        return _page(visit, detail, _cameras(visit), form, faults)
    return RedirectResponse(address, 303)


@router.get("/permits/{permit_id}/paper")
def paper(visit: Person, permit_id: int, store: Evidence) -> Response:
    """The paper a permit rests on, to keep: a browser never shows it as a page of ours."""
    with visit.database.writing() as session:
        found = permit_papers.handed_out(session, visit.viewer, permit_id, now=visit.now)
    return send_file(
        visit.request,
        store.permit_paper(found.sha256),
        etag=found.sha256,
        media_type=found.media_type,
        cache="private, no-cache",
        filename=found.name,
        disposition="attachment",
    )


@router.post("/permits/{permit_id}/withdraw", dependencies=[CheckedForm])
def withdraw(visit: Person, permit_id: int) -> Response:
    with visit.database.writing() as session:
        number = permits.withdraw(session, visit.viewer, permit_id, now=visit.now)
    return RedirectResponse(f"/permits?{urlencode({'withdrawn': number})}", 303)


def _message(
    language: Language, views: Sequence[PermitView], added: str, count: int, withdrawn: str
) -> str:
    if added:
        said = language.gettext("Permit %(number)s is in force.", number=added)
        newest = max((v for v in views if v.number == added), key=lambda v: v.id, default=None)
        cameras = ", ".join(newest.cameras) if newest else ""
        on = language.gettext("It holds on: %(cameras)s.", cameras=cameras) if newest else ""
        return f"{said} {on}".strip()
    if count:
        return language.ngettext("%(n)s permit added.", "%(n)s permits added.", count)
    if withdrawn:
        return language.gettext("Permit %(number)s is withdrawn.", number=withdrawn)
    return ""


def _cameras(visit: SignedInVisit) -> list[CameraRow]:
    visit.viewer.require(*CAMERA_KEEPERS)
    with visit.database.reading() as session:
        rows = camera_rows(session, visit.viewer, now=visit.now)
    return [row for row in rows if row.enabled]


def _camera(visit: SignedInVisit, camera_id: int) -> CameraDetail:
    visit.viewer.require(*CAMERA_KEEPERS)
    with visit.database.reading() as session:
        return camera_detail(session, visit.viewer, camera_id, now=visit.now)


def _page(
    visit: SignedInVisit,
    detail: CameraDetail,
    cameras: list[CameraRow],
    form: PermitForm,
    faults: list[str] | None = None,
) -> Response:
    language = visit.language
    with visit.database.reading() as session:
        known = permits.purposes(session, local(visit.now).date())
    return visit.page(
        "permit.html",
        400 if faults else 200,
        camera=detail.camera,
        cameras=cameras,
        streets=sorted({camera.street for camera in cameras if camera.street}),
        form=form,
        faults=faults or [],
        vertices=list(zip(form.across, form.down, strict=False)),
        purposes=[
            {
                "code": purpose.code,
                "name": purpose_name(language, purpose),
                "covers": ", ".join(language.gettext(ACTS[act]) for act in sorted(purpose.acts)),
                "basis": f"{purpose.article}, {purpose.instrument}",
                "verified": purpose.verified,
            }
            for purpose in known
        ],
        editor_words=editor_words(language),
    )
