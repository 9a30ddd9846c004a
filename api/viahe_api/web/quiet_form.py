"""Quiet hours as the camera's form has them: several windows, each with its days."""

from starlette.datastructures import FormData

from viahe_api.language import Language
from viahe_api.web.typed_windows import TypedWindow, WindowFields, posted_windows, window_fields

PREFIX = "quiet"
MOST = 12
SPARE = 2
"""Empty windows offered beside those that are filled."""


def posted_quiet(form: FormData) -> tuple[TypedWindow, ...]:
    """The windows as posted; empty ones are left out."""
    return posted_windows(form, PREFIX, MOST)


def quiet_fields(language: Language, typed: tuple[TypedWindow, ...]) -> list[WindowFields]:
    """The fields of the windows, and of some more."""
    return window_fields(language, PREFIX, typed, min(MOST, len(typed) + SPARE))
