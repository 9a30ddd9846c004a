"""The picture of footprints that the zone editor lays over the still."""

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import Response

from viahe_api.cameras import find_camera
from viahe_api.footprints import drawing, feet
from viahe_api.observations import hours_of
from viahe_api.routes.edge import Databases, Evidence, Now, SignedIn
from viahe_api.vocabulary import CAMERA_KEEPERS

router = APIRouter()


@router.get("/cameras/{camera_id}/footprints.svg")
def footprints(
    camera_id: int, viewer: SignedIn, database: Databases, store: Evidence, now: Now
) -> Response:
    """Of the last 24 hours; places alone, nobody's picture."""
    viewer.require(*CAMERA_KEEPERS)
    with database.reading() as session:
        camera = find_camera(session, viewer, camera_id, *CAMERA_KEEPERS)
        hours = hours_of(session, store, camera.id, now - timedelta(days=1), now)
    headers = {"Cache-Control": "private, max-age=600"}
    return Response(drawing(feet(hours)), media_type="image/svg+xml", headers=headers)
