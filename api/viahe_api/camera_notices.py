"""A photo of a camera's recording notice as it hangs: that people can know they are recorded."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.cameras import find_camera
from viahe_api.errors import NotFound
from viahe_api.photographs import Photograph
from viahe_api.scope import Viewer
from viahe_api.store import Store
from viahe_api.tables import Camera
from viahe_api.vocabulary import CAMERA_KEEPERS, CAMERA_READERS


@dataclass(frozen=True, slots=True)
class NoticePhoto:
    """A kept photo, by its hash."""

    sha256: str
    media_type: str


def keep_photo(
    session: Session,
    viewer: Viewer,
    store: Store,
    camera_id: int,
    photo: Photograph,
    *,
    now: datetime,
) -> str | None:
    """Keep the photo in place of an earlier one; the notice counts as posted from then on.

    What a telephone wrote into it, such as where it was, is not kept. Raises RoleNeeded,
    NotFound, StorageFull. Returns the hash of the photo it took the place of, whose file may go
    once this is committed.
    """
    viewer.require(*CAMERA_KEEPERS)
    camera = find_camera(session, viewer, camera_id, *CAMERA_KEEPERS)
    digest = hashlib.sha256(photo.shown).hexdigest()
    with store.receive(store.notice_photo(camera_id, digest), len(photo.shown)) as incoming:
        incoming.write(photo.shown)
        incoming.keep(digest)
    before = camera.notice_photo
    camera.notice_photo, camera.notice_photo_type = digest, photo.media_type
    camera.notice_posted = True
    session.flush()
    _log(session, viewer, camera, "camera.notice_photo", digest, now)
    return None if before == digest else before


def photo_seen(session: Session, viewer: Viewer, camera_id: int, *, now: datetime) -> NoticePhoto:
    """The photo, logged as seen. Raises NotFound where there is none."""
    camera = find_camera(session, viewer, camera_id, *CAMERA_READERS)
    if camera.notice_photo is None:
        raise NotFound(f"camera {camera.slug} has no photo of its notice")
    _log(session, viewer, camera, "still.viewed", camera.notice_photo, now)
    return NoticePhoto(camera.notice_photo, camera.notice_photo_type)


def _log(
    session: Session, viewer: Viewer, camera: Camera, action: str, sha256: str, now: datetime
) -> None:
    subject = f"camera:{camera.id}/notice"
    detail = {"sha256": sha256}
    audit.append(session, viewer, action, subject, now=now, ward_id=camera.ward_id, detail=detail)
