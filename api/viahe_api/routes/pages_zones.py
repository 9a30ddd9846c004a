"""The zone editor: a polygon on the camera's newest still, tried, and kept as a new version."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from viahe_api import backtest, zones
from viahe_api.backtest import Comparison, Trials
from viahe_api.cameras import camera as camera_detail
from viahe_api.errors import FormFault, NotFound
from viahe_api.records import CameraDetail, ZoneView
from viahe_api.routes.edge import CheckedForm, Evidence
from viahe_api.routes.posted_zone import PostedZone, digest_of
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import CAMERA_KEEPERS
from viahe_api.web.comparison import shown_comparison
from viahe_api.web.polygon_words import editor_words, faults_said
from viahe_api.web.wording import SURFACES
from viahe_api.web.zone_fields import shown_hours_of, shown_watched
from viahe_api.web.zone_form import ZoneForm, draft_of, shown
from viahe_rules.domain import Surface

router = APIRouter()

NEW = "new"


def _trials(request: Request) -> Trials:
    trials: Trials = request.app.state.trials
    return trials


@router.get("/cameras/{camera_id}/zones/{zone}")
def edit(visit: Person, camera_id: int, zone: str) -> Response:
    """The editor, on the version that holds, or on nothing for `new`."""
    detail = kept_camera(visit, camera_id)
    held = held_zone(detail, zone)
    return _page(visit, detail, held, shown(visit.language, held))


@router.post("/cameras/{camera_id}/zones/{zone}", dependencies=[CheckedForm])
def save(
    visit: Person,
    camera_id: int,
    zone: str,
    form: PostedZone,
    tried: Annotated[str, Form()] = "",
    lost: Annotated[int, Form()] = 0,
    accepted: Annotated[bool, Form()] = False,
) -> Response:
    """Keep the form as the zone's next version, or show what is wrong with it.

    Where this very drawing was tried and loses what people found sufficient, that has to be
    accepted: `tried` and `lost` come from the result the form carries.
    """
    detail = kept_camera(visit, camera_id)
    held = held_zone(detail, zone)
    try:
        draft = draft_of(form, held)
        if lost and not accepted and tried == digest_of(draft):
            raise FormFault("loss_not_accepted", "the drawing loses cases with sufficient grounds")
        with visit.database.writing() as session:
            kept = zones.save(session, visit.viewer, camera_id, draft, now=visit.now)
    except FormFault as fault:
        return _page(visit, detail, held, form, list(faults_said(visit.language, fault)))
    return RedirectResponse(f"/cameras/{camera_id}?saved={kept.zone}", 303)


@router.post("/cameras/{camera_id}/zones/{zone}/trial", dependencies=[CheckedForm])
def try_out(
    visit: Person,
    camera_id: int,
    zone: str,
    form: PostedZone,
    store: Evidence,
    trials: Annotated[Trials, Depends(_trials)],
) -> Response:
    """What the drawing would have raised in the last days; nothing is kept."""
    detail = kept_camera(visit, camera_id)
    held = held_zone(detail, zone)
    try:
        draft = draft_of(form, held)
        with visit.database.reading() as session:
            prepared = backtest.prepare(
                session, store, visit.viewer, camera_id, draft, now=visit.now
            )
    except FormFault as fault:
        return _page(visit, detail, held, form, list(faults_said(visit.language, fault)))
    found = backtest.compare(prepared, trials.run(prepared.trial))
    return _page(visit, detail, held, form, result=found, tried=digest_of(draft))


def kept_camera(visit: SignedInVisit, camera_id: int) -> CameraDetail:
    """A camera of the person's to keep. Raises RoleNeeded, NotFound."""
    visit.viewer.require(*CAMERA_KEEPERS)
    with visit.database.reading() as session:
        return camera_detail(session, visit.viewer, camera_id, now=visit.now)


def held_zone(detail: CameraDetail, zone: str) -> ZoneView | None:
    """The zone that holds, None for a new one. Raises NotFound."""
    if zone == NEW:
        return None
    for held in detail.zones:
        if held.zone == zone:
            return held
    raise NotFound(f"camera {detail.camera.slug} has no zone {zone}")


def _page(
    visit: SignedInVisit,
    detail: CameraDetail,
    held: ZoneView | None,
    form: ZoneForm,
    faults: list[str] | None = None,
    result: Comparison | None = None,
    tried: str = "",
) -> Response:
    language = visit.language
    address = f"/cameras/{detail.camera.id}/zones/{held.zone if held else NEW}"
    return visit.page(
        "zone.html",
        400 if faults else 200,
        camera=detail.camera,
        zone=held,
        address=address,
        form=form,
        faults=faults or [],
        vertices=list(zip(form.across, form.down, strict=False)),
        surfaces=[(surface.value, language.gettext(SURFACES[surface])) for surface in Surface],
        watched=shown_watched(language, form),
        hours=shown_hours_of(language, form),
        editor_words=editor_words(language),
        next_version=held.version + 1 if held else 1,
        result=shown_comparison(visit.language, visit.viewer, result) if result else None,
        tried=tried,
    )
