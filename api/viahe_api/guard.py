"""What every answer and every request to a page has to keep to, whatever route it is."""

import re
from urllib.parse import urlsplit

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from viahe_api.leading_texts import read_leading_texts, without_file

LARGEST_FORM = 8 << 20
"""Bytes of a body that is read whole; evidence is streamed by PUT."""
READ_ON = 64 << 20
"""Bytes of a refused form that are read and thrown away: some browsers show their own error and
not our answer when they are cut off while they send. A browser told after the last byte would
wait for minutes where a form is longer than that: it is answered at once and cut off, upon
which Chromium reads what it was answered."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STREAMED = re.compile(r"/cases/new|/tasks/[0-9]+/finding|/cameras/[0-9]+/notice")
"""Forms with photos: their routes read them as they come, and bound them themselves."""
TYPED_BEFORE_A_FILE = re.compile(r"/permits/(?:new|import)")
"""Forms with a file that are shown again, as they were typed, where it is too large."""


class Guard:
    """Sets the headers, keeps pages out of shared and disk caches unless a route says
    otherwise, and refuses forms from other sites and bodies no form has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if endless:
                    headers["Connection"] = "close"
            await send(message)

        taken = 0
        endless = scope["method"] not in {*SAFE, "PUT"} and declared_length(scope) > READ_ON

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST_FORM:
                raise HTTPException(413, f"a body has at most {LARGEST_FORM} bytes")
            return message

        refusal = _refused(scope)
        streamed = scope["method"] == "PUT" or STREAMED.fullmatch(scope["path"]) is not None
        if refusal is None and not streamed and declared_length(scope) > LARGEST_FORM:
            typed = None
            if TYPED_BEFORE_A_FILE.fullmatch(scope["path"]):
                typed = await read_leading_texts(scope, receive)
            if typed is not None:
                await self._app(*without_file(scope, typed), guarded)
                return
            taken = LARGEST_FORM  # a page says it in the reader's language
        await (refusal or self._app)(scope, receive if streamed else counted, guarded)


def _refused(scope: Scope) -> JSONResponse | None:
    headers, method = Headers(scope=scope), scope["method"]
    device = scope["path"].startswith("/api/")
    if device and method != "PUT" and declared_length(scope) > LARGEST_FORM:
        return _answer(413, "too_large", f"a body has at most {LARGEST_FORM} bytes")
    if method not in SAFE and not device:
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return _answer(403, "other_origin", "this form was sent from another site")
    return None


def declared_length(scope: Scope) -> int:
    """Bytes the body is said to have; 0 where nothing is said."""
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() else 0


def _answer(status: int, code: str, sentence: str) -> JSONResponse:
    return JSONResponse({"error": code, "detail": sentence}, status)
