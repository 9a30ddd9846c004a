"""Users: who works in the ward, in which roles; a password is shown once, when it is made."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from viahe_api import users
from viahe_api.answered_forms import answered_at, keep_answer
from viahe_api.errors import FormFault
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.typed_again import CarriedForm, only_shown
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.users import Roles, UserView
from viahe_api.vocabulary import Role
from viahe_api.ward_roles import by_role, ward_roles
from viahe_api.web.polygon_words import faults_said
from viahe_api.web.role_words import role_said

router = APIRouter()


async def _posted_roles(request: Request) -> Roles:
    """Boxes named `role`, each `<ward id>:<role>`."""
    asked: dict[int, set[Role]] = {}
    for value in (await request.form()).getlist("role"):
        ward, _, role = str(value).partition(":")
        if ward.isdecimal() and role in set(Role):
            asked.setdefault(int(ward), set()).add(Role(role))
    return {ward: frozenset(roles) for ward, roles in asked.items()}


async def _posted_text(request: Request) -> dict[str, str]:
    form = await request.form()
    return {key: value for key, value in form.items() if isinstance(value, str)}


PostedRoles = Annotated[Roles, Depends(_posted_roles)]
PostedText = Annotated[dict[str, str], Depends(_posted_text)]


@router.get("/users")
def user_list(visit: Person) -> Response:
    with visit.database.reading() as session:
        found = users.users(session, visit.viewer)
        here = by_role(ward_roles(session, visit.viewer))
    rows = [
        {
            "id": user.id,
            "name": user.name,
            "login": user.login,
            "roles": [
                (
                    ward.name,
                    ", ".join(role_said(visit.language, *here[ward.id, role]) for role in roles),
                )
                for ward, roles in user.roles
                if roles
            ],
            "disabled": user.disabled_at is not None,
        }
        for user in found
    ]
    return visit.page("users.html", rows=rows)


@router.get("/users/new")
def new(visit: Person) -> Response:
    return _page(visit, None)


@router.post("/users/new", dependencies=[CarriedForm, CheckedForm])
def add(visit: Person, said: PostedText, roles: PostedRoles) -> Response:
    """Keep the account and show its password, this once; sent again, the form leads to it."""
    login, name, form_id = (said.get(key, "") for key in ("login", "name", "form_id"))
    if only_shown(visit.request):
        return _page(visit, None, roles, login=login, person=name, sent_id=form_id)
    try:
        with visit.database.writing() as session:
            address = answered_at(session, visit.viewer, form_id)
            if address is not None:
                return RedirectResponse(address, 303)
            account, password = users.add(session, visit.viewer, login, name, roles, now=visit.now)
            address = f"/users/{account}?added_before=true"
            keep_answer(session, visit.viewer, form_id, address, now=visit.now)
            found = users.user(session, visit.viewer, account)
    except FormFault as fault:
        return _page(visit, None, roles, fault, login=login, person=name, sent_id=form_id)
    return visit.page("password.html", user=found, password=password)


@router.get("/users/{account_id}")
def user(
    visit: Person, account_id: int, saved: bool = False, added_before: bool = False
) -> Response:
    found = _user(visit, account_id)
    return _page(visit, found, saved=saved, added_before=added_before)


@router.post("/users/{account_id}", dependencies=[CarriedForm, CheckedForm])
def set_roles(visit: Person, account_id: int, roles: PostedRoles) -> Response:
    found = _user(visit, account_id)
    if only_shown(visit.request):
        return _page(visit, found, roles)
    try:
        with visit.database.writing() as session:
            users.set_roles(session, visit.viewer, account_id, roles, now=visit.now)
    except FormFault as fault:
        return _page(visit, found, roles, fault)
    return RedirectResponse(f"/users/{account_id}?saved=true", 303)


@router.post("/users/{account_id}/{what}", dependencies=[CheckedForm])
def close_or_open(
    visit: Person, account_id: int, what: Literal["disable", "enable", "password"]
) -> Response:
    """A new password is shown this once."""
    found = _user(visit, account_id)
    try:
        with visit.database.writing() as session:
            if what == "password":
                password = users.renew_password(session, visit.viewer, account_id, now=visit.now)
                return visit.page("password.html", user=found, password=password)
            disabled = what == "disable"
            users.set_disabled(session, visit.viewer, account_id, disabled=disabled, now=visit.now)
    except FormFault as fault:
        return _page(visit, found, None, fault)
    return RedirectResponse(f"/users/{account_id}?saved=true", 303)


def _user(visit: SignedInVisit, account_id: int) -> UserView:
    with visit.database.reading() as session:
        return users.user(session, visit.viewer, account_id)


def _page(
    visit: SignedInVisit,
    found: UserView | None,
    asked: Roles | None = None,
    fault: FormFault | None = None,
    *,
    login: str = "",
    person: str = "",
    sent_id: str = "",
    saved: bool = False,
    added_before: bool = False,
) -> Response:
    """`sent_id` is the one-time id a new user's form was sent with, `added_before` that it was
    sent again, so that nobody may have seen the password."""
    with visit.database.reading() as session:
        wards = ward_roles(session, visit.viewer)
    held = {ward.id: frozenset(roles) for ward, roles in found.roles} if found else {}
    ticked = held if asked is None else asked
    return visit.page(
        "user.html",
        400 if fault else 200,
        user=found,
        login=login,
        person=person,
        sent_id=sent_id,
        saved=saved,
        added_before=added_before,
        faults=list(faults_said(visit.language, fault)) if fault else [],
        wards=[
            (
                ward.ward,
                [
                    (
                        f"{ward.ward_id}:{here.role}",
                        role_said(visit.language, ward.governed_by, here),
                        here.role in ticked.get(ward.ward_id, ()),
                    )
                    for here in ward.roles
                    if here.offered or here.role in held.get(ward.ward_id, ())
                ],
            )
            for ward in wards
        ],
    )
