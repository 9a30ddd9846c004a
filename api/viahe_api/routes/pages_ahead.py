"""What a browser may fetch while a person still looks at the case before."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from viahe_api import queries
from viahe_api.records import CaseDetail
from viahe_api.routes.case_list import read_list
from viahe_api.routes.visit import Person
from viahe_api.vocabulary import CASE_READERS, FileKind
from viahe_api.web.case_facts import act_begins_t

router = APIRouter()

SHOWN = (
    FileKind.STILL_ACT,
    FileKind.OVERLAY,
    FileKind.MANIFEST,
    FileKind.PREVIEW,
    FileKind.CLIP,
    FileKind.STILL_BEFORE,
    FileKind.STILL_ONSET,
    FileKind.STILL_AFTER,
)
"""What the page of a case shows, in the order it is missed."""


@router.get("/cases/{ref}/following")
def following(visit: Person, ref: str) -> JSONResponse:
    """Addresses of the files of the case a decision would open now. The case itself is neither
    lent nor logged as viewed: nobody has seen it, and somebody else may open it first."""
    visit.viewer.require(*CASE_READERS)
    filters = read_list(visit.request.url.query).filters()
    with visit.database.reading() as session:
        after = queries.next_case(session, visit.viewer, ref, filters, now=visit.now)
        if after is None:
            return JSONResponse({"files": [], "clip": None})
        detail = queries.case_detail(session, visit.viewer, after, now=visit.now)
    return JSONResponse({"files": _addresses(detail), "clip": _clip(detail)})


def _addresses(detail: CaseDetail) -> list[str]:
    played = detail.played
    found = (detail.file(kind) for kind in SHOWN)
    unplayed = (FileKind.CLIP if played and played.kind is FileKind.PREVIEW else None,)
    return [file.url for file in found if file is not None and file.kind not in unplayed]


def _clip(detail: CaseDetail) -> dict[str, str | float | None] | None:
    """Which of the files is played, and what tells from where."""
    if detail.played is None:
        return None
    manifest = detail.file(FileKind.MANIFEST)
    return {
        "address": detail.played.url,
        "manifest": manifest.url if manifest else None,
        "act_begins_t": act_begins_t(detail),
    }
