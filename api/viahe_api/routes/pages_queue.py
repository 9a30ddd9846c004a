"""The queue: what waits, and its news."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from viahe_api import queries
from viahe_api.errors import FormFault, NotSignedIn
from viahe_api.language import N_
from viahe_api.queue_news import queue_news
from viahe_api.queue_order import QueueOrder
from viahe_api.records import QueuePage, QueueRow
from viahe_api.refs import media_url
from viahe_api.rejection_reasons import filter_reasons
from viahe_api.reported_places import reported_places
from viahe_api.routes.case_list import CaseList, read_list
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.just_decided import just_decided
from viahe_api.routes.live import event_stream
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Anybody, Person, SignedInVisit, Visit, any_visit, signed_in
from viahe_api.saved_views import remove_view, save_view, saved_views
from viahe_api.second_reviews import count_waiting
from viahe_api.vocabulary import OPEN_STATES, CaseState, Source
from viahe_api.web.directions import json_without_direction
from viahe_api.web.health_words import offline_said
from viahe_api.web.place_words import place_said
from viahe_api.web.wording import ACTS, CASE_STATUS, SOURCES, Status, reason_said, said
from viahe_rules.domain import Act

router = APIRouter()

VIEW_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "name_needed": N_("The view is not saved: give it a name."),
        "list_too_long": N_("The view is not saved: shorten what is searched for."),
        "too_many_views": N_("The view is not saved: 30 are kept at most; remove one first."),
    }
)
"""By the word of the fault."""


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row of the queue in words; `still` is an address."""

    ref: str
    code: str
    address: str
    act: str
    title: str
    """The act, of an undecided case as a suspicion."""
    place: str
    when: str
    waited: str
    score: str
    """Empty where no machine gave one."""
    source: str
    """Empty for a camera, which most are from."""
    status: Status
    still: str | None
    watched_by: str


@router.get("/queue")
def queue(visit: Person, page: int = 1) -> Response:
    """The waiting cases, filtered by the query string."""
    return _page(visit, read_list(visit.request.url.query), page)


def _page(
    visit: SignedInVisit,
    listed: CaseList,
    page: int = 1,
    view_name: str = "",
    view_fault: str = "",
) -> Response:
    """The list as it is filtered; `view_name` is one that was typed and is not kept yet, and
    `view_fault` why it is not."""
    with visit.database.reading() as session:
        found = queries.queue(session, visit.viewer, listed.filters(page), now=visit.now)
        cameras = queries.camera_choices(session, visit.viewer, now=visit.now)
        decided = just_decided(session, visit)
        second_looks = count_waiting(session, visit.viewer)
        views = saved_views(session, visit.viewer)
        reasons = filter_reasons(session, visit.viewer)
        reported = reported_places(session, visit.viewer)
    return visit.page(
        "queue.html",
        400 if view_fault or listed.no_days else 200,
        queue=found,
        rows=[_row(visit, row, listed) for row in found.rows],
        filters=listed,
        surest=listed.filters().order is QueueOrder.SUREST,
        acts=[(act.value, visit.language.gettext(ACTS[act])) for act in Act],
        offline=offline_said(visit.language, cameras),
        cameras=[{"id": str(camera.id), "name": camera.name} for camera in cameras],
        decided=decided,
        second_looks=second_looks,
        views=views,
        sources=[(source.value, visit.language.gettext(SOURCES[source])) for source in Source],
        reasons=[
            (reason.code, reason_said(visit.language, reason.meaning, reason.names))
            for reason in reasons
        ],
        groups=_named([*(camera.group for camera in cameras), *reported.groups]),
        streets=_named([*(camera.street for camera in cameras), *reported.streets]),
        states=[
            (state.value, visit.language.gettext(CASE_STATUS[state].word)) for state in CaseState
        ],
        list_query=listed.query,
        view_name=view_name,
        day_fault=visit.language.gettext("Write days as 22/11/2026.") if listed.no_days else "",
        no_days=listed.no_days,
        view_fault=visit.language.gettext(VIEW_FAULTS[view_fault]) if view_fault else "",
        oldest=_waited(visit, found.oldest_since),
        **_news(visit, found, listed),
        **_other_pages(found, listed),
    )


