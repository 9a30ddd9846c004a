"""Why cases are rejected, as each ward has it: the administrator's page."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from viahe_api import rejection_reasons
from viahe_api.answered_forms import answered_at, keep_answer
from viahe_api.errors import FormFault
from viahe_api.language import N_
from viahe_api.rejection_reasons import DIGITS, ReasonChange, RejectionReason, WardReasons
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import RejectReason
from viahe_api.web.wording import REJECT_REASONS, reason_said

router = APIRouter()

SAVED = "/reasons?saved=1"

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "name_needed": N_("Give a reason its name in Vietnamese and in English."),
        "meaning_needed": N_("Choose which fixed reason it counts as."),
        "digit": N_("A key is one digit, or none."),
        "digit_twice": N_("Two offered reasons have the same key."),
        "none_offered": N_("Offer at least one reason."),
        "too_many": N_("A ward adds at most 20 reasons."),
        "reason_used": N_("This reason stands in decisions: stop offering it instead."),
    }
)


NOTHING_ADDED: Mapping[str, str] = MappingProxyType(
    {"name_vi": "", "name_en": "", "meaning": "", "form_id": ""}
)


async def _texts(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


@router.get("/reasons")
def reasons(visit: Person, saved: str = "") -> Response:
    """The reasons of every ward the person administers."""
    return _page(visit, saved=saved == "1")


@router.post("/reasons/{ward_id}", dependencies=[CarriedForm, CheckedForm])
def change(
    visit: Person, ward_id: int, typed: Annotated[dict[str, str], Depends(_texts)]
) -> Response:
    """Keep names, keys and what is offered, all of a ward or nothing."""
    changes = list(_changes(typed))
    as_typed = {change.code: change for change in changes}
    if only_shown(visit.request):
        return _page(visit, ward_id, typed=as_typed)
    try:
        with visit.database.writing() as session:
            rejection_reasons.change_reasons(session, visit.viewer, ward_id, changes, now=visit.now)
    except FormFault as fault:
        return _page(visit, ward_id, fault.fault, as_typed)
    return RedirectResponse(SAVED, 303)


@router.post("/reasons/{ward_id}/add", dependencies=[CarriedForm, CheckedForm])
def add(
    visit: Person,
    ward_id: int,
    name_vi: Annotated[str, Form()] = "",
    name_en: Annotated[str, Form()] = "",
    meaning: Annotated[str, Form()] = "",
    form_id: Annotated[str, Form()] = "",
) -> Response:
    """A reason of the ward's own."""
    added = {"name_vi": name_vi, "name_en": name_en, "meaning": meaning, "form_id": form_id}
    if only_shown(visit.request):
        return _page(visit, ward_id, added=added)
    try:
        with visit.database.writing() as session:
            if answered_at(session, visit.viewer, form_id) is None:
                rejection_reasons.add_reason(
                    session, visit.viewer, ward_id, (name_vi, name_en), meaning, now=visit.now
                )
                keep_answer(session, visit.viewer, form_id, SAVED, now=visit.now)
    except FormFault as fault:
        return _page(visit, ward_id, fault.fault, added=added)
    return RedirectResponse(SAVED, 303)


@router.post("/reasons/{ward_id}/{code}/remove", dependencies=[CheckedForm])
def remove(visit: Person, ward_id: int, code: str) -> Response:
    """Take away a reason the ward added and nobody ever gave."""
    try:
        with visit.database.writing() as session:
            rejection_reasons.remove_reason(session, visit.viewer, ward_id, code, now=visit.now)
    except FormFault as fault:
        return _page(visit, ward_id, fault.fault)
    return RedirectResponse(SAVED, 303)


def _changes(typed: Mapping[str, str]) -> Iterator[ReasonChange]:
    """Of every reason the form names by a field `known-`."""
    for name in typed:
        known, _, code = name.partition("-")
        if known == "known":
            yield ReasonChange(
                code,
                typed.get(f"vi-{code}", ""),
                typed.get(f"en-{code}", ""),
                typed.get(f"digit-{code}", "").strip(),
                f"offered-{code}" in typed,
            )


def _page(
    visit: SignedInVisit,
    ward_id: int | None = None,
    fault: str = "",
    typed: Mapping[str, ReasonChange] = MappingProxyType({}),
    added: Mapping[str, str] = NOTHING_ADDED,
    *,
    saved: bool = False,
) -> Response:
    with visit.database.reading() as session:
        kept = rejection_reasons.kept_reasons(session, visit.viewer)
    language = visit.language
    return visit.page(
        "reasons.html",
        400 if fault else 200,
        wards=[
            {
                "id": ward.ward_id,
                "name": ward.ward,
                "rows": [
                    _row(visit, ward, reason, typed if ward.ward_id == ward_id else {})
                    for reason in ward.reasons
                ],
                "added": added if ward.ward_id == ward_id else NOTHING_ADDED,
            }
            for ward in kept
        ],
        digits=DIGITS,
        meanings=[(word.value, language.gettext(REJECT_REASONS[word])) for word in RejectReason],
        fault=language.gettext(FAULTS.get(fault, fault)) if fault else "",
        saved=saved,
    )


def _row(
    visit: SignedInVisit,
    ward: WardReasons,
    reason: RejectionReason,
    typed: Mapping[str, ReasonChange],
) -> dict[str, object]:
    stands = ReasonChange(reason.code, *(reason.names or ("", "")), reason.digit, reason.offered)
    now = typed.get(reason.code, stands)
    return {
        "code": reason.code,
        "fixed": reason.fixed,
        "means": visit.language.gettext(REJECT_REASONS[reason.meaning]),
        "said": reason_said(visit.language, reason.meaning, reason.names),
        "name_vi": now.name_vi,
        "name_en": now.name_en,
        "digit": now.digit,
        "offered": now.offered,
        "removable": not reason.fixed and reason.code not in ward.used,
    }
