"""The blind second look at a case, and what becomes of two opinions."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from viahe_api import disagreements, second_reviews
from viahe_api.counts import Share
from viahe_api.disagreements import Disagreement, Opinion
from viahe_api.errors import FormFault
from viahe_api.handling_reading import HandlingView
from viahe_api.language import Language
from viahe_api.routes.case_list import CaseList
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.pages_case import Fault, show_case
from viahe_api.routes.pages_decisions import DecisionForm, fault_of
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import Verdict
from viahe_api.web.wording import VERDICTS, reason_said

router = APIRouter()

Posted = Annotated[DecisionForm, Form()]


@router.get("/second-reviews")
def first(visit: Person) -> Response:
    """The case that has waited longest for this person's second look, or the queue."""
    return _next(visit)


@router.get("/second-reviews/{ref}")
def look(visit: Person, ref: str) -> Response:
    """The case as if nobody had looked at it."""
    return _page(visit, ref)


@router.post("/second-reviews/{ref}/confirm", dependencies=[CarriedForm, CheckedForm])
def confirm(visit: Person, ref: str, form: Posted) -> Response:
    """Sufficient grounds, says the second too, or says only the second."""
    return _opine(visit, ref, Verdict.CONFIRM, form)


@router.post("/second-reviews/{ref}/reject", dependencies=[CarriedForm, CheckedForm])
def reject(visit: Person, ref: str, form: Posted) -> Response:
    """Not a violation, or no sufficient grounds."""
    return _opine(visit, ref, Verdict.REJECT, form)


@router.get("/agreement")
def agreement(visit: Person) -> Response:
    """How often second reviewers agree, and the cases of two opinions."""
    with visit.database.reading() as session:
        found = disagreements.agreement(session, visit.viewer)
        differing = disagreements.disagreements(session, visit.viewer)
    return visit.page(
        "agreement.html",
        agreement=found,
        rate=_rate(visit.language, found.agreed, found.done),
        share=visit.language.number(visit.settings.second_review_percent),
        differing=[_shown(visit.language, two) for two in differing],
    )


@router.post("/agreement/{first_id}", dependencies=[CheckedForm])
def settle(visit: Person, first_id: int, holds: Annotated[str, Form()] = "") -> Response:
    """Say which opinion holds."""
    if holds not in {"first", "second"}:
        return RedirectResponse("/agreement", 303)
    with visit.database.writing() as session:
        disagreements.settle(
            session, visit.viewer, first_id, second_holds=holds == "second", now=visit.now
        )
    return RedirectResponse("/agreement", 303)


def _opine(visit: SignedInVisit, ref: str, verdict: Verdict, form: DecisionForm) -> Response:
    if only_shown(visit.request):
        return _page(visit, ref, note=form.note)
    try:
        with visit.database.writing() as session:
            second_reviews.give_opinion(
                session,
                visit.viewer,
                ref,
                verdict,
                now=visit.now,
                reason=form.reason,
                note=form.note,
            )
    except FormFault as refusal:
        return _page(visit, ref, fault_of(visit.language, refusal), form.note)
    return _next(visit)


def _page(visit: SignedInVisit, ref: str, fault: Fault | None = None, note: str = "") -> Response:
    with visit.database.writing() as session:
        detail = second_reviews.blind_case(session, visit.viewer, ref, now=visit.now)
    nothing = HandlingView(detail.ref, (), None, False, False, (), (), None)
    return show_case(visit, detail, None, nothing, CaseList(), fault, note, blind=True)


def _next(visit: SignedInVisit) -> Response:
    with visit.database.reading() as session:
        refs = second_reviews.waiting_refs(session, visit.viewer)
    return RedirectResponse(f"/second-reviews/{refs[0]}" if refs else "/queue", 303)


def _rate(language: Language, agreed: int, done: int) -> str:
    """The share with its 95 % interval, since a sample is small."""
    interval = Share(agreed, done).interval
    if interval is None:
        return ""
    low, high = (language.number(bound * 100) for bound in interval)
    return language.gettext(
        "%(rate)s %% (%(low)s-%(high)s)",
        rate=language.number(agreed / done * 100),
        low=low,
        high=high,
    )


def _shown(language: Language, two: Disagreement) -> dict[str, object]:
    return {
        "id": two.first_id,
        "ref": two.ref,
        "code": two.code,
        "address": two.address,
        "first": _opinion(language, two.first),
        "second": _opinion(language, two.second),
    }


def _opinion(language: Language, opinion: Opinion) -> str:
    said = [language.gettext(VERDICTS[opinion.verdict])]
    if opinion.reason is not None:
        said.append(reason_said(language, opinion.reason, opinion.reason_names))
    if opinion.note:
        said.append(opinion.note)
    return f"{opinion.by}: {'; '.join(said)}"
