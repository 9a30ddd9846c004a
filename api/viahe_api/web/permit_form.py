"""The permit's form: a purpose, a time and a polygon as typed, to a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from viahe_api.errors import FormFault
from viahe_api.language import Language, local
from viahe_api.months import LOCAL
from viahe_api.permit_places import WHOLE_PICTURE, Stretch
from viahe_api.permits import PermitDraft
from viahe_api.web.typed_times import read_day, read_minute
from viahe_api.web.zone_form import percent, polygon_of
from viahe_rules.domain import Polygon
from viahe_rules.plan import Window

TODAY, THREE_DAYS, OTHER = "today", "three", "other"
DRAWN, STREET = "drawn", "street"
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class PermitForm:
    """The form as typed; dates are dd/mm/yyyy, hours HH:MM, coordinates percentages."""

    purpose: str
    number: str
    holder: str
    period: str
    first: str
    last: str
    begins: str
    ends: str
    across: Sequence[str]
    down: Sequence[str]
    ground: str = DRAWN
    street: str = ""
    house_from: str = ""
    house_to: str = ""
    others: Sequence[int] = ()
    id: str = ""
    """The one-time id it was sent with."""


def blank(
    language: Language, purpose: str, polygon: Polygon, street: str, now: datetime
) -> PermitForm:
    """A new form: today, on the ground given; the street is the camera's."""
    today = language.day(local(now).date())
    across = [percent(language, x) for x, _ in polygon]
    down = [percent(language, y) for _, y in polygon]
    return PermitForm(purpose, "", "", TODAY, today, today, "", "", across, down, street=street)


def draft_of(form: PermitForm, camera_id: int, now: datetime) -> PermitDraft:
    """What the form asks for. Raises FormFault `date`, `hours` or `not_a_number`."""
    first, last = _days(form, local(now).date())
    return PermitDraft(
        camera_id,
        form.number,
        form.purpose,
        form.holder,
        polygon_of(form.across, form.down) if form.ground != STREET else WHOLE_PICTURE,
        datetime.combine(first, time(), LOCAL),
        datetime.combine(last + timedelta(days=1), time(), LOCAL),
        _hours(form),
    )


def stretch_of(form: PermitForm) -> Stretch | None:
    """The stretch of a street the form asks for, None where ground is drawn."""
    if form.ground != STREET:
        return None
    ends = (form.house_from.strip(), form.house_to.strip())
    return Stretch(form.street.strip(), *ends)


def _days(form: PermitForm, today: date) -> tuple[date, date]:
    if form.period == TODAY:
        return today, today
    if form.period == THREE_DAYS:
        return today, today + timedelta(days=2)
    first, last = read_day(form.first), read_day(form.last)
    if last < first:
        raise FormFault("ends_before_start", "a permit ends after it begins")
    return first, last


def _hours(form: PermitForm) -> tuple[Window, ...]:
    if not form.begins.strip() and not form.ends.strip():
        return ()
    begins, ends = read_minute(form.begins), read_minute(form.ends)
    if begins == ends:
        raise FormFault("hours", "hours begin and end at the same minute")
    return (Window(EVERY_DAY, begins, ends),)
