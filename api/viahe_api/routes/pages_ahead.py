"""What a browser may fetch while a person still looks at the case before."""

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from viahe_api import queries
from viahe_api.drafts import draft_of
from viahe_api.fetched_cases import OpenedAsFetched, log_fetched, mark_of
from viahe_api.field_tasks import case_tasks
from viahe_api.handling_reading import handling_of
from viahe_api.records import CaseDetail
from viahe_api.retention_reading import case_kept
from viahe_api.routes.case_list import CaseList, read_list
from viahe_api.routes.just_decided import JustDecided
from viahe_api.routes.pages_case import lease_said, show_case
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import CASE_READERS, FileKind
from viahe_api.web.case_facts import act_begins_t, earlier_said

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
    """The case a decision would open now: the addresses of its files, its page, and the mark to
    open it by. It is logged as fetched, and neither lent nor logged as viewed: nobody has seen it,
    and somebody else may open it first."""
    visit.viewer.require(*CASE_READERS)
    listed = read_list(visit.request.url.query)
    with visit.database.reading() as session:
        after = queries.next_case(session, visit.viewer, ref, listed.filters(), now=visit.now)
        if after is None:
            return JSONResponse({"files": [], "clip": None, "page": None})
        mark = mark_of(session, visit.viewer, after)
    with visit.database.writing() as session:
        log_fetched(session, visit.viewer, after, now=visit.now)
    detail, page = _page(visit, after, listed)
    told = {"address": listed.case_address(after), "fetched": f"{after} {mark}", "html": page}
    return JSONResponse({"files": _addresses(detail), "clip": _clip(detail), "page": told})


def opened_parts(
    visit: SignedInVisit,
    ref: str,
    opened: OpenedAsFetched,
    decided: JustDecided | None,
    listed: CaseList,
) -> str:
    """The parts of a page fetched ahead that its opening changes, as HTML: each takes the place
    of the one with the same `data-part`."""
    page = visit.page(
        "opened.html",
        decide_at=f"/cases/{ref}",
        decided=decided,
        earlier=earlier_said(visit.language, opened.earlier),
        list_query=listed.query,
        **lease_said(visit, opened.lease, decides=True),
    )
    return bytes(page.body).decode()


def _page(visit: SignedInVisit, ref: str, listed: CaseList) -> tuple[CaseDetail, str]:
    """A case that nobody has opened yet, and its page as opening it would show it, but for what
    is told by `opened_parts` then. Raises NotFound or Ambiguous."""
    with visit.database.reading() as session:
        detail = queries.case_detail(session, visit.viewer, ref, now=visit.now)
        note = draft_of(session, visit.viewer, ref)
        handled = handling_of(session, visit.viewer, ref, now=visit.now)
        tasks = case_tasks(session, visit.viewer, ref)
        kept = case_kept(session, visit.viewer, ref, now=visit.now)
    there = replace(visit, shown_at=listed.case_address(ref))
    page = show_case(there, detail, None, handled, listed, None, note, tasks=tasks, kept=kept)
    return detail, bytes(page.body).decode()


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
