"""The versions of a zone: what changed, what it looked like, and the way back."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from viahe_api import zone_history, zones
from viahe_api.routes.edge import CheckedForm, Evidence
from viahe_api.routes.pages_zones import kept_camera
from viahe_api.routes.visit import Person
from viahe_api.web.camera_words import svg_points
from viahe_api.web.zone_differences import differences

router = APIRouter()


@router.get("/cameras/{camera_id}/zones/{zone}/versions")
def versions(visit: Person, camera_id: int, zone: str, version: int = 0) -> Response:
    """All versions; one of them may be laid over the newest."""
    detail = kept_camera(visit, camera_id)
    with visit.database.reading() as session:
        found = zone_history.versions(session, visit.viewer, camera_id, zone)
    language, newest = visit.language, found[0]
    rows = [
        {
            "version": one.zone.version,
            "made_at": language.moment(one.made_at),
            "made_by": one.made_by or language.gettext("command line"),
            "removed": one.removed,
            "changes": list(differences(language, before.zone, one.zone)) if before else [],
            "first": before is None,
        }
        for one, before in zip(found, (*found[1:], None), strict=True)
    ]
    chosen = next((one.zone for one in found if one.zone.version == version), None)
    return visit.page(
        "zone_versions.html",
        camera=detail.camera,
        zone=newest.zone,
        removed=newest.removed,
        address=f"/cameras/{camera_id}/zones/{zone}",
        rows=rows,
        newest=svg_points(newest.zone.polygon),
        chosen=version if chosen else 0,
        overlaid=svg_points(chosen.polygon) if chosen else "",
    )


@router.post("/cameras/{camera_id}/zones/{zone}/versions/{version}", dependencies=[CheckedForm])
def restore(visit: Person, camera_id: int, zone: str, version: int, store: Evidence) -> Response:
    """Keep an earlier version as the newest."""
    with visit.database.writing() as session:
        zone_history.restore(session, visit.viewer, camera_id, zone, version, now=visit.now)
    store.keep_zone_still(camera_id, zone)
    return RedirectResponse(f"/cameras/{camera_id}?saved={zone}", 303)


@router.post("/cameras/{camera_id}/zones/{zone}/remove", dependencies=[CheckedForm])
def remove(visit: Person, camera_id: int, zone: str) -> Response:
    """Let the zone hold no longer."""
    with visit.database.writing() as session:
        zones.remove(session, visit.viewer, camera_id, zone, now=visit.now)
    return RedirectResponse(f"/cameras/{camera_id}/zones/{zone}/versions", 303)
