"""What field officers see: where they were sent, what to look at, and the form of a finding."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from viahe_api import access, officer_tasks
from viahe_api.errors import FormFault, NotFound
from viahe_api.officer_tasks import TaskView
from viahe_api.photo_files import store_photos
from viahe_api.routes.edge import Databases, Evidence, Now, SignedIn
from viahe_api.routes.media import send_file
from viahe_api.routes.pages_hand_reports import read_photos
from viahe_api.routes.pages_sign_in import sign_in_over_form
from viahe_api.routes.posted_photos import Posted, read_posted
from viahe_api.routes.typed_again import SHOW, carried_form
from viahe_api.routes.visit import Anybody, Person, SignedInVisit, signed_in
from viahe_api.store import Store
from viahe_api.vocabulary import Finding
from viahe_api.web.hand_report_form import FaultSaid, faults_said
from viahe_api.web.place_words import place_said
from viahe_api.web.wording import ACTS, FINDINGS

router = APIRouter()


@dataclass(frozen=True, slots=True)
class TaskShown:
    """A task in words; `still` is an address."""

    id: int
    act: str
    place: str
    when: str
    asked: str
    to_check: str
    still: str
    finding: str
    note: str
    found: str


@router.get("/tasks")
def tasks(visit: Person, done: str = "") -> Response:
    """The person's open tasks, and what they found in the last week."""
    with visit.database.reading() as session:
        found = officer_tasks.my_tasks(session, visit.viewer, now=visit.now)
    shown = [(task.found_at is None, _shown(visit, task)) for task in found]
    return visit.page(
        "tasks.html",
        waiting=[task for is_open, task in shown if is_open],
        done=[task for is_open, task in shown if not is_open],
        kept=done == "1",
    )


@router.get("/tasks/{task_id}")
def task(visit: Person, task_id: int) -> Response:
    """One open task, with the form of its finding."""
    return _page(visit, task_id)


@router.get("/tasks/{task_id}/still", response_model=None)
def still(
    request: Request,
    task_id: int,
    viewer: SignedIn,
    database: Databases,
    store: Evidence,
    now: Now,
) -> Response:
    """The picture that shows what to look for, while the task is open; logged as seen."""
    file = access.task_still(database, viewer, task_id, now=now)
    return send_file(
        request,
        store.case_file(file.ward_code, file.case_code, file.name),
        etag=file.sha256,
        media_type=file.media_type,
        cache="private, no-cache",
        filename=f"{file.case_code}-{file.name}",
        disposition="inline",
    )


@router.post("/tasks/{task_id}/finding")
async def find(visit: Anybody, request: Request, task_id: int, store: Evidence) -> Response:
    """Keep what was found, or show the form as it was typed with what is wrong."""
    known = visit.viewer is not None
    posted = await read_posted(request, most_photos=1, known=known)
    if visit.viewer is None:
        texts = posted.texts.items()
        return sign_in_over_form(visit, carried_form(request.url.path, texts, had_files=True))
    return await run_in_threadpool(_keep, signed_in(visit, visit.viewer), store, task_id, posted)


def _keep(visit: SignedInVisit, store: Store, task_id: int, posted: Posted) -> Response:
    texts = posted.texts
    photos, faults = read_photos(posted, f"task_{task_id}")
    finding, note = texts.get("finding", ""), texts.get("note", "")
    if SHOW in texts:
        visit.request.state.only_shown = True
        return _page(visit, task_id, finding=finding, note=note)
    if not visit.is_own_form(texts.get("csrf", "")):
        faults.insert(0, "form_expired")
    if faults:
        return _page(visit, task_id, faults, finding, note)
    try:
        with visit.database.reading() as session:
            case = officer_tasks.open_task(session, visit.viewer, task_id).case
        store_photos(store, case.ward.code, case.code, photos)
        with visit.database.writing() as session:
            officer_tasks.record_finding(
                session, visit.viewer, task_id, finding, note, photos, now=visit.now
            )
    except FormFault as fault:
        return _page(visit, task_id, [fault.fault], finding, note)
    except NotFound:  # done already: the same form came twice
        return RedirectResponse("/tasks", 303)
    return RedirectResponse("/tasks?done=1", 303)


def _page(
    visit: SignedInVisit,
    task_id: int,
    faults: list[str] | None = None,
    finding: str = "",
    note: str = "",
) -> Response:
    with visit.database.reading() as session:
        found = officer_tasks.my_tasks(session, visit.viewer, now=visit.now)
    view = next((view for view in found if view.id == task_id and view.found_at is None), None)
    if view is None:
        raise NotFound(f"no open task {task_id} of {visit.viewer.login}")
    said: list[FaultSaid] = faults_said(visit.language, faults or [])
    return visit.page(
        "task.html",
        400 if said else 200,
        task=_shown(visit, view),
        findings=[(word.value, visit.language.gettext(FINDINGS[word])) for word in Finding],
        faults=said,
        finding=finding,
        note=note,
    )


def _shown(visit: SignedInVisit, view: TaskView) -> TaskShown:
    language = visit.language
    wards = (view.ward,) if visit.viewer.works_in_several_wards else ()
    return TaskShown(
        view.id,
        language.gettext(ACTS[view.act]),
        ", ".join((place_said(view.address, view.street, view.group), *wards)),
        language.moment(view.act_at),
        f"{language.moment(view.asked_at)}, {view.asked_by}",
        view.to_check,
        f"/tasks/{view.id}/still" if view.still else "",
        language.gettext(FINDINGS[view.finding]) if view.finding else "",
        view.note,
        language.moment(view.found_at) if view.found_at else "",
    )
