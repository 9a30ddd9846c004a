"""One request for a page: who looks, in which language, and what every template is told.

Page handlers take an `Anybody`, those behind the sign-in a `Person`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from viahe_api.auth import COOKIE, form_token, is_form_token, viewer_of
from viahe_api.database import Database
from viahe_api.errors import NotSignedIn
from viahe_api.language import Language
from viahe_api.routes.edge import Configured, Databases, Now, SignedIn
from viahe_api.scope import Viewer
from viahe_api.settings import Settings
from viahe_api.web.menu import menu_of
from viahe_api.web.preferences import Preferences, read_preferences
from viahe_api.web.templates import Templates


@dataclass(frozen=True, slots=True)
class Desk:
    """What all pages are made with; `pages.register` puts it into the application's state."""

    templates: Templates
    languages: Mapping[str, Language]


@dataclass(frozen=True, slots=True)
class Visit:
    """`viewer` is None before signing in; `csrf` is then empty. `shown_at` is the address a page is
    made for where that is not the one that was asked for."""

    request: Request
    desk: Desk
    database: Database
    settings: Settings
    now: datetime
    preferences: Preferences
    viewer: Viewer | None = None
    shown_at: str = ""

    @property
    def language(self) -> Language:
        return self.desk.languages[self.preferences.language]

    @property
    def here(self) -> str:
        """Path and query to come back to; a page that answers a form is left for the first."""
        if self.shown_at:
            return self.shown_at
        if self.request.method != "GET":
            return "/"
        url = self.request.url
        return url.path + (f"?{url.query}" if url.query else "")

    @property
    def csrf(self) -> str:
        return form_token(self.settings, self.viewer) if self.viewer else ""

    def is_own_form(self, token: str) -> bool:
        """Whether a form's token is of this person's session; never before signing in."""
        return self.viewer is not None and is_form_token(self.settings, self.viewer, token)

    def page(self, name: str, status: int = 200, **context: object) -> HTMLResponse:
        """The template filled with `context` and what every page has."""
        html = self.desk.templates.render(
            name,
            self.language,
            viewer=self.viewer,
            preferences=self.preferences,
            here=self.here,
            opened_at=self.now,
            csrf=self.csrf,
            unsent=getattr(self.request.state, "only_shown", False),
            menu=menu_of(self.viewer, self.language, self.request.url.path),
            **context,
        )
        return HTMLResponse(html, status)


@dataclass(frozen=True, slots=True)
class SignedInVisit(Visit):
    """A visit by a known person."""

    viewer: Viewer


def any_visit(request: Request, settings: Configured, database: Databases, now: Now) -> Visit:
    """Anybody's visit; a session is recognised but not prolonged."""
    viewer = None
    token = request.cookies.get(COOKIE)
    if token:
        with database.reading() as session:
            try:
                viewer, _ = viewer_of(session, token, settings, now=now)
            except NotSignedIn:
                viewer = None
    return Visit(*_parts(request, settings, database, now), viewer)


def signed_in(visit: Visit, viewer: Viewer) -> SignedInVisit:
    """The same visit, by a person who is known by now."""
    parts = {part.name: getattr(visit, part.name) for part in fields(Visit)}
    return SignedInVisit(**{**parts, "viewer": viewer})


def _signed_in(
    request: Request, viewer: SignedIn, settings: Configured, database: Databases, now: Now
) -> SignedInVisit:
    return SignedInVisit(*_parts(request, settings, database, now), viewer)


def own_address(address: str, otherwise: str = "/") -> str:
    """`address` if it is a path of this site, so that a form cannot send people elsewhere."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside and address.isprintable() else otherwise


def _parts(
    request: Request, settings: Settings, database: Database, now: datetime
) -> tuple[Request, Desk, Database, Settings, datetime, Preferences]:
    desk: Desk = request.app.state.desk
    return request, desk, database, settings, now, read_preferences(request.cookies)


Anybody = Annotated[Visit, Depends(any_visit)]
Person = Annotated[SignedInVisit, Depends(_signed_in)]
"""A signed-in person's visit. Raises NotSignedIn."""
