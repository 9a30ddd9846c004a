"""The paper a permit rests on, as it was scanned: told by its bytes, kept under its hash."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.errors import FormFault, NotFound
from viahe_api.scope import Viewer, scoped
from viahe_api.store import Store
from viahe_api.tables import Camera, Permit
from viahe_api.vocabulary import CAMERA_KEEPERS

LARGEST = 7 << 20
"""Bytes of one paper; the whole form has to stay below the pages' limit."""
KINDS = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)
"""How a kind of paper begins, whatever its file is called."""
CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Paper:
    """A stored paper; `name` is what it is called when it is handed out."""

    sha256: str
    name: str
    media_type: str


def keep(store: Store, name: str, content: BinaryIO) -> Paper:
    """Store a paper, a chunk at a time; the same bytes again are the same paper.

    Raises FormFault `paper_kind` for what is no PDF, JPEG or PNG by its bytes, and
    `paper_too_large`; StorageFull.
    """
    head = content.read(8)
    kind = next((kind for kind in KINDS if head.startswith(kind[0])), None)
    if kind is None:
        raise FormFault("paper_kind", "a paper is a PDF, JPEG or PNG file")
    digest, size = _measured(content)
    if size > LARGEST:
        raise FormFault("paper_too_large", f"a paper has at most {LARGEST} bytes")
    content.seek(0)
    with store.receive(store.permit_paper(digest), size) as incoming:
        while chunk := content.read(CHUNK):
            incoming.write(chunk)
        incoming.keep(digest)
    return Paper(digest, _tidy(name, kind[2]), kind[1])


def handed_out(session: Session, viewer: Viewer, permit_id: int, *, now: datetime) -> Paper:
    """The paper of a permit the viewer keeps, logged as handed out. Raises RoleNeeded, NotFound."""
    viewer.require(*CAMERA_KEEPERS)
    statement = select(Permit, Camera.ward_id).join(Camera, Camera.id == Permit.camera_id)
    mine = scoped(statement, Camera.ward_id, viewer, *CAMERA_KEEPERS)
    found = session.execute(mine.where(Permit.id == permit_id)).one_or_none()
    document = found[0].document if found is not None else None
    if found is None or document is None:
        raise NotFound(f"no permit {permit_id} with a paper in the wards of {viewer.login}")
    row, ward_id = found
    subject = f"camera:{row.camera_id}/permit:{row.number}/paper"
    detail = {"sha256": document}
    audit.append(
        session, viewer, "file.downloaded", subject, now=now, ward_id=ward_id, detail=detail
    )
    return Paper(document, row.document_name, row.document_type)


def _measured(content: BinaryIO) -> tuple[str, int]:
    content.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _tidy(name: str, suffix: str) -> str:
    """The file's own name, without folders, without what turns writing around or cannot be
    seen, and with the suffix its bytes ask for."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    seen = "".join(sign for sign in bare if unicodedata.category(sign)[0] != "C")
    stem = re.sub(r"\.[^.]*$", "", seen).strip()[:120]
    return f"{stem or 'permit'}{suffix}"
