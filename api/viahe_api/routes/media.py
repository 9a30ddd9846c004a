"""Evidence and stills to signed-in people of the ward: ranges, hashes as ETags, and a log."""

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from viahe_api import access
from viahe_api.access import Handing
from viahe_api.errors import IntegrityLost
from viahe_api.routes.edge import Databases, Evidence, Now, SignedIn

router = APIRouter(prefix="/media")


@router.get("/cases/{ref}/{name}", response_model=None)
def case_file(
    ref: str,
    name: str,
    request: Request,
    viewer: SignedIn,
    database: Databases,
    store: Evidence,
    now: Now,
    *,
    download: bool = False,
) -> Response:
    """`?download=1` hands the file out under its case's code; each way is logged as such."""
    file = access.case_file(database, viewer, ref, name, _handing(request, download), now=now)
    return send_file(
        request,
        store.case_file(file.ward_code, file.case_code, file.name),
        etag=file.sha256,
        media_type=file.media_type,
        cache="private, max-age=600",
        filename=f"{file.case_code}-{file.name}",
        disposition="attachment" if download else "inline",
    )


@router.get("/cameras/{camera_id}/still", response_model=None)
def camera_still(
    camera_id: int,
    request: Request,
    viewer: SignedIn,
    database: Databases,
    store: Evidence,
    now: Now,
) -> Response:
    taken = access.camera_still(database, viewer, camera_id, now=now)
    return send_file(
        request,
        store.still(camera_id),
        etag=f"{taken:%Y%m%dT%H%M%S%f}",
        media_type="image/jpeg",
        cache="private, no-cache",
        filename="still.jpg",
        disposition="inline",
    )


def _handing(request: Request, download: bool) -> Handing:
    if download:
        return Handing.DOWNLOADED
    return Handing.AHEAD if request.headers.get("x-ahead") == "1" else Handing.VIEWED


def send_file(
    request: Request,
    path: Path,
    *,
    etag: str,
    media_type: str,
    cache: str,
    filename: str,
    disposition: str,
) -> Response:
    """A stored file, or that the browser has it already. Raises IntegrityLost if it is gone."""
    headers = {"ETag": f'"{etag}"', "Cache-Control": cache}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if not path.is_file():
        raise IntegrityLost(f"{filename} is no longer in the store")
    return FileResponse(
        path,
        headers=headers,
        media_type=media_type,
        filename=filename,
        content_disposition_type=disposition,
    )
