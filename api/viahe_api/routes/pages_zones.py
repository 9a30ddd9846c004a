"""The zone editor: a polygon on the camera's newest still, kept as a new version."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from viahe_api import zones
from viahe_api.cameras import camera as camera_detail
from viahe_api.errors import FormFault, NotFound, ZoneFault
from viahe_api.language import N_, Language
from viahe_api.records import CameraDetail, ZoneView
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import CAMERA_KEEPERS
from viahe_api.web.wording import ACTS, SURFACES
from viahe_api.web.zone_form import WATCHED, ZoneForm, draft_of, shown
from viahe_rules import geometry
from viahe_rules.domain import Surface

router = APIRouter()

NEW = "new"
Text = Annotated[str, Form()]
Texts = Annotated[list[str], Form()]

ZONE_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        geometry.FEWER_THAN_THREE_POINTS: N_("A zone needs at least 3 vertices."),
        geometry.OUTSIDE_THE_PICTURE: N_("Vertices lie between 0 and 100 %."),
        geometry.EDGES_CROSS: N_("Edges cross or touch."),
        geometry.NO_AREA: N_("The zone has no area."),
        zones.NO_NAME: N_("Give the zone a name."),
        zones.NO_RULE: N_("Give a time for at least one kind of thing."),
        zones.DWELL_NOT_POSITIVE: N_("Times must be above zero."),
    }
)


@router.get("/cameras/{camera_id}/zones/{zone}")
def edit(visit: Person, camera_id: int, zone: str) -> Response:
    """The editor, on the version that holds, or on nothing for `new`."""
    visit.viewer.require(*CAMERA_KEEPERS)
    detail = _camera(visit, camera_id)
    held = _held(detail, zone)
    return _page(visit, detail, held, shown(visit.language, held))


@router.post("/cameras/{camera_id}/zones/{zone}", dependencies=[CheckedForm])
def save(
    visit: Person,
    camera_id: int,
    zone: str,
    name: Text = "",
    surface: Text = Surface.PAVEMENT,
    dumped: Text = "",
    vehicles: Text = "",
    goods: Text = "",
    x: Texts = [],  # noqa: B006 - FastAPI copies it
    y: Texts = [],  # noqa: B006
) -> Response:
    """Keep the form as the zone's next version, or show what is wrong with it."""
    detail = _camera(visit, camera_id)
    held = _held(detail, zone)
    form = ZoneForm(name, surface, x, y, {"dumped": dumped, "vehicles": vehicles, "goods": goods})
    try:
        draft = draft_of(form, held)
        with visit.database.writing() as session:
            kept = zones.save(session, visit.viewer, camera_id, draft, now=visit.now)
    except FormFault as fault:
        return _page(visit, detail, held, form, list(_said(visit.language, fault)))
    return RedirectResponse(f"/cameras/{camera_id}?saved={kept.zone}", 303)


def _camera(visit: SignedInVisit, camera_id: int) -> CameraDetail:
    with visit.database.reading() as session:
        return camera_detail(session, visit.viewer, camera_id, now=visit.now)


def _held(detail: CameraDetail, zone: str) -> ZoneView | None:
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
) -> Response:
    language = visit.language
    return visit.page(
        "zone.html",
        400 if faults else 200,
        camera=detail.camera,
        zone=held,
        form=form,
        faults=faults or [],
        vertices=list(zip(form.across, form.down, strict=False)),
        surfaces=[(surface.value, language.gettext(SURFACES[surface])) for surface in Surface],
        watched=[
            {
                "field": field,
                "act": language.gettext(ACTS[watched.act]),
                "word": language.gettext(watched.word),
                "value": form.dwells.get(field, ""),
            }
            for field, watched in WATCHED.items()
        ],
        editor_words=_editor_words(language),
        next_version=held.version + 1 if held else 1,
    )


def _editor_words(language: Language) -> dict[str, Any]:
    """What the editor says, with places for figures."""
    say = language.gettext
    return {
        "vertex": say(
            "Vertex %(n)s of %(all)s, across %(x)s %%, down %(y)s %%",
            n="{n}",
            all="{all}",
            x="{x}",
            y="{y}",
        ),
        "plus": say("Insert a vertex on edge %(edge)s", edge="{edge}"),
        "few": say("A zone needs at least 3 vertices."),
        "crosses": say(
            "Edge %(first)s crosses edge %(second)s.", first="{first}", second="{second}"
        ),
    }


def _said(language: Language, fault: FormFault) -> Iterator[str]:
    if not isinstance(fault, ZoneFault):
        yield language.gettext("Coordinates and times must be numbers.")
        return
    for phrase, numbers in fault.faults:
        if phrase == geometry.EDGES_CROSS and len(numbers) == 4:
            yield language.gettext(
                "Edge %(first)s crosses edge %(second)s.",
                first=f"{numbers[0]}-{numbers[1]}",
                second=f"{numbers[2]}-{numbers[3]}",
            )
        else:
            yield language.gettext(ZONE_FAULTS.get(phrase, phrase))
