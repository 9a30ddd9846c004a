"""What a route is given: its transaction, the time, who asks, and a form it may trust.

A transaction is committed after the route has returned and before a byte of the answer is
sent: whoever reads "stored" can rely on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from viahe_api import auth
from viahe_api.auth import DeviceIdentity
from viahe_api.database import Database
from viahe_api.errors import FormExpired
from viahe_api.leading_texts import LEFT_OUT
from viahe_api.scope import Viewer
from viahe_api.settings import Settings
from viahe_api.store import Store


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def _now(request: Request) -> datetime:
    moment: datetime = request.app.state.clock()
    return moment


def _reading(database: Annotated[Database, Depends(_database)]) -> Iterator[Session]:
    with database.reading() as session:
        yield session


def _writing(database: Annotated[Database, Depends(_database)]) -> Iterator[Session]:
    with database.writing() as session:
        yield session


Configured = Annotated[Settings, Depends(_settings)]
Databases = Annotated[Database, Depends(_database)]
Evidence = Annotated[Store, Depends(_store)]
Now = Annotated[datetime, Depends(_now)]
"""The request's moment, UTC."""
Reading = Annotated[Session, Depends(_reading, scope="function")]
"""A session for a route that writes nothing."""
Writing = Annotated[Session, Depends(_writing, scope="function")]
"""A session for a route that writes: committed unless the route raises."""


def _signed_in(request: Request, database: Databases, settings: Configured, now: Now) -> Viewer:
    """The person, found in a transaction of its own, which ends before the route's begins:
    noting that the session was used must not make every reading route a writing one. A page that
    was left alone and asks by itself says so, and does not keep its person signed in."""
    with database.reading() as session:
        viewer, due = auth.viewer_of(session, request.cookies.get(auth.COOKIE), settings, now=now)
    if due and request.headers.get("x-unasked") != "1":
        with database.writing() as session:
            auth.touch(session, viewer, now=now)
    return viewer


SignedIn = Annotated[Viewer, Depends(_signed_in)]
"""The signed-in person. Raises NotSignedIn."""


def _form_token(viewer: SignedIn, settings: Configured) -> str:
    return auth.form_token(settings, viewer)


FormToken = Annotated[str, Depends(_form_token)]
"""What this session's forms carry as `csrf`, and scripts as X-CSRF-Token."""


async def _checked_form(request: Request, viewer: SignedIn, settings: Configured) -> None:
    given = request.headers.get("x-csrf-token")
    if given is None:
        field = (await request.form()).get("csrf")
        given = field if isinstance(field, str) else ""
    if not auth.is_form_token(settings, viewer, given):
        raise FormExpired("this form belongs to another session: load the page again")


def came_without_file(request: Request) -> bool:
    """Whether a form's file was too large to be read: the rest is as it was typed."""
    return bool(getattr(request.state, LEFT_OUT, False))


@dataclass(frozen=True, slots=True)
class Carried:
    """A note that was sent after its session had ended, of which case, and whose it is."""

    note: str
    ref: str
    person: str


async def _carried_note(request: Request, ref: str) -> None:
    form = await request.form()
    note, person = (form.get(name) for name in ("note", "person"))
    if isinstance(note, str) and isinstance(person, str) and note.strip():
        request.state.carried = Carried(note, ref, person)


CarriedNote = Depends(_carried_note)
"""Before CheckedForm: should that find no session, the sign-in carries the note on."""

CheckedForm = Depends(_checked_form)
"""For `dependencies=[CheckedForm]` of every form POST. Raises FormExpired."""


def _device(request: Request, database: Databases) -> DeviceIdentity:
    with database.reading() as session:
        return auth.device_of(session, request.headers.get("authorization"))


KnownDevice = Annotated[DeviceIdentity, Depends(_device)]
"""The device of the request's bearer token. Raises TokenUnknown."""


def set_session_cookie(response: Response, token: str, settings: Settings) -> None:
    response.set_cookie(
        auth.COOKIE,
        token,
        max_age=settings.session_longest_s,
        httponly=True,
        samesite="lax",
        secure=settings.https,
    )


def clear_session_cookie(response: Response, settings: Settings) -> None:
    response.delete_cookie(auth.COOKIE, httponly=True, samesite="lax", secure=settings.https)
