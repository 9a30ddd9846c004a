"""What a person prefers of the pages, and the keys they answer to."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from viahe_api.routes.visit import Anybody, Visit, own_address
from viahe_api.web.key_list import key_groups
from viahe_api.web.preferences import THEMES, YEAR_S, Preferences, read_preferences

router = APIRouter()


@router.get("/preferences")
def preferences(visit: Anybody, saved: bool = False) -> Response:
    themes = [(value, visit.language.gettext(word)) for value, word in THEMES.items()]
    return visit.page("preferences.html", themes=themes, saved=saved)


@router.post("/preferences")
def keep_preferences(
    visit: Anybody,
    language: Annotated[str, Form()] = "",
    theme: Annotated[str, Form()] = "",
    single_keys: Annotated[str, Form()] = "off",
) -> Response:
    """Keep all three; an unknown word is as by default."""
    chosen = {"language": language, "theme": theme, "single_keys": single_keys}
    return _kept(visit, read_preferences(chosen), "/preferences?saved=true")


@router.post("/preferences/language")
def keep_language(
    visit: Anybody,
    language: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """The VI | EN switch of every page."""
    kept = dict(visit.preferences.cookies()) | {"language": language}
    return _kept(visit, read_preferences(kept), own_address(back))


@router.get("/keys")
def keys(visit: Anybody) -> Response:
    return visit.page("keys.html", groups=key_groups(visit.language))


def _kept(visit: Visit, chosen: Preferences, back: str) -> Response:
    response = RedirectResponse(back, 303)
    for name, value in chosen.cookies():
        response.set_cookie(
            name,
            value,
            max_age=YEAR_S,
            samesite="lax",
            httponly=True,
            secure=visit.settings.https,
        )
    return response
