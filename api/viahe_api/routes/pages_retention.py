"""How long evidence is kept: the administrator's page, and an approver's hold on a case."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from viahe_api import legal_holds
from viahe_api.errors import FormFault
from viahe_api.language import N_
from viahe_api.retention_reading import AHEAD_DAYS, Removal, Stage, set_rule, wards_kept
from viahe_api.routes.case_list import CaseList
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.pages_case import Fault, case_page
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import Keeping
from viahe_api.web.retention_words import KEEPINGS, stage_said
from viahe_rules.domain import Act

router = APIRouter()

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "stage": N_("This stage has no time of its own."),
        "lasts": N_("Give whole numbers: at least 1 day, at most 120 months and 366 days."),
        "source_needed": N_("Say on what the period rests, in at most 300 characters."),
        "hold_reason_needed": N_("Say why the evidence is kept."),
        "hold_reason_long": N_("A reason has at most 300 characters."),
    }
)


class RuleForm(BaseModel):
    """The fields as typed."""

    keeping: str = ""
    act: str = ""
    months: str = ""
    days: str = ""
    rests_on: str = ""


@router.get("/retention")
def retention(visit: Person, saved: str = "") -> Response:
    """The periods of every ward the person administers, and what was removed."""
    return _page(visit, saved=saved == "1")


@router.post("/retention/{ward_id}", dependencies=[CarriedForm, CheckedForm])
def change(visit: Person, ward_id: int, form: Annotated[RuleForm, Form()]) -> Response:
    """A new period from today on; the one before stays on file."""
    if only_shown(visit.request):
        return _page(visit, ward_id, form)
    try:
        with visit.database.writing() as session:
            set_rule(
                session,
                visit.viewer,
                ward_id,
                _stage(form),
                (_count(form.months), _count(form.days)),
                form.rests_on,
                now=visit.now,
            )
    except FormFault as fault:
        return _page(visit, ward_id, form, fault.fault)
    return RedirectResponse("/retention?saved=1", 303)


@router.post("/cases/{ref}/hold", dependencies=[CarriedForm, CheckedForm])
def hold(visit: Person, ref: str, reason: Annotated[str, Form()] = "") -> Response:
    """Keep the evidence of a case whatever its time."""
    if only_shown(visit.request):
        return case_page(visit, ref, CaseList(), typed_hold=reason)
    try:
        with visit.database.writing() as session:
            legal_holds.place_hold(session, visit.viewer, ref, reason, now=visit.now)
    except FormFault as fault:
        said = Fault(visit.language.gettext(FAULTS[fault.fault]), fault.fault)
        return case_page(visit, ref, CaseList(), said, typed_hold=reason)
    return RedirectResponse(f"/cases/{ref}#kept", 303)


@router.post("/cases/{ref}/hold/lift", dependencies=[CheckedForm])
def lift(visit: Person, ref: str) -> Response:
    """Let its time run again."""
    with visit.database.writing() as session:
        legal_holds.lift_hold(session, visit.viewer, ref, now=visit.now)
    return RedirectResponse(f"/cases/{ref}#kept", 303)


def _stage(form: RuleForm) -> Stage:
    if form.keeping not in set(Keeping) or form.act not in {"", *Act}:
        raise FormFault("stage", "choose a stage of the list")
    return Keeping(form.keeping), Act(form.act) if form.act else None


def _count(typed: str) -> int:
    """Nothing typed is none. Raises FormFault."""
    text = typed.strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise FormFault("lasts", f"{text!r} is no whole number")
    return int(text)


def _page(
    visit: SignedInVisit,
    ward_id: int | None = None,
    typed: RuleForm | None = None,
    fault: str = "",
    *,
    saved: bool = False,
) -> Response:
    language = visit.language
    with visit.database.reading() as session:
        wards = wards_kept(session, visit.viewer, now=visit.now)
    return visit.page(
        "retention.html",
        400 if fault else 200,
        wards=[
            {
                "id": ward.ward_id,
                "name": ward.ward,
                "rows": [stage_said(language, stage) for stage in ward.stages],
                "soon": language.ngettext(
                    "The evidence of %(n)s case will be removed within %(days)s days.",
                    "The evidence of %(n)s cases will be removed within %(days)s days.",
                    ward.soon,
                    days=AHEAD_DAYS,
                ),
                "removals": [_removal_said(visit, removal) for removal in ward.removals],
                "typed": typed if typed and ward.ward_id == ward_id else RuleForm(),
            }
            for ward in wards
        ],
        fault=language.gettext(FAULTS.get(fault, fault)) if fault else "",
        fault_at=fault,
        saved=saved,
    )


def _removal_said(visit: SignedInVisit, removal: Removal) -> dict[str, str | bool]:
    language = visit.language
    return {
        "code": removal.code,
        "keeping": language.gettext(KEEPINGS[removal.keeping]),
        "at": language.moment(removal.at),
        "files": language.number(removal.files),
        "megabytes": language.number(removal.size / 1e6, 1),
        "erased": removal.erased,
    }
