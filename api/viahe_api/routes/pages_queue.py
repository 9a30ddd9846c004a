"""The queue: what waits, longest first, and its news."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from viahe_api import queries
from viahe_api.records import QueuePage, QueueRow
from viahe_api.refs import media_url
from viahe_api.routes.case_list import CaseList, read_list
from viahe_api.routes.just_decided import just_decided
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.web.wording import ACTS, CASE_STATUS, Status, said
from viahe_rules.domain import Act

router = APIRouter()

FOLLOWED_ROWS = 200
"""Up to so many waiting cases are told apart in the news; a longer list only counts."""


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row of the queue in words; `still` is an address."""

    ref: str
    code: str
    address: str
    act: str
    place: str
    when: str
    waited: str
    score: str
    status: Status
    still: str | None
    watched_by: str


@router.get("/queue")
def queue(visit: Person, page: int = 1) -> Response:
    """The waiting cases, filtered by the query string."""
    listed = read_list(visit.request.url.query)
    with visit.database.reading() as session:
        found = queries.queue(session, visit.viewer, listed.filters(page), now=visit.now)
        cameras = queries.cameras(session, visit.viewer, now=visit.now)
        decided = just_decided(session, visit)
    return visit.page(
        "queue.html",
        queue=found,
        rows=[_row(visit, row, listed) for row in found.rows],
        filters=listed,
        acts=[(act.value, visit.language.gettext(ACTS[act])) for act in Act],
        cameras=[{"id": str(camera.id), "name": camera.name} for camera in cameras],
        decided=decided,
        list_query=listed.query,
        oldest=_waited(visit, found.oldest_since),
        **_news(visit, found, listed),
        **_other_pages(found, listed),
    )


@router.get("/queue/news")
def news(visit: Person, since: datetime | None = None) -> Response:
    """What the open page cannot know: `waiting` refs, null if too many, and `news` after it."""
    listed = read_list(visit.request.url.query)
    filters = listed.filters(per_page=FOLLOWED_ROWS)
    with visit.database.reading() as session:
        found = queries.queue(session, visit.viewer, filters, now=visit.now)
        fresh = queries.new_since(session, visit.viewer, since, filters) if since else found.total
    waiting = [row.ref for row in found.rows] if found.total <= FOLLOWED_ROWS else None
    return JSONResponse({"waiting": waiting, "news": fresh}, headers={"Cache-Control": "no-store"})


def _row(visit: SignedInVisit, row: QueueRow, listed: CaseList) -> RowShown:
    language = visit.language
    watched = row.lease is not None and not row.lease.mine
    return RowShown(
        ref=row.ref,
        code=row.code,
        address=listed.case_address(row.ref),
        act=language.gettext(ACTS[row.act]),
        place=", ".join(part for part in (row.address, row.group) if part),
        when=language.moment(row.start_at),
        waited=_waited(visit, row.waiting_since),
        score=language.number(row.score, 2),
        status=said(language, CASE_STATUS[row.state]),
        still=media_url(row.ref, row.still) if row.still else None,
        watched_by=language.gettext("%(name)s is looking", name=row.lease.holder)
        if watched and row.lease
        else "",
    )


def _waited(visit: SignedInVisit, since: datetime | None) -> str:
    return visit.language.duration((visit.now - since).total_seconds()) if since else ""


def _news(visit: SignedInVisit, found: QueuePage, listed: CaseList) -> dict[str, Any]:
    """Where the page asks for news, and how it says it."""
    since = {"since": found.newest_at.isoformat()} if found.newest_at else {}
    words = {
        "one": visit.language.gettext("1 new case - Show"),
        "many": visit.language.gettext("%(n)s new cases - Show", n="{n}"),
    }
    query = "&".join(part for part in (listed.query, urlencode(since)) if part)
    return {
        "live_address": f"/queue/news?{query}",
        "words_new": json.dumps(words, ensure_ascii=False),
    }


def _other_pages(found: QueuePage, listed: CaseList) -> dict[str, Any]:
    page = found.page
    return {
        "earlier_page": listed.page_address(page - 1) if page > 1 else None,
        "later_page": listed.page_address(page + 1) if page < found.pages else None,
    }
