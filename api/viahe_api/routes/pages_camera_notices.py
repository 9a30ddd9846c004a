"""The photo of a camera's recording notice: sent from its page, and shown there."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from viahe_api import camera_notices
from viahe_api.errors import FormFault
from viahe_api.photographs import read_photograph
from viahe_api.routes.edge import Evidence
from viahe_api.routes.media import send_file
from viahe_api.routes.pages_cameras import camera_page
from viahe_api.routes.posted_photos import Posted, read_posted
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.store import Store
from viahe_api.vocabulary import CAMERA_KEEPERS

router = APIRouter()


@router.post("/cameras/{camera_id}/notice")
async def take(visit: Person, request: Request, camera_id: int, store: Evidence) -> Response:
    """Keep the photo, or say on the camera's page why not."""
    visit.viewer.require(*CAMERA_KEEPERS)
    posted = await read_posted(request, most_photos=1, known=True)
    return await run_in_threadpool(_keep, visit, store, camera_id, posted)


def _keep(visit: SignedInVisit, store: Store, camera_id: int, posted: Posted) -> Response:
    try:
        if not visit.is_own_form(posted.texts.get("csrf", "")):
            raise FormFault("form_expired", "this form belongs to another session")
        for fault in posted.faults or ["photo"] * (not posted.photos):
            raise FormFault(fault, "the photo could not be read")
        photo = read_photograph(posted.photos[0])
        with visit.database.writing() as session:
            before = camera_notices.keep_photo(
                session, visit.viewer, store, camera_id, photo, now=visit.now
            )
    except FormFault as fault:
        return camera_page(visit, camera_id, notice_fault=fault.fault)
    if before is not None:
        store.notice_photo(camera_id, before).unlink(missing_ok=True)
    return RedirectResponse(f"/cameras/{camera_id}#notice", 303)


@router.get("/cameras/{camera_id}/notice.photo")
def photo(visit: Person, camera_id: int, store: Evidence) -> Response:
    """The photo as it may be shown; who looked is logged."""
    with visit.database.writing() as session:
        found = camera_notices.photo_seen(session, visit.viewer, camera_id, now=visit.now)
    return send_file(
        visit.request,
        store.notice_photo(camera_id, found.sha256),
        etag=found.sha256,
        media_type=found.media_type,
        cache="private, no-cache",
        filename=f"notice-{camera_id}",
        disposition="inline",
    )
