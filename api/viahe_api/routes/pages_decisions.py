"""What the decision bar posts. Each ends at the next case of the list, or says on the case's
own page why nothing was kept."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel

from viahe_api import cases, duplicates, queries
from viahe_api.errors import (
    AlreadyDecided,
    Conflict,
    FormFault,
    NotFound,
    OpenElsewhere,
    RetentionEnded,
)
from viahe_api.fetched_cases import open_as_fetched
from viahe_api.going_on import sent_by_module
from viahe_api.language import N_, Language
from viahe_api.records import Lease
from viahe_api.routes.case_list import CaseList, read_list
from viahe_api.routes.edge import CarriedNote, CheckedForm
from viahe_api.routes.just_decided import just_decided
from viahe_api.routes.pages_ahead import opened_parts
from viahe_api.routes.pages_case import Fault, case_page
from viahe_api.routes.visit import Person, SignedInVisit, own_address
from viahe_api.second_reviews import Sampling
from viahe_api.vocabulary import Verdict

router = APIRouter(dependencies=[CarriedNote, CheckedForm])

FORM_FAULTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "reason_needed": (N_("Choose a reason."), "reject"),
        "note_needed": (N_("Say in the note which other reason."), "note"),
        "note_too_long": (N_("The note is too long: 2,000 characters at most."), "note"),
        "duplicate_needed": (N_("Choose the case this one duplicates."), "duplicate"),
        "duplicate_unknown": (N_("No case of the ward has this code."), "duplicate"),
        "duplicate_elsewhere": (N_("This code is of a case of another ward."), "duplicate"),
        "duplicate_itself": (
            N_("This is the code of the case itself: give that of another one."),
            "duplicate",
        ),
        "duplicate_of_duplicate": (
            N_("That case is a duplicate itself: give the code of the one it duplicates."),
            "duplicate",
        ),
        "duplicate_without_evidence": (
            N_("That case has no evidence left to compare with: give the code of another one."),
            "duplicate",
        ),
    }
)
"""The sentence of each fault and the part of the form it concerns."""


class DecisionForm(BaseModel):
    """The fields of the bar; `list` is the query string of the list the case came from, `of` the
    case a button names as duplicated, `of_code` the one whose code is typed. `fetched` is what
    came with the page of the next case, if that is at hand."""

    form_id: str = ""
    note: str = ""
    reason: str = ""
    of: str = ""
    of_code: str = ""
    list: str = ""
    fetched: str = ""


Posted = Annotated[DecisionForm, Form()]


@router.post("/cases/{ref}/confirm")
def confirm(visit: Person, ref: str, form: Posted) -> Response:
    """Sufficient grounds."""
    return _decide(visit, ref, Verdict.CONFIRM, form)


@router.post("/cases/{ref}/reject")
def reject(visit: Person, ref: str, form: Posted) -> Response:
    """Not a violation, or no sufficient grounds, as the reason says."""
    return _decide(visit, ref, Verdict.REJECT, form)


@router.post("/cases/{ref}/more")
def more(visit: Person, ref: str, form: Posted) -> Response:
    """More evidence is wanted."""
    return _decide(visit, ref, Verdict.MORE, form)


@router.post("/cases/{ref}/duplicate")
def duplicate(visit: Person, ref: str, form: Posted) -> Response:
    """The same event as another case."""
    return _decide(visit, ref, Verdict.DUPLICATE, form)


@router.post("/cases/{ref}/split")
def split(visit: Person, ref: str, back: Annotated[str, Form()] = "") -> Response:
    """Take a case out from under the one it was said to repeat; `back` is the case shown."""
    with visit.database.writing() as session:
        duplicates.split(session, visit.viewer, ref, now=visit.now)
    return RedirectResponse(own_address(f"/cases/{back or ref}"), 303)


@router.post("/cases/{ref}/skip")
def skip(visit: Person, ref: str, form: Posted) -> Response:
    """Give the case back undecided and go on."""
    with visit.database.writing() as session:
        cases.leave_case(session, visit.viewer, ref, now=visit.now)
    return _next(visit, ref, read_list(form.list), form.fetched)


@router.post("/cases/{ref}/lease")
def keep(visit: Person, ref: str) -> Response:
    """Three more minutes; the answer is until when, in words."""
    with visit.database.writing() as session:
        lease = cases.renew_lease(session, visit.viewer, ref, now=visit.now)
    return held_longer(visit, lease)


@router.post("/cases/{ref}/leave")
def leave(visit: Person, ref: str, until: Annotated[datetime, Form()]) -> Response:
    """Give the case back as its page is left, which knows `until` when it was lent."""
    with visit.database.writing() as session:
        cases.leave_case(session, visit.viewer, ref, now=visit.now, until=until)
    return Response(status_code=204)


@router.post("/cases/{ref}/undo")
def undo(
    visit: Person,
    ref: str,
    decision: Annotated[int, Form()],
    form: Posted,
) -> Response:
    """Take back one's own last decision and look at its case again."""
    with visit.database.writing() as session:
        cases.undo(session, visit.viewer, decision, now=visit.now)
    return RedirectResponse(read_list(form.list).case_address(ref), 303)


