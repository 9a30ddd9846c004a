"""The register of requests by people who were recorded: the list, a new one, an answer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from viahe_api import cases, picture_requests
from viahe_api.errors import FormFault
from viahe_api.law import local_day
from viahe_api.picture_requests import RequestAnswer, RequestDraft
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import Answered, Asked
from viahe_api.web.request_words import ANSWERED, ASKED, FAULTS, request_said
from viahe_api.web.typed_times import read_day

router = APIRouter(prefix="/requests")

NOTHING: Mapping[str, str] = MappingProxyType({})


class RequestForm(BaseModel):
    """A new request, as typed."""

    form_id: str = ""
    ward: int = 0
    asked: str = ""
    paper: str = ""
    received: str = ""
    place: str = ""
    about: str = ""


class AnswerForm(BaseModel):
    """An answer, as typed."""

    answer: str = ""
    answer_paper: str = ""
    answer_note: str = ""


@router.get("")
def register(visit: Person, kept: bool = False) -> Response:
    """Raises RoleNeeded."""
    return _page(visit, kept=kept)


@router.post("", dependencies=[CarriedForm, CheckedForm])
def enter(visit: Person, form: Annotated[RequestForm, Form()]) -> Response:
    """Write a request down."""
    typed = {name: str(value) for name, value in form.model_dump().items()}
    if only_shown(visit.request):
        return _page(visit, typed=typed)
    form_id = form.form_id or cases.new_form_id()
    try:
        with visit.database.writing() as session:
            draft = _draft(form)
            picture_requests.enter(session, visit.viewer, draft, form_id=form_id, now=visit.now)
    except FormFault as fault:
        return _page(visit, fault, typed=typed)
    return RedirectResponse("/requests?kept=true", 303)


@router.post("/{request_id}/answer", dependencies=[CarriedForm, CheckedForm])
def answer(visit: Person, request_id: int, form: Annotated[AnswerForm, Form()]) -> Response:
    """Close a request with its answer."""
    if only_shown(visit.request):
        return _page(visit, answering=request_id, typed=form.model_dump())
    try:
        if form.answer not in set(Answered):
            raise FormFault("answer", "choose an answer")
        given = RequestAnswer(
            Answered(form.answer), form.answer_paper.strip(), form.answer_note.strip()
        )
        with visit.database.writing() as session:
            picture_requests.answer(session, visit.viewer, request_id, given, now=visit.now)
    except FormFault as fault:
        return _page(visit, fault, answering=request_id, typed=form.model_dump())
    return RedirectResponse("/requests?kept=true", 303)


def _draft(form: RequestForm) -> RequestDraft:
    if form.asked not in set(Asked):
        raise FormFault("asked", "choose what is asked")
    return RequestDraft(
        form.ward,
        Asked(form.asked),
        form.paper.strip(),
        read_day(form.received),
        form.place.strip(),
        form.about.strip(),
    )


def _page(
    visit: SignedInVisit,
    fault: FormFault | None = None,
    *,
    answering: int = 0,
    typed: Mapping[str, str] = NOTHING,
    kept: bool = False,
) -> Response:
    language = visit.language
    with visit.database.reading() as session:
        found = picture_requests.requests(session, visit.viewer, now=visit.now)
        wards = picture_requests.request_wards(session, visit.viewer)
    blank = dict.fromkeys((*RequestForm.model_fields, *AnswerForm.model_fields), "")
    blank |= {
        "received": language.day(local_day(visit.now)),
        "ward": str(wards[0][0] if wards else ""),
    }
    return visit.page(
        "requests.html",
        400 if fault else 200,
        rows=[request_said(language, view) for view in found],
        wards=[(str(ward), name) for ward, name in wards],
        several=visit.viewer.works_in_several_wards,
        asked=[(word.value, language.gettext(ASKED[word])) for word in Asked],
        answers=[(word.value, language.gettext(ANSWERED[word].word)) for word in Answered],
        typed={**blank, **typed},
        answering=answering,
        entering=bool(typed) and not answering,
        fault=language.gettext(FAULTS.get(fault.fault, fault.fault)) if fault else "",
        kept=kept,
    )
