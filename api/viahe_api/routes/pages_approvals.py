"""What approvers do: hand confirmed cases over or return them, and record what became of them."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from viahe_api import cases, handling, taking_back
from viahe_api.errors import FormFault
from viahe_api.handling import Outcome
from viahe_api.handling_reading import HandledCase, count_handled, handled_cases, handling_of
from viahe_api.language import N_
from viahe_api.law import Deadline
from viahe_api.routes.case_list import CaseList
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.pages_case import NOTHING_TYPED, Fault, case_page
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import Handling
from viahe_api.web.handling_words import deadline_said
from viahe_api.web.place_words import place_said
from viahe_api.web.wording import ACTS, HANDLING_STATUS, said

router = APIRouter()

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "return_note_needed": N_("Say in the note what is missing."),
        "note_too_long": N_("The note is too long: 2,000 characters at most."),
        "step_needed": N_("Choose a result."),
        "number_needed": N_("Give the number of the paper."),
        "day_needed": N_("Give the day of the paper as dd/mm/yyyy."),
        "day_in_future": N_("The day of the paper has not come yet."),
        "basis_needed": N_("Choose a legal basis in force on the day of the act."),
        "amount_needed": N_("Give the amount in đồng, digits only."),
    }
)


class OutcomeForm(BaseModel):
    """The fields as typed."""

    form_id: str = ""
    step: str = ""
    basis: str = ""
    number: str = ""
    day: str = ""
    amount: str = ""
    note: str = ""


Posted = Annotated[OutcomeForm, Form()]


@router.get("/approvals")
def approvals(visit: Person) -> Response:
    """Confirmed cases that wait for a second person, and those handed over and not closed."""
    with visit.database.reading() as session:
        waiting, open_ = (
            handled_cases(session, visit.viewer, handed_over=handed, now=visit.now)
            for handed in (False, True)
        )
        all_waiting, all_open = (
            count_handled(session, visit.viewer, handed_over=handed) for handed in (False, True)
        )
    return visit.page(
        "approvals.html",
        waiting=[_shown(visit, line) for line in waiting],
        handled=[_shown(visit, line) for line in open_],
        more_waiting=all_waiting - len(waiting),
        more_handled=all_open - len(open_),
    )


@router.get("/cases/{ref}/hand-over")
def ask(visit: Person, ref: str) -> Response:
    """Name the consequence before a case is handed over, where no script shows a dialog."""
    with visit.database.reading() as session:
        view = handling_of(session, visit.viewer, ref, now=visit.now)
    if not view.may_approve:
        return RedirectResponse(f"/cases/{ref}", 303)
    return visit.page("hand_over.html", ref=view.ref)


@router.post("/cases/{ref}/hand-over", dependencies=[CheckedForm])
def hand_over(visit: Person, ref: str, form: Posted) -> Response:
    """From here on nothing of the case is undone."""
    with visit.database.writing() as session:
        handling.hand_over(session, visit.viewer, ref, form_id=_id(form), now=visit.now)
    return RedirectResponse(f"/cases/{ref}", 303)


@router.post("/cases/{ref}/return", dependencies=[CarriedForm, CheckedForm])
def give_back(visit: Person, ref: str, form: Posted) -> Response:
    """Back to the operators, with what is missing."""
    typed = {**NOTHING_TYPED, "missing": form.note}
    if only_shown(visit.request):
        return case_page(visit, ref, CaseList(), typed=typed)
    try:
        with visit.database.writing() as session:
            handling.give_back(
                session, visit.viewer, ref, form.note, form_id=_id(form), now=visit.now
            )
    except FormFault as fault:
        return case_page(visit, ref, CaseList(), _fault(visit, fault), typed=typed)
    return RedirectResponse("/approvals", 303)


@router.post("/cases/{ref}/outcome", dependencies=[CarriedForm, CheckedForm])
def record(visit: Person, ref: str, form: Posted) -> Response:
    """What became of a case that was handed over."""
    typed = {**NOTHING_TYPED, **form.model_dump()}
    if only_shown(visit.request):
        return case_page(visit, ref, CaseList(), typed=typed)
    try:
        outcome = _outcome(form)
        with visit.database.writing() as session:
            handling.record_outcome(
                session, visit.viewer, ref, outcome, form_id=_id(form), now=visit.now
            )
    except FormFault as fault:
        return case_page(visit, ref, CaseList(), _fault(visit, fault), typed=typed)
    return RedirectResponse(f"/cases/{ref}#handling", 303)


@router.post("/cases/{ref}/outcomes/{step}/undo", dependencies=[CheckedForm])
def take_back(visit: Person, ref: str, step: int) -> Response:
    """Take back an outcome one has recorded; it stays on file, marked."""
    with visit.database.writing() as session:
        taking_back.take_back(session, visit.viewer, step, now=visit.now)
    return RedirectResponse(f"/cases/{ref}#handling", 303)


def _fault(visit: SignedInVisit, fault: FormFault) -> Fault:
    return Fault(visit.language.gettext(FAULTS.get(fault.fault, fault.fault)), fault.fault)


def _id(form: OutcomeForm) -> str:
    return form.form_id or cases.new_form_id()


def _outcome(form: OutcomeForm) -> Outcome:
    """Raises FormFault for what cannot be read."""
    if form.step not in set(Handling):
        raise FormFault("step_needed", "choose a result")
    return Outcome(
        Handling(form.step),
        form.number,
        _day(form.day.strip()),
        _amount(form.amount),
        int(form.basis) if form.basis.isdecimal() else None,
        form.note,
    )


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return datetime.strptime(typed, "%d/%m/%Y").date()  # noqa: DTZ007 - a day on paper
    except ValueError:
        raise FormFault("day_needed", "days are dd/mm/yyyy") from None


def _amount(typed: str) -> int | None:
    """1.500.000 and 1500000 alike."""
    digits = typed.replace(".", "").replace(" ", "").replace("\u00a0", "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 12):
        raise FormFault("amount_needed", "an amount has digits only")
    return int(digits)


def _shown(visit: SignedInVisit, line: HandledCase) -> dict[str, object]:
    language = visit.language
    return {
        "ref": line.ref,
        "code": line.code,
        "act": language.gettext(ACTS[line.act]),
        "place": place_said(line.address, line.street, line.group),
        "when": language.moment(line.start_at),
        "status": said(language, HANDLING_STATUS[line.handling]) if line.handling else None,
        "deadline": _deadline(visit, line.deadline),
    }


def _deadline(visit: SignedInVisit, deadline: Deadline | None) -> dict[str, str] | None:
    return None if deadline is None else deadline_said(visit.language, deadline)
