"""The register of requests by people who were recorded: what was asked, by when it is due, and
how it was answered. It reminds and blocks nothing; pictures are handed out elsewhere."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from viahe_api import audit
from viahe_api.errors import FormFault, NotFound
from viahe_api.law import Deadline, Reminders, local_day, reminders
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import PictureRequest, Ward
from viahe_api.vocabulary import REQUEST_KEEPERS, REQUEST_READERS, Answered, Asked

RECEIVED = "request_received"
LONGEST_NUMBER, LONGEST_PLACE, LONGEST_TEXT = 80, 200, 2000
SHOWN = 200
"""Requests on the page: what is open first, then the newest that are answered."""


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """A request as it is entered. Who asks stands on the paper alone."""

    ward_id: int
    asked: Asked
    paper: str
    received_on: date
    place: str
    about: str


@dataclass(frozen=True, slots=True)
class RequestAnswer:
    """What became of a request; the number of the answer may be missing."""

    answer: Answered
    paper: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RequestView:
    """A line of the register. `deadline` is None once it is answered."""

    id: int
    ward: str
    asked: Asked
    paper: str
    received_on: date
    place: str
    about: str
    entered_by: str
    deadline: Deadline | None
    answer: RequestAnswer | None
    answered_by: str
    answered_at: datetime | None


def request_wards(session: Session, viewer: Viewer) -> tuple[tuple[int, str], ...]:
    """Ids and names of the wards whose register the viewer keeps, by name."""
    statement = select(Ward.id, Ward.name).order_by(Ward.name)
    rows = session.execute(scoped(statement, Ward.id, viewer, *REQUEST_KEEPERS))
    return tuple((ward, name) for ward, name in rows)


def requests(session: Session, viewer: Viewer, *, now: datetime) -> tuple[RequestView, ...]:
    """Of the viewer's wards: first what is open, the longest waiting first. Raises RoleNeeded."""
    viewer.require(*REQUEST_READERS)
    statement = (
        select(PictureRequest)
        .options(
            joinedload(PictureRequest.ward),
            joinedload(PictureRequest.entered_by),
            joinedload(PictureRequest.answered_by),
        )
        .order_by(PictureRequest.answer.is_not(None), PictureRequest.id.desc())
        .limit(SHOWN)
    )
    rows = session.scalars(scoped(statement, PictureRequest.ward_id, viewer, *REQUEST_READERS))
    rules, today = reminders(session), local_day(now)
    views = [_view(row, rules, today) for row in rows]
    waiting = sorted((v for v in views if v.answer is None), key=lambda v: (v.received_on, v.id))
    return (*waiting, *(v for v in views if v.answer is not None))


def enter(
    session: Session, viewer: Viewer, draft: RequestDraft, *, form_id: str, now: datetime
) -> int:
    """Write a request down; the same form again changes nothing. Returns its id.

    Raises RoleNeeded, NotFound, and FormFault `paper`, `place`, `about`, `received_in_future`.
    """
    viewer.require(*REQUEST_KEEPERS)
    if draft.ward_id not in {ward for ward, _ in request_wards(session, viewer)}:
        raise NotFound(f"no ward {draft.ward_id} whose register {viewer.login} keeps")
    _check(draft, local_day(now))
    sent = session.scalar(
        select(PictureRequest.id).where(
            PictureRequest.entered_by_id == viewer.account_id, PictureRequest.form_id == form_id
        )
    )
    if sent is not None:
        return sent
    row = PictureRequest(
        ward_id=draft.ward_id,
        form_id=form_id,
        asked=draft.asked,
        paper=draft.paper,
        received_on=draft.received_on,
        place=draft.place,
        about=draft.about,
        entered_by_id=viewer.account_id,
        entered_at=now,
    )
    session.add(row)
    session.flush()
    _log(session, viewer, row, "request.entered", {"asked": row.asked.value}, now)
    return row.id


def answer(
    session: Session, viewer: Viewer, request_id: int, given: RequestAnswer, *, now: datetime
) -> None:
    """Close a request with its answer; one that is answered already stays as it is.

    Raises RoleNeeded, NotFound, and FormFault `paper`, `about`, `why_refused`.
    """
    viewer.require(*REQUEST_KEEPERS)
    statement = select(PictureRequest).where(PictureRequest.id == request_id).with_for_update()
    row = session.scalar(scoped(statement, PictureRequest.ward_id, viewer, *REQUEST_KEEPERS))
    if row is None:
        raise NotFound(f"no request {request_id} in the wards of {viewer.login}")
    if row.answer is not None:
        return
    if len(given.paper) > LONGEST_NUMBER:
        raise FormFault("paper", f"a number has at most {LONGEST_NUMBER} characters")
    if len(given.note) > LONGEST_TEXT:
        raise FormFault("about", f"a note has at most {LONGEST_TEXT} characters")
    if given.answer in (Answered.PARTLY, Answered.REFUSED) and not given.note:
        raise FormFault("why_refused", "say why not all that was asked is granted")
    row.answer, row.answer_paper, row.answer_note = given.answer, given.paper, given.note
    row.answered_by_id, row.answered_at = viewer.account_id, now
    session.flush()
    _log(session, viewer, row, "request.answered", {"answer": given.answer.value}, now)


def _check(draft: RequestDraft, today: date) -> None:
    if not 0 < len(draft.paper) <= LONGEST_NUMBER:
        raise FormFault("paper", "a request has a paper with a number")
    if not 0 < len(draft.place) <= LONGEST_PLACE:
        raise FormFault("place", "say which place and time the request is about")
    if len(draft.about) > LONGEST_TEXT:
        raise FormFault("about", f"a text has at most {LONGEST_TEXT} characters")
    if draft.received_on > today:
        raise FormFault("received_in_future", "it cannot have been received yet")


def _view(row: PictureRequest, rules: Reminders, today: date) -> RequestView:
    given = RequestAnswer(row.answer, row.answer_paper, row.answer_note) if row.answer else None
    return RequestView(
        row.id,
        row.ward.name,
        row.asked,
        row.paper,
        row.received_on,
        row.place,
        row.about,
        row.entered_by.name,
        None if given else rules.after(RECEIVED, row.received_on, today),
        given,
        row.answered_by.name if row.answered_by else "",
        row.answered_at,
    )


def _log(
    session: Session,
    viewer: Viewer,
    row: PictureRequest,
    action: str,
    detail: dict[str, str],
    now: datetime,
) -> None:
    subject = f"request:{row.id}"
    audit.append(session, viewer, action, subject, now=now, ward_id=row.ward_id, detail=detail)
