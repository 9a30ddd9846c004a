"""What a form with a file says before it: enough to show the form again as it was typed where
the file is too large to be read at all. Our forms have their file last."""

from contextlib import suppress
from urllib.parse import urlencode

from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from viahe_api.form_parts import FormParts, boundary_of

LONGEST = 256 << 10
"""Bytes that are looked through for texts; the longest of our forms has a tenth of that."""
LEFT_OUT = "file_left_out"
"""In a request's state: the form came with a file that was not read."""


async def read_leading_texts(scope: Scope, receive: Receive) -> bytes | None:
    """The texts before the first file, as the body of a form without files; None for what is no
    such form. What follows is left unread."""
    boundary = boundary_of(Headers(scope=scope).get("content-type", ""))
    if not boundary:
        return None
    texts, read = _Texts(), 0
    parser = texts.parser(boundary)
    with suppress(MultipartParseError):  # what came before the error is a form's all the same
        while read < LONGEST and not texts.over:
            message = await receive()
            chunk = message.get("body", b"")[: LONGEST - read]
            read += len(chunk)
            parser.write(chunk)
            if not message.get("more_body", False):
                break
    return urlencode(texts.found).encode()


def without_file(scope: Scope, body: bytes) -> tuple[Scope, Receive]:
    """The request as one of a form without files, of which the route can tell by its state."""
    kept = [h for h in scope["headers"] if h[0] not in (b"content-type", b"content-length")]
    kind = (b"content-type", b"application/x-www-form-urlencoded")
    length = (b"content-length", str(len(body)).encode())
    state = {**scope.get("state", {}), LEFT_OUT: True}

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return {**scope, "headers": [*kept, kind, length], "state": state}, receive


class _Texts(FormParts):
    """Collects the parts of a form up to the first that is a file."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.over = False
        self._content = b""

    def begin(self) -> None:
        self._content = b""
        self.over = self.over or self.is_file

    def take(self, content: bytes) -> None:
        if not self.over:
            self._content += content

    def end(self) -> None:
        if not self.over:
            self.found.append((self.name, self._content.decode("utf-8", "replace")))
