"""The register's form: a new camera, or what is changed of one."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from viahe_api import camera_register
from viahe_api.answered_forms import answered_at, keep_answer
from viahe_api.camera_register import Registered
from viahe_api.camera_sources import TypedSources
from viahe_api.errors import FormFault
from viahe_api.language import Language
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import DeviceKind
from viahe_api.web.camera_form import CameraForm, register_of, shown_form
from viahe_api.web.polygon_words import faults_said
from viahe_api.web.quiet_form import posted_quiet, quiet_fields
from viahe_api.web.wording import DEVICE_KINDS

router = APIRouter()


async def _posted(request: Request) -> CameraForm:
    form = await request.form()
    said = {key: value.strip() for key, value in form.items() if isinstance(value, str)}
    return CameraForm(said, posted_quiet(form))


Posted = Annotated[CameraForm, Depends(_posted)]


@router.get("/cameras/new")
def new(visit: Person) -> Response:
    return _page(visit, None, CameraForm({"enabled": "on"}))


@router.post("/cameras/new", dependencies=[CarriedForm, CheckedForm])
def add(visit: Person, form: Posted) -> Response:
    """Keep a new camera; the detector has to know it by the same name."""
    if only_shown(visit.request):
        return _page(visit, None, form)
    try:
        wanted = replace(register_of(form), enabled=True)
        with visit.database.writing() as session:
            address = answered_at(session, visit.viewer, form.text("form_id"))
            if address is None:
                address = f"/cameras/{_add(session, visit, form, wanted)}"
                keep_answer(session, visit.viewer, form.text("form_id"), address, now=visit.now)
    except FormFault as fault:
        return _page(visit, None, form, list(faults_said(visit.language, fault)))
    return RedirectResponse(address, 303)


def _add(session: Session, visit: SignedInVisit, form: CameraForm, wanted: Registered) -> int:
    return camera_register.add(
        session,
        visit.viewer,
        int(form.text("device") or 0),
        form.text("slug"),
        wanted,
        _sources(form),
        visit.settings.secret,
        now=visit.now,
    )


@router.get("/cameras/{camera_id}/edit")
def edit(visit: Person, camera_id: int) -> Response:
    with visit.database.reading() as session:
        held = camera_register.registered(session, visit.viewer, camera_id)
    return _page(visit, camera_id, shown_form(visit.language, held), held=held)


@router.post("/cameras/{camera_id}/edit", dependencies=[CarriedForm, CheckedForm])
def change(visit: Person, camera_id: int, form: Posted) -> Response:
    """Keep what is changed; an empty source leaves the one there is."""
    with visit.database.reading() as session:
        held = camera_register.registered(session, visit.viewer, camera_id)
    if only_shown(visit.request):
        return _page(visit, camera_id, form, held=held)
    try:
        wanted = register_of(form)
        with visit.database.writing() as session:
            camera_register.change(
                session,
                visit.viewer,
                camera_id,
                wanted,
                _sources(form),
                visit.settings.secret,
                now=visit.now,
            )
    except FormFault as fault:
        return _page(visit, camera_id, form, list(faults_said(visit.language, fault)), held)
    return RedirectResponse(f"/cameras/{camera_id}", 303)


def _sources(form: CameraForm) -> TypedSources:
    forget = "forget_watch" in form.said
    return TypedSources(form.text("source"), form.text("watch_source"), forget)


def _page(
    visit: SignedInVisit,
    camera_id: int | None,
    form: CameraForm,
    faults: list[str] | None = None,
    held: Registered | None = None,
) -> Response:
    """What was typed is shown again, but never a stream's address."""
    with visit.database.reading() as session:
        devices = camera_register.devices(session, visit.viewer)
    language = visit.language
    return visit.page(
        "camera_edit.html",
        400 if faults else 200,
        address=f"/cameras/{camera_id}/edit" if camera_id else "/cameras/new",
        back=f"/cameras/{camera_id}" if camera_id else "/cameras",
        is_new=camera_id is None,
        form=form,
        faults=faults or [],
        devices=devices,
        has_source=held is not None and held.has_source,
        has_watch_source=held is not None and held.has_watch_source,
        kinds=_kinds(language),
        quiet=quiet_fields(language, form.quiet),
    )


def _kinds(language: Language) -> list[tuple[str, str]]:
    return [(kind.value, language.gettext(DEVICE_KINDS[kind])) for kind in DeviceKind]
