"""Testing a camera's connection: asking for it, and what has come of it so far."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from viahe_api import connection_tests
from viahe_api.access import still_of_test
from viahe_api.routes.edge import CheckedForm, Evidence
from viahe_api.routes.media import send_file
from viahe_api.routes.visit import Person
from viahe_api.web.connection_words import shown_test

router = APIRouter()


@router.post("/cameras/{camera_id}/test", dependencies=[CheckedForm])
def ask(visit: Person, camera_id: int) -> Response:
    """Ask the camera's detector to try it."""
    with visit.database.writing() as session:
        connection_tests.ask(session, visit.viewer, camera_id, now=visit.now)
    return RedirectResponse(f"/cameras/{camera_id}#test", 303)


@router.get("/cameras/{camera_id}/test")
def progress(visit: Person, camera_id: int) -> Response:
    """The part of the camera's page that tells of the newest test, for scripts that wait."""
    with visit.database.reading() as session:
        view = connection_tests.newest_of(session, visit.viewer, camera_id, now=visit.now)
    return visit.page("connection_test.html", test=shown_test(visit.language, camera_id, view))


@router.get("/cameras/{camera_id}/test/still.jpg")
def still(visit: Person, camera_id: int, store: Evidence) -> Response:
    """What the newest test showed; who looked is logged."""
    taken = still_of_test(visit.database, visit.viewer, camera_id, now=visit.now)
    return send_file(
        visit.request,
        store.test_still(camera_id),
        etag=f"{taken:%Y%m%dT%H%M%S%f}",
        media_type="image/jpeg",
        cache="private, no-cache",
        filename="test.jpg",
        disposition="inline",
    )
