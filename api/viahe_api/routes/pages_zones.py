"""The zone editor: a polygon on the camera's newest still, tried, and kept as a new version."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from viahe_api import zones
from viahe_api.access import still_of_zone
from viahe_api.cameras import camera as camera_detail
from viahe_api.errors import FormFault, NotFound
from viahe_api.language import Language
from viahe_api.permit_reading import outlines
from viahe_api.precision import ZoneTask, zone_tasks
from viahe_api.records import CameraDetail, ZoneView
from viahe_api.routes.edge import CheckedForm, Evidence
from viahe_api.routes.media import send_file
from viahe_api.routes.posted_zone import PostedZone, digest_of
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.store import Store
from viahe_api.vocabulary import CAMERA_KEEPERS
from viahe_api.web.camera_words import has_moved, still_said, svg_points
from viahe_api.web.comparison import TrialShown
from viahe_api.web.polygon_words import editor_words
from viahe_api.web.wording import SURFACES
from viahe_api.web.zone_fields import shown_faults, shown_hours_of, shown_watched
from viahe_api.web.zone_form import ZoneForm, draft_of, shown
from viahe_rules.plan import Surface

router = APIRouter()

NEW = "new"


@router.get("/cameras/{camera_id}/zones/{zone}")
def edit(visit: Person, camera_id: int, zone: str, store: Evidence) -> Response:
    """The editor, on the version that holds, or on nothing for `new`."""
    detail = kept_camera(visit, camera_id)
    held = held_zone(detail, zone)
    return zone_page(visit, store, detail, held, shown(visit.language, held))


@router.post("/cameras/{camera_id}/zones/{zone}", dependencies=[CarriedForm, CheckedForm])
def save(
    visit: Person,
    camera_id: int,
    zone: str,
    form: PostedZone,
    tried: Annotated[str, Form()] = "",
    lost: Annotated[int, Form()] = 0,
    *,
    accepted: Annotated[bool, Form()] = False,
    store: Evidence,
) -> Response:
    """Keep the form as the zone's next version, or show what is wrong with it.

    Where this very drawing was tried and loses what people found sufficient, that has to be
    accepted: `tried` and `lost` come from the result the form carries.
    """
    detail = kept_camera(visit, camera_id)
    held = held_zone(detail, zone)
    if only_shown(visit.request):
        return zone_page(visit, store, detail, held, form)
    try:
        draft = draft_of(form, held)
        if lost and not accepted and tried == digest_of(draft):
            raise FormFault("loss_not_accepted", "the drawing loses cases with sufficient grounds")
        with visit.database.writing() as session:
            kept = zones.save(session, visit.viewer, camera_id, draft, now=visit.now)
        store.keep_zone_still(camera_id, kept.zone)
    except FormFault as fault:
        return zone_page(visit, store, detail, held, form, fault)
    return RedirectResponse(f"/cameras/{camera_id}?saved={kept.zone}", 303)


@router.get("/cameras/{camera_id}/zones/{zone}/still.jpg")
def drawn_still(visit: Person, camera_id: int, zone: str, store: Evidence) -> Response:
    """What the camera showed when the zone was drawn; who looked is logged."""
    held = still_of_zone(visit.database, visit.viewer, camera_id, zone, now=visit.now)
    return send_file(
        visit.request,
        store.zone_still(camera_id, zone),
        etag=f"{held.version}-{held.made_at:%Y%m%dT%H%M%S%f}",
        media_type="image/jpeg",
        cache="private, no-cache",
        filename="drawn.jpg",
        disposition="inline",
    )


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


def zone_page(
    visit: SignedInVisit,
    store: Store,
    detail: CameraDetail,
    held: ZoneView | None,
    form: ZoneForm,
    fault: FormFault | None = None,
    trial: TrialShown | None = None,
) -> Response:
    """The editor with a form as typed, what is wrong with it, and what trying it found."""
    language, camera = visit.language, detail.camera
    address = f"/cameras/{camera.id}/zones/{held.zone if held else NEW}"
    with visit.database.reading() as session:
        permitted = outlines(session, visit.viewer, camera.id, now=visit.now)
        tasks = zone_tasks(session, visit.viewer) if held else ()
    watched = shown_watched(language, form, fault)
    hours = shown_hours_of(language, form, fault)
    compared = held is not None and store.zone_still(camera.id, held.zone).is_file()
    return visit.page(
        "zone.html",
        400 if fault else 200,
        camera=camera,
        zone=held,
        address=address,
        form=form,
        faults=shown_faults(language, fault, hours, watched),
        vertices=list(zip(form.across, form.down, strict=False)),
        masks=_masks(form),
        permitted=[
            {"points": svg_points(one.polygon), "said": f"{one.number}, {one.holder}"}
            for one in permitted
        ],
        around=[
            {"points": svg_points(other.polygon), "said": other.name}
            for other in detail.zones
            if held is None or other.zone != held.zone
        ],
        surfaces=[(surface.value, language.gettext(SURFACES[surface])) for surface in Surface],
        watched=watched,
        hours=hours,
        editor_words=editor_words(language),
        next_version=held.version + 1 if held else 1,
        moved=held is not None and has_moved(camera, [held]),
        drawn_on=language.moment(held.made_at) if held and compared and camera.still_at else "",
        still_at=still_said(language, camera.still_at),
        trial=trial,
        rejected=_rejected(language, tasks, camera.id, held),
    )


def _rejected(
    language: Language, tasks: Iterable[ZoneTask], camera_id: int, held: ZoneView | None
) -> str:
    """How often the zone was said to be drawn wrong since it was; nothing if it never was."""
    for task in tasks:
        if held is not None and (task.camera_id, task.zone) == (camera_id, held.zone):
            return language.ngettext(
                "%(n)s rejection as drawn wrong, the newest %(at)s",
                "%(n)s rejections as drawn wrong, the newest %(at)s",
                task.rejections,
                at=language.moment(task.newest_at),
            )
    return ""


def _masks(form: ZoneForm) -> list[list[tuple[str, str]]]:
    """The vertices of every mask there may be, filled or not."""
    drawn = [list(zip(across, down, strict=False)) for across, down in form.masks]
    return [*drawn, *([] for _ in range(zones.MOST_MASKS - len(drawn)))]