@router.post("/queue/views", dependencies=[CarriedForm, CheckedForm])
def keep_view(
    visit: Person, name: Annotated[str, Form()] = "", list: Annotated[str, Form()] = ""
) -> Response:
    """Keep the list as it is filtered under a name; one filtered by a day that is none is shown
    with what is wrong of it instead."""
    listed = read_list(list)
    if only_shown(visit.request) or listed.no_days:
        return _page(visit, listed, view_name=name)
    try:
        with visit.database.writing() as session:
            save_view(session, visit.viewer, name, listed.query)
    except FormFault as fault:
        return _page(visit, listed, view_name=name, view_fault=fault.fault)
    return RedirectResponse(f"/queue{listed.suffix}", 303)


@router.post("/queue/views/{view}/remove", dependencies=[CheckedForm])
def forget_view(visit: Person, view: int) -> Response:
    """Forget a name; the cases stay."""
    with visit.database.writing() as session:
        remove_view(session, visit.viewer, view)
    return RedirectResponse("/queue", 303)


@router.get("/queue/news")
def news(visit: Anybody, since: datetime | None = None) -> Response:
    """How the list stands now, for a page that cannot listen."""
    stand = json_without_direction(_stand(_listener(visit), since))
    return Response(stand, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get("/queue/live")
def live(visit: Anybody, request: Request, since: datetime | None = None) -> StreamingResponse:
    """The same whenever it changes, as server-sent events."""
    _stand(_listener(visit), since)  # refused before the stream begins
    known = request.headers.get("last-event-id", "")
    return StreamingResponse(
        event_stream(
            request.app.state.happenings,
            lambda: json_without_direction(_stand(_listener(_again(visit)), since)),
            int(known) if known.isdecimal() else None,
        ),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _again(visit: Visit) -> Visit:
    """The visit at this moment: the session may have ended since. It is not prolonged, so that
    a page nobody looks at does not keep its person signed in."""
    state = visit.request.app.state
    return any_visit(visit.request, state.settings, state.database, state.clock())


def _listener(visit: Visit) -> SignedInVisit:
    if visit.viewer is None:
        raise NotSignedIn("sign in first")
    return signed_in(visit, visit.viewer)


def _stand(visit: SignedInVisit, since: datetime | None) -> dict[str, Any]:
    """`waiting` refs, null if too many; `watched` sentences by ref; `news` after `since`."""
    filters = read_list(visit.request.url.query).filters()
    with visit.database.reading() as session:
        found = queue_news(session, visit.viewer, since, filters, now=visit.now)
    return {
        "waiting": found.waiting,
        "watched": {ref: _watched_by(visit, name) for ref, name in found.watched},
        "news": found.fresh,
    }


def _watched_by(visit: SignedInVisit, name: str) -> str:
    return visit.language.gettext("%(name)s is looking", name=name)


def _row(visit: SignedInVisit, row: QueueRow, listed: CaseList) -> RowShown:
    language = visit.language
    watched = row.lease is not None and not row.lease.mine
    act = language.gettext(ACTS[row.act])
    undecided = row.state in OPEN_STATES
    return RowShown(
        ref=row.ref,
        code=row.code,
        address=listed.case_address(row.ref),
        act=act,
        title=language.gettext("Suspected: %(act)s", act=act) if undecided else act,
        place=place_said(row.address, row.street, row.group),
        when=language.moment(row.start_at),
        waited=_waited(visit, row.waiting_since),
        score="" if row.score is None else language.number(row.score, 2),
        source="" if row.source is Source.CAMERA else language.gettext(SOURCES[row.source]),
        status=said(language, CASE_STATUS[row.state]),
        still=media_url(row.ref, row.still) if row.still else None,
        watched_by=_watched_by(visit, row.lease.holder) if watched and row.lease else "",
    )


def _named(names: Iterable[str | None]) -> list[str]:
    """Each once, in order."""
    return sorted({name for name in names if name})


def _waited(visit: SignedInVisit, since: datetime | None) -> str:
    return visit.language.wait((visit.now - since).total_seconds()) if since else ""


def _news(visit: SignedInVisit, found: QueuePage, listed: CaseList) -> dict[str, Any]:
    """Where the page asks for news, and how it says it."""
    since = {"since": found.newest_at.isoformat()} if found.newest_at else {}
    words = {
        "one": visit.language.gettext("1 new case - Show"),
        "many": visit.language.gettext("%(n)s new cases - Show", n="{n}"),
    }
    query = "&".join(part for part in (listed.query, urlencode(since)) if part)
    return {
        "news_query": query,
        "words_new": json.dumps(words, ensure_ascii=False),
    }


def _other_pages(found: QueuePage, listed: CaseList) -> dict[str, Any]:
    page = found.page
    return {
        "earlier_page": listed.page_address(page - 1) if page > 1 else None,
        "later_page": listed.page_address(page + 1) if page < found.pages else None,
    }
