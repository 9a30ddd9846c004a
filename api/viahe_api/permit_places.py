"""Where a permit holds: on ground drawn in one camera's picture, or along a stretch of a street."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from viahe_api.accents import folded
from viahe_api.cameras import cameras as camera_rows
from viahe_api.errors import FormFault
from viahe_api.house_numbers import leading_number, number_along
from viahe_api.permits import PermitDraft
from viahe_api.records import CameraRow
from viahe_api.scope import Viewer
from viahe_rules.domain import Polygon

WHOLE_PICTURE: Polygon = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
LONGEST_STREET, LONGEST_HOUSE = 120, 20


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a street between two house numbers, each as written: 12, 12A, 52/7.

    One number alone is that house, none the whole street.
    """

    street: str
    house_from: str = ""
    house_to: str = ""


def on_several(
    session: Session,
    viewer: Viewer,
    draft: PermitDraft,
    others: Sequence[int],
    stretch: Stretch | None,
    *,
    now: datetime,
) -> tuple[PermitDraft, ...]:
    """One draft for each camera the permit holds on, all given together.

    The draft's own camera keeps the ground that is drawn, the others are covered whole. With a
    stretch nothing is drawn: of the cameras in use of that street those that are chosen are
    covered whole, or else those whose address lies between the house numbers, both ends counted,
    or without numbers all. Raises RoleNeeded and FormFault `street`, `houses`,
    `no_camera_there`, `chosen_elsewhere`, `no_camera_between`.
    """
    rows = [row for row in camera_rows(session, viewer, now=now) if row.enabled]
    if stretch is None:
        grounds = {draft.camera_id: draft.polygon}
        known = {row.id for row in rows}
        grounds |= {other: WHOLE_PICTURE for other in others if other in known - {draft.camera_id}}
    else:
        _check(stretch)
        chosen = _along(rows, stretch, others)
        grounds = {row.id: WHOLE_PICTURE for row in chosen}
        street = chosen[0].street
        draft = replace(
            draft, street=street, house_from=stretch.house_from, house_to=stretch.house_to
        )
    together = secrets.token_hex(16) if len(grounds) > 1 else None
    return tuple(
        replace(draft, camera_id=camera, polygon=polygon, given_together=together)
        for camera, polygon in grounds.items()
    )


def _along(rows: Sequence[CameraRow], stretch: Stretch, others: Sequence[int]) -> list[CameraRow]:
    wanted = folded(stretch.street.strip())
    there = [row for row in rows if folded(row.street.strip()) == wanted]
    if not there:
        raise FormFault("no_camera_there", f"no camera in use looks at {stretch.street!r}")
    if others:
        chosen = [row for row in there if row.id in others]
        if not chosen:
            raise FormFault("chosen_elsewhere", f"no camera chosen looks at {stretch.street!r}")
        return chosen
    if not stretch.house_from and not stretch.house_to:
        return there
    between = [row for row in there if _is_between(row, stretch)]
    if not between:
        raise FormFault("no_camera_between", "no camera's address lies between these numbers")
    return between


def _is_between(row: CameraRow, stretch: Stretch) -> bool:
    first, last = _ends(stretch)
    at = number_along(row.address, row.street)
    return first is not None and last is not None and at is not None and first <= at <= last


def _ends(stretch: Stretch) -> tuple[int | None, int | None]:
    first, last = stretch.house_from, stretch.house_to
    return leading_number(first or last), leading_number(last or first)


def _check(stretch: Stretch) -> None:
    if not stretch.street.strip() or len(stretch.street) > LONGEST_STREET:
        raise FormFault("street", "say which street it is")
    if any(len(end) > LONGEST_HOUSE for end in (stretch.house_from, stretch.house_to)):
        raise FormFault("houses", "a house number has at most 20 characters")
    first, last = _ends(stretch)
    if first is not None and last is not None and first > last:
        raise FormFault("houses", "the house numbers are the wrong way round")
