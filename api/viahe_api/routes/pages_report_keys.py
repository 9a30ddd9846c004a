"""Keys for officials' own tools: made here, shown once, closed here."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from viahe_api.errors import FormFault
from viahe_api.report_keys import LIFETIMES, close_key, kept_wards, make_key, report_keys
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.web.key_words import KEY_FAULTS

router = APIRouter(prefix="/reports/keys")


@router.get("")
def key_page(visit: Person) -> Response:
    """Raises RoleNeeded."""
    return _page(visit)


@router.post("", dependencies=[CarriedForm, CheckedForm])
def make(
    visit: Person,
    name: Annotated[str, Form()] = "",
    ward: Annotated[list[str] | None, Form()] = None,
    days: Annotated[int, Form()] = LIFETIMES[1],
) -> Response:
    """Make a key and show its token, this once."""
    chosen = tuple(ward or ())
    if only_shown(visit.request):
        return _page(visit, tool=name, chosen=chosen, days=days)
    try:
        with visit.database.writing() as session:
            token = make_key(session, visit.viewer, name, chosen, days, now=visit.now)
    except FormFault as fault:
        return _page(visit, fault, tool=name, chosen=chosen, days=days)
    return _page(visit, token=token)


@router.post("/{key_id}/close", dependencies=[CheckedForm])
def close(visit: Person, key_id: int) -> Response:
    with visit.database.writing() as session:
        close_key(session, visit.viewer, key_id, now=visit.now)
    return RedirectResponse("/reports/keys", 303)


def _page(
    visit: SignedInVisit,
    fault: FormFault | None = None,
    *,
    token: str = "",
    tool: str = "",
    chosen: tuple[str, ...] = (),
    days: int = LIFETIMES[1],
) -> Response:
    with visit.database.reading() as session:
        wards = kept_wards(session, visit.viewer)
        keys = report_keys(session, visit.viewer, now=visit.now)
    return visit.page(
        "report_keys.html",
        400 if fault else 200,
        keys=keys,
        wards=wards,
        chosen=chosen or tuple(ward.code for ward in wards if len(wards) == 1),
        lifetimes=LIFETIMES,
        days=days,
        token=token,
        tool=tool,
        fault=visit.language.gettext(KEY_FAULTS[fault.fault]) if fault else "",
    )
