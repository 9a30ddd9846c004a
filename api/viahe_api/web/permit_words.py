"""Permits in words: a line of the list, and what a purpose is called."""

from dataclasses import dataclass
from datetime import timedelta

from viahe_api.language import Language, local
from viahe_api.permit_reading import PermitView, Standing
from viahe_api.permits import Purpose
from viahe_api.web.typed_times import minute_said
from viahe_api.web.wording import PERMIT_STATUS, Status, said


@dataclass(frozen=True, slots=True)
class PermitShown:
    """A line of the list, in words."""

    id: int
    number: str
    purpose: str
    place: str
    time: str
    holder: str
    status: Status
    withdrawable: bool
    has_paper: bool


def shown_purposes(language: Language, known: tuple[Purpose, ...]) -> list[tuple[str, str]]:
    """Codes and names in the language."""
    return [(purpose.code, purpose_name(language, purpose)) for purpose in known]


def shown_permit(language: Language, view: PermitView) -> PermitShown:
    last = local(view.valid_until - timedelta(seconds=1)).date()
    first = local(view.valid_from).date()
    days = language.day(first) + ("" if last == first else f" - {language.day(last)}")
    hours = [f"{minute_said(w.start_minute)}-{minute_said(w.end_minute)}" for w in view.hours]
    status = PERMIT_STATUS[view.standing]
    return PermitShown(
        view.id,
        view.number,
        purpose_name(language, view.purpose) if view.purpose else view.code,
        _place(language, view),
        ", ".join([days, *hours]),
        view.holder,
        said(language, status),
        view.standing in (Standing.VALID, Standing.TO_COME),
        view.has_paper,
    )


def _place(language: Language, view: PermitView) -> str:
    if not view.street and len(view.cameras) == 1:
        return f"{view.camera}, {view.address}"
    cameras = ", ".join(view.cameras)
    if not view.street:
        return cameras
    houses = view.house_from or view.house_to
    if view.house_from and view.house_to:
        houses = f"{view.house_from}-{view.house_to}"
    where = language.gettext("%(houses)s %(street)s", houses=houses, street=view.street).strip()
    return f"{where} ({cameras})"


def purpose_name(language: Language, purpose: Purpose) -> str:
    """In the language of the page."""
    vietnamese, english = purpose.name
    return vietnamese if language.code == "vi" else english
