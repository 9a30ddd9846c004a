"""A form that a module of ours sends in a browser's place is told where to go on, in data: a
module that follows a redirect is not told its fragment, and asks for a page it may not show."""

import json

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def sent_by_module(scope: Scope) -> bool:
    """Whether a form's sender wants `{"next": …}` where a browser would be redirected."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    return Headers(scope=scope).get("accept", "").startswith("application/json")


class GoingOn:
    """Answers 200 with the address to go on to where a route redirects such a sender."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not sent_by_module(scope):
            await self._app(scope, receive, send)
            return
        body: bytes | None = None

        async def told(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start" and message["status"] == 303:
                headers = MutableHeaders(scope=message)
                body = json.dumps({"next": headers["location"]}).encode()
                del headers["location"]
                headers["content-type"] = "application/json"
                headers["content-length"] = str(len(body))
                message["status"] = 200
            elif body is not None and message["type"] == "http.response.body":
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await self._app(scope, receive, told)
