"""Pages sent packed: text alone, never pictures, clips, documents or what is sent as it happens.

A form's token is another text on every page (`auth.form_token`), so that the length of a packed
page says nothing about it.
"""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

LEAST = 1024
"""Bytes under which packing saves nothing that matters."""
LEVEL = 6
NEVER = ("application/*", "audio/*", "font/*", "image/*", "video/*", "text/event-stream")
"""What is packed already, is read in ranges, or must not wait for a buffer to fill."""


class PackedText:
    """Packs HTML, style sheets, scripts and plain text for browsers that ask for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._packing = GZipMiddleware(
            app, minimum_size=LEAST, compresslevel=LEVEL, exclude_content_types=NEVER
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        evidence = scope["type"] != "http" or scope["path"].startswith(("/media/", "/api/"))
        await (self._plain if evidence else self._packing)(scope, receive, send)
