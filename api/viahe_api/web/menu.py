"""Which pages a person has: roles add up, and the first of them is what `/` opens."""

from collections.abc import Iterator
from dataclasses import dataclass

from viahe_api.language import Language
from viahe_api.scope import Viewer
from viahe_api.vocabulary import (
    CAMERA_KEEPERS,
    CAMERA_READERS,
    CASE_ENTERERS,
    CASE_READERS,
    LOG_READERS,
    REQUEST_READERS,
    Role,
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """`current` marks the page shown."""

    address: str
    word: str
    current: bool


def menu_of(viewer: Viewer | None, language: Language, path: str) -> tuple[MenuItem, ...]:
    """The menu for a viewer on the page at `path`; empty before signing in."""
    if viewer is None:
        return ()
    return tuple(
        MenuItem(address, word, path == address or path.startswith(f"{address}/"))
        for address, word in _entries(viewer, language)
    )


def first_page(viewer: Viewer) -> str:
    """The page of the viewer's daily work."""
    if viewer.holds(*CASE_READERS):
        return "/queue"
    if viewer.holds(Role.FIELD_OFFICER):
        return "/tasks"
    return "/cameras" if viewer.holds(Role.ADMINISTRATOR) else "/dashboard"


def _entries(viewer: Viewer, language: Language) -> Iterator[tuple[str, str]]:
    if viewer.holds(*CASE_READERS):
        yield "/queue", language.gettext("Queue")
    if viewer.holds(Role.FIELD_OFFICER):
        yield "/tasks", language.gettext("Tasks")
    if viewer.holds(*CASE_ENTERERS):
        yield "/cases/new", language.gettext("Enter a report")
    if viewer.holds(Role.APPROVER):
        yield "/approvals", language.gettext("Approvals")
        yield "/agreement", language.gettext("Agreement")
    yield "/dashboard", language.gettext("Counts")
    yield "/reports", language.gettext("Reports")
    if viewer.holds(*CAMERA_READERS):
        yield "/cameras", language.gettext("Cameras")
    if viewer.holds(*CAMERA_KEEPERS):
        yield "/permits", language.gettext("Permits")
        yield "/precision", language.gettext("Precision")
        yield "/reasons", language.gettext("Reasons")
        yield "/retention", language.gettext("Retention")
        yield "/users", language.gettext("Users")
    if viewer.holds(*REQUEST_READERS):
        yield "/requests", language.gettext("Requests")
    if viewer.holds(*LOG_READERS):
        yield "/audit", language.gettext("Audit log")
