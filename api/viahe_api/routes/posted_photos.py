"""A form with photos, read as it comes: whatever is sent, memory holds a few photos and no disk
anything.

Texts stand before the photos in our forms, so that a photo that is too large costs no text.
"""

from dataclasses import dataclass, field

from fastapi import Request
from python_multipart.exceptions import MultipartParseError

from viahe_api.errors import Malformed, TooLarge
from viahe_api.form_parts import FormParts, boundary_of
from viahe_api.guard import READ_ON, declared_length
from viahe_api.photographs import LARGEST_PHOTO

LONGEST_TEXT = 16 << 10
MOST_TEXTS = 40
READ_ON_PIECEMEAL = 8 << 30
"""So much is read and thrown away of a refused body whose length was not said beforehand, as
that of a browser's form is."""


@dataclass(slots=True)
class Posted:
    """`texts` by the names of their fields; `faults` are words of `FormFault`."""

    texts: dict[str, str] = field(default_factory=dict)
    photos: list[bytes] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


async def read_posted(request: Request, *, most_photos: int, known: bool) -> Posted:
    """Texts and photos of a form. Photos beyond the number or size are not kept, and said.

    `known` is whether a signed-in person sends it: of others no photo is kept. Raises Malformed
    for what is no such form, TooLarge for a body without end that does not say so beforehand.
    """
    boundary = boundary_of(request.headers.get("content-type", ""))
    if not boundary:
        raise Malformed("send the form as multipart/form-data")
    parts = _Parts(most_photos if known else 0)
    parser = parts.parser(boundary)
    endless = declared_length(request.scope) > READ_ON
    read = 0
    try:
        async for chunk in request.stream():
            read += len(chunk)
            if read <= (most_photos + 2) * LARGEST_PHOTO:
                parser.write(chunk)
            elif endless:
                break  # the texts are read, and the connection is closed after the answer
            if read > (READ_ON_PIECEMEAL if known else READ_ON):
                raise TooLarge("a form with photos has an end")
    except MultipartParseError:
        raise Malformed("the form is not whole: load the page again") from None
    return parts.posted


class _Parts(FormParts):
    """Collects the parts of one form as the parser meets them."""

    def __init__(self, most_photos: int) -> None:
        super().__init__()
        self.posted = Posted()
        self._most_photos = most_photos
        self._content: bytearray | None = None

    def begin(self) -> None:
        self._content = bytearray()

    def take(self, content: bytes) -> None:
        if self._content is None:
            return
        longest = LARGEST_PHOTO if self.is_file else LONGEST_TEXT
        if len(self._content) + len(content) > longest:
            self._content = None
            self._fault("photo_too_large" if self.is_file else "text_too_long")
        elif self.is_file and len(self.posted.photos) >= self._most_photos:
            self._content = None
            self._fault("too_many_photos")
        else:
            self._content += content

    def end(self) -> None:
        content, self._content = self._content, None
        if not content:
            return
        if self.is_file:
            self.posted.photos.append(bytes(content))
        elif len(self.posted.texts) < MOST_TEXTS:
            self.posted.texts[self.name] = content.decode("utf-8", "replace")

    def _fault(self, fault: str) -> None:
        if fault not in self.posted.faults:
            self.posted.faults.append(fault)
