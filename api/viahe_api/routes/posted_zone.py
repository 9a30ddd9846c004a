"""The zone editor's form as it comes in: fixed fields, and one for each class and act."""

import hashlib
import json
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from viahe_api.web.hours_form import ALWAYS, AS_ACT, MOST, HoursForm
from viahe_api.web.typed_windows import posted_windows
from viahe_api.web.zone_form import AS_ITS_ACT, WATCHED, ZoneForm, hours_field
from viahe_api.zones import MOST_MASKS, ZoneDraft, zone_of
from viahe_rules.domain import Act
from viahe_rules.plan import Surface
from viahe_rules.recorded import to_json


async def _posted(request: Request) -> ZoneForm:
    form = await request.form()
    own = sorted({each.own(label) for each in WATCHED.values() for label in each.labels})
    return ZoneForm(
        _text(form, "name"),
        _text(form, "surface", Surface.PAVEMENT),
        _texts(form, "x"),
        _texts(form, "y"),
        {name: _text(form, name) for name in WATCHED},
        {name: said for name in own if (said := _text(form, f"own-{name}")).strip()},
        {act: posted_hours(form, act) for act in Act},
        [
            (_texts(form, f"mask-{number}-x"), _texts(form, f"mask-{number}-y"))
            for number in range(1, MOST_MASKS + 1)
        ],
        _text(form, "vending-banned") == "yes",
        {
            name: hours
            for name in own
            if (hours := posted_hours(form, hours_field(name), AS_ACT)) != AS_ITS_ACT
        },
    )


def posted_hours(form: FormData, prefix: str, otherwise: str = ALWAYS) -> HoursForm:
    """Hours of the week as posted under a prefix; of the mode `otherwise`, where nothing was."""
    mode = _text(form, f"{prefix}-mode", otherwise)
    return HoursForm(mode, posted_windows(form, prefix, MOST))


def digest_of(draft: ZoneDraft) -> str:
    """What a result belongs to: the drawing and its rules, whatever the zone is called."""
    text = json.dumps(to_json(zone_of(draft, draft.zone or "", 0)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _text(form: FormData, name: str, otherwise: str = "") -> str:
    value = form.get(name, otherwise)
    return value if isinstance(value, str) else otherwise


def _texts(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)]


PostedZone = Annotated[ZoneForm, Depends(_posted)]
"""The form of a POST to the zone editor."""
