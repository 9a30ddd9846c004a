"""Permits: the list, the one-minute form, and leave withdrawn."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from viahe_api import permits
from viahe_api.cameras import camera as camera_detail
from viahe_api.cameras import cameras as camera_rows
from viahe_api.errors import FormFault
from viahe_api.language import Language, local
from viahe_api.permits import PermitView, Purpose
from viahe_api.records import CameraDetail, CameraRow
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import CAMERA_KEEPERS
from viahe_api.web.permit_form import PermitForm, blank, draft_of
from viahe_api.web.polygon_words import editor_words, faults_said
from viahe_api.web.typed_times import minute_said
from viahe_api.web.wording import ACTS, PERMIT_STATUS, Status, said

router = APIRouter()

Text = Annotated[str, Form()]
Texts = Annotated[list[str], Form()]
QUICK = ("đ", "d", "b")
"""What is most often in a hurry: a wedding, a funeral, works."""


@dataclass(frozen=True, slots=True)
class PermitShown:
    """A line of the list, in words."""

    id: int
    number: str
    purpose: str
    place: str
    time: str
    holder: str
    status: Status
    withdrawable: bool


@router.get("/permits")
def permit_list(visit: Person, added: str = "", count: int = 0, withdrawn: str = "") -> Response:
    """All permits of the person's wards, and the way to a new one."""
    visit.viewer.require(*CAMERA_KEEPERS)
    with visit.database.reading() as session:
        views = permits.permits(session, visit.viewer, now=visit.now)
        known = permits.purposes(session, local(visit.now).date())
        keep = camera_rows(session, visit.viewer, now=visit.now)
    language = visit.language
    return visit.page(
        "permits.html",
        rows=[shown_permit(language, view) for view in views],
        quick=[p for code in QUICK for p in shown_purposes(language, known) if p[0] == code],
        cameras=[camera for camera in keep if camera.enabled],
        message=_message(language, added, count, withdrawn),
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
    return _page(visit, detail, cameras, blank(visit.language, purpose, ground, visit.now))


@router.post("/permits/new", dependencies=[CheckedForm])
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
) -> Response:
    """Keep the permit, or show what is wrong with it."""
    form = PermitForm(purpose, number, holder, period, first, last, begins, ends, x, y)
    detail = _camera(visit, camera)
    try:
        draft = draft_of(form, camera, visit.now)
        with visit.database.writing() as session:
            (kept,) = permits.add(session, visit.viewer, [draft], now=visit.now)
    except FormFault as fault:
        faults = list(faults_said(visit.language, fault))
        return _page(visit, detail, _cameras(visit), form, faults)
    return RedirectResponse(f"/permits?{urlencode({'added': kept})}", 303)


@router.post("/permits/{permit_id}/withdraw", dependencies=[CheckedForm])
def withdraw(visit: Person, permit_id: int) -> Response:
    with visit.database.writing() as session:
        number = permits.withdraw(session, visit.viewer, permit_id, now=visit.now)
    return RedirectResponse(f"/permits?{urlencode({'withdrawn': number})}", 303)


def shown_purposes(language: Language, known: tuple[Purpose, ...]) -> list[tuple[str, str]]:
    """Codes and names in the language."""
    return [(purpose.code, _name(language, purpose)) for purpose in known]


def shown_permit(language: Language, view: PermitView) -> PermitShown:
    last = local(view.valid_until - timedelta(seconds=1)).date()
    days = f"{language.day(local(view.valid_from).date())} - {language.day(last)}"
    hours = [f"{minute_said(w.start_minute)}-{minute_said(w.end_minute)}" for w in view.hours]
    status = PERMIT_STATUS[view.standing]
    return PermitShown(
        view.id,
        view.number,
        _name(language, view.purpose) if view.purpose else view.code,
        f"{view.camera}, {view.address}",
        ", ".join([days, *hours]),
        view.holder,
        said(language, status),
        view.standing in (permits.Standing.VALID, permits.Standing.TO_COME),
    )


def _name(language: Language, purpose: Purpose) -> str:
    vietnamese, english = purpose.name
    return vietnamese if language.code == "vi" else english


def _message(language: Language, added: str, count: int, withdrawn: str) -> str:
    if added:
        return language.gettext("Permit %(number)s is in force.", number=added)
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
        form=form,
        faults=faults or [],
        vertices=list(zip(form.across, form.down, strict=False)),
        purposes=[
            {
                "code": purpose.code,
                "name": _name(language, purpose),
                "covers": ", ".join(language.gettext(ACTS[act]) for act in sorted(purpose.acts)),
                "basis": f"{purpose.article}, {purpose.instrument}",
                "verified": purpose.verified,
            }
            for purpose in known
        ],
        editor_words=editor_words(language),
    )