def held_longer(visit: SignedInVisit, lease: Lease) -> Response:
    """Until when a case is kept, in words and exactly."""
    said = visit.language.gettext("Held until %(at)s", at=visit.language.clock(lease.until))
    headers = {"X-Held-Until": lease.until.isoformat()}
    return Response(said, media_type="text/plain", headers=headers)


def _decide(visit: SignedInVisit, ref: str, verdict: Verdict, form: DecisionForm) -> Response:
    listed = read_list(form.list)
    try:
        with visit.database.writing() as session:
            cases.decide(
                session,
                visit.viewer,
                ref,
                verdict,
                form_id=form.form_id or cases.new_form_id(),
                now=visit.now,
                reason=form.reason,
                note=form.note,
                duplicate_of=form.of or form.of_code,
                sampling=Sampling(visit.settings.second_review_percent, visit.settings.secret),
            )
    except (FormFault, AlreadyDecided, OpenElsewhere, RetentionEnded) as refusal:
        fault = replace(fault_of(visit.language, refusal), typed=form.of_code)
        return case_page(visit, ref, listed, fault, form.note)
    # A page that was fetched ahead does not know that this case repeats it, or another near it.
    return _next(visit, ref, listed, "" if verdict is Verdict.DUPLICATE else form.fetched)


def fault_of(language: Language, refusal: FormFault | Conflict | RetentionEnded) -> Fault:
    """What the page says of a decision that was not kept."""
    if isinstance(refusal, RetentionEnded):
        said = language.gettext("Not saved: retention of this case has ended. Note kept.")
        return Fault(said, status=refusal.status)
    if isinstance(refusal, AlreadyDecided):
        return Fault(
            language.gettext(
                "Not saved: %(name)s decided at %(at)s. Note kept.",
                name=refusal.by,
                at=language.clock(refusal.at),
            ),
            status=refusal.status,
        )
    if isinstance(refusal, OpenElsewhere):
        return Fault(
            language.gettext(
                "Not saved: %(name)s has this case open until %(at)s. Note kept.",
                name=refusal.by,
                at=language.clock(refusal.until),
            ),
            status=refusal.status,
        )
    fault = refusal.fault if isinstance(refusal, FormFault) else ""
    message, at = FORM_FAULTS.get(fault, (N_("This case cannot be decided."), ""))
    return Fault(language.gettext(message), at, refusal.status)


def _next(visit: SignedInVisit, ref: str, listed: CaseList, fetched: str) -> Response:
    with visit.database.reading() as session:
        following = queries.next_case(session, visit.viewer, ref, listed.filters(), now=visit.now)
    address = listed.case_address(following) if following else f"/queue{listed.suffix}"
    of, _, mark = fetched.partition(" ")
    if following == of and sent_by_module(visit.request.scope):
        return _opened(visit, of, mark, listed)
    return RedirectResponse(address, 303)


def _opened(visit: SignedInVisit, ref: str, mark: str, listed: CaseList) -> Response:
    """Opens a case whose page is at hand, and tells what that page does not know yet. What was
    decided before is kept, whatever becomes of this case meanwhile."""
    told = {"next": listed.case_address(ref)}
    with suppress(NotFound), visit.database.writing() as session:
        opened = open_as_fetched(session, visit.viewer, ref, mark, now=visit.now)
        if opened is not None:
            decided = just_decided(session, visit)
            told["opened"] = opened_parts(visit, ref, opened, decided, listed)
    return JSONResponse(told)
