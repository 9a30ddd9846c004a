"""What approvers do about the place of a case: send a field officer, or call one back."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from viahe_api import cases, field_tasks
from viahe_api.errors import FormFault
from viahe_api.language import N_
from viahe_api.routes.case_list import CaseList
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.pages_case import Fault, case_page
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person

router = APIRouter()

FAULTS = (
    ("officer_needed", N_("Choose a field officer.")),
    ("check_needed", N_("Say what to check, in at most 2,000 characters.")),
)


class TaskForm(BaseModel):
    """The fields as typed."""

    form_id: str = ""
    officer: str = ""
    to_check: str = ""


@router.post("/cases/{ref}/officer", dependencies=[CarriedForm, CheckedForm])
def send(visit: Person, ref: str, form: Annotated[TaskForm, Form()]) -> Response:
    """Send a field officer to the place of a confirmed case."""
    if only_shown(visit.request):
        return case_page(visit, ref, CaseList(), typed_task=form.model_dump())
    try:
        with visit.database.writing() as session:
            field_tasks.send_officer(
                session,
                visit.viewer,
                ref,
                int(form.officer) if form.officer.isdecimal() else None,
                form.to_check,
                form_id=form.form_id or cases.new_form_id(),
                now=visit.now,
            )
    except FormFault as fault:
        said = visit.language.gettext(dict(FAULTS).get(fault.fault, fault.fault))
        return case_page(
            visit, ref, CaseList(), Fault(said, fault.fault), typed_task=form.model_dump()
        )
    return RedirectResponse(f"/cases/{ref}#tasks", 303)


@router.post("/tasks/{task_id}/withdraw", dependencies=[CheckedForm])
def withdraw(visit: Person, task_id: int) -> Response:
    """Call the officer back."""
    with visit.database.writing() as session:
        ref = field_tasks.withdraw_task(session, visit.viewer, task_id, now=visit.now)
    return RedirectResponse(f"/cases/{ref}#tasks", 303)
