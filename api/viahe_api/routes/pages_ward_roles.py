"""The roles of a ward: who governs it, which roles it gives, and what they are called."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from viahe_api import ward_roles
from viahe_api.errors import FormFault
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import Authority, Role
from viahe_api.ward_roles import ALWAYS_OFFERED, RoleHere, WardRoles
from viahe_api.web.polygon_words import faults_said
from viahe_api.web.role_words import AUTHORITIES, usual_name

router = APIRouter()


async def _posted(request: Request) -> tuple[Authority, tuple[RoleHere, ...]]:
    form = await request.form()
    said = {key: value.strip() for key, value in form.items() if isinstance(value, str)}
    authority = said.get("governed_by", "")
    chosen = Authority(authority) if authority in set(Authority) else Authority.COMMITTEE
    roles = tuple(
        RoleHere(
            role,
            said.get(f"{role}-vi", ""),
            said.get(f"{role}-en", ""),
            role in ALWAYS_OFFERED or f"{role}-offered" in said,
        )
        for role in Role
    )
    return chosen, roles


Posted = Annotated[tuple[Authority, tuple[RoleHere, ...]], Depends(_posted)]


@router.get("/users/roles")
def roles(visit: Person, saved: int = 0) -> Response:
    """A form for each ward the person administers."""
    with visit.database.reading() as session:
        wards = ward_roles.ward_roles(session, visit.viewer)
    return _page(visit, wards, saved=saved)


@router.post("/users/roles/{ward_id}", dependencies=[CarriedForm, CheckedForm])
def set_up(visit: Person, ward_id: int, posted: Posted) -> Response:
    """Keep a ward's roles, or show what is wrong with them."""
    authority, wanted = posted
    if only_shown(visit.request):
        return _page(visit, _as_typed(visit, ward_id, authority, wanted))
    try:
        with visit.database.writing() as session:
            ward_roles.set_up(session, visit.viewer, ward_id, authority, wanted, now=visit.now)
    except FormFault as fault:
        typed = _as_typed(visit, ward_id, authority, wanted)
        return _page(visit, typed, list(faults_said(visit.language, fault)))
    return RedirectResponse(f"/users/roles?saved={ward_id}", 303)


def _as_typed(
    visit: SignedInVisit, ward_id: int, authority: Authority, wanted: tuple[RoleHere, ...]
) -> tuple[WardRoles, ...]:
    with visit.database.reading() as session:
        wards = ward_roles.ward_roles(session, visit.viewer)
    return tuple(
        WardRoles(ward_id, ward.ward, authority, wanted) if ward.ward_id == ward_id else ward
        for ward in wards
    )


def _page(
    visit: SignedInVisit,
    wards: tuple[WardRoles, ...],
    faults: list[str] | None = None,
    *,
    saved: int = 0,
) -> Response:
    language = visit.language
    shown = [
        {
            "id": ward.ward_id,
            "name": ward.ward,
            "saved": ward.ward_id == saved,
            "authorities": [
                (authority.value, language.gettext(word), authority is ward.governed_by)
                for authority, word in AUTHORITIES.items()
            ],
            "roles": [
                {
                    "role": here.role.value,
                    "usual": usual_name(language, ward.governed_by, here.role),
                    "vi": here.name_vi,
                    "en": here.name_en,
                    "offered": here.offered,
                    "always": here.role in ALWAYS_OFFERED,
                }
                for here in ward.roles
            ],
        }
        for ward in wards
    ]
    return visit.page("ward_roles.html", 400 if faults else 200, wards=shown, faults=faults or [])
