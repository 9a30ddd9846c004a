"""The composition root: settings in, an application out, nothing at import time."""

import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TypeAlias

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from viahe_api.compression import PackedText
from viahe_api.database import Database
from viahe_api.errors import (
    DatabaseBusy,
    Malformed,
    NotFound,
    Refusal,
    StartRefused,
    StorageFull,
    TooLarge,
    Unexpected,
)
from viahe_api.going_on import GoingOn
from viahe_api.guard import Guard
from viahe_api.routes import device, media, pages, report_api
from viahe_api.routes.edge import Reading
from viahe_api.settings import Settings
from viahe_api.store import Store
from viahe_api.trials import Trials

ErrorPage: TypeAlias = Callable[[Request, Refusal], Response]

BUSY = frozenset({"40001", "40P01", "55P03"})
"""What PostgreSQL calls a failure to serialise, a deadlock and a lock that is not to be had."""

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """The application over a database that is up to date.

    Raises StartRefused if it is not: `viahe-api init` brings it there.
    """
    database = Database(settings.database)
    if not database.is_current():
        database.close()
        raise StartRefused(f"the database is not up to date: viahe-api init --data {settings.data}")
    store = Store(settings.data / "evidence", keep_free=settings.keep_free)
    store.sweep(clock())
    trials = Trials(settings.trial_longest_s)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        trials.close()
        database.close()

    # Without an OpenAPI address there is no documentation page, which would fetch its scripts.
    app = FastAPI(title="Viahe", openapi_url=None, lifespan=lifespan, routes=_routes().routes)
    app.state.settings, app.state.database, app.state.store = settings, database, store
    app.state.clock = clock
    app.state.trials = trials
    app.state.error_page = _plain_error_page
    """How pages show a Refusal; `pages.register` puts its own here."""
    app.add_middleware(GoingOn)
    app.add_middleware(PackedText)
    app.add_middleware(Guard)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _no_route)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(OperationalError, _database_failed)
    app.add_exception_handler(Exception, _unexpected)
    pages.register(app)
    return app


@cache
def _routes() -> APIRouter:
    """All addresses. What the first request makes ready of them is made once for a program,
    whatever number of applications it has: tests have one each."""
    router = APIRouter()
    for part in (device.router, media.router, report_api.router):
        router.include_router(part)
    router.add_api_route("/healthz", _alive, methods=["GET"])
    router.include_router(pages.routes())
    return router


def _alive(session: Reading) -> dict[str, str]:
    session.execute(text("SELECT 1"))
    return {"status": "ok"}


def _answer(request: Request, refusal: Refusal) -> Response:
    if request.url.path.startswith("/api/"):
        body = {"error": refusal.code, "detail": str(refusal)}
        return JSONResponse(body, refusal.status)
    page: ErrorPage = request.app.state.error_page
    return page(request, refusal)


def _plain_error_page(_request: Request, refusal: Refusal) -> Response:
    return PlainTextResponse(f"{refusal}\n", refusal.status)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - what the handler is registered for
    return _answer(request, error)


def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    said = str(first["msg"]).removeprefix("Value error, ")
    return _answer(request, Malformed(f"{where}: {said}" if where else said))


def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == 404:
        return _answer(request, NotFound(f"no such address: {request.url.path}"))
    if error.status_code == 413:
        return _answer(request, TooLarge(str(error.detail)))
    refusal = Refusal(str(error.detail))
    refusal.status = error.status_code
    return _answer(request, refusal)


def _gone(_request: Request, _error: Exception) -> Response:
    """Nobody is there to read it: a detector that was cut off sends the file again."""
    return Response(status_code=400)


def _database_failed(request: Request, error: Exception) -> Response:
    cause = getattr(error, "orig", None)
    if "database is locked" in str(cause) or getattr(cause, "sqlstate", None) in BUSY:
        log.warning("the database was busy at %s %s", request.method, request.url.path)
        return _answer(request, DatabaseBusy("others are writing to the database: retry"))
    if "disk is full" in str(cause):
        return _answer(request, StorageFull("the database's disk is full: free it and retry"))
    return _unexpected(request, error)


def _unexpected(request: Request, error: Exception) -> Response:
    """One number in the log and on the page, and nothing else of what went wrong."""
    number = secrets.token_hex(4)
    log.error("error %s at %s %s", number, request.method, request.url.path, exc_info=error)
    return _answer(request, Unexpected(number))
