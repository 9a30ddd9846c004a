"""Where a permit holds: on ground drawn in one camera's picture, or along a stretch of a street."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from viahe_api.accents import folded
from viahe_api.cameras import cameras as camera_rows
from viahe_api.errors import FormFault
from viahe_api.permits import PermitDraft
from viahe_api.records import CameraRow
from viahe_api.scope import Viewer
from viahe_rules.domain import Polygon

WHOLE_PICTURE: Polygon = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
LONGEST_STREET, LONGEST_HOUSE = 120, 20


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a street between two house numbers, each as written: 12, 12A, 52/7."""

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
    stretch nothing is drawn: every camera in use of that street is covered whole, or of those
    the ones that are chosen. Raises RoleNeeded and FormFault `street`, `houses`,
    `no_camera_there`.
    """
    rows = [row for row in camera_rows(session, viewer, now=now) if row.enabled]
    if stretch is None:
        grounds = {draft.camera_id: draft.polygon}
        known = {row.id for row in rows}
        grounds |= {other: WHOLE_PICTURE for other in others if other in known - {draft.camera_id}}
    else:
        _check(stretch)
        chosen = _on_street(rows, stretch.street, others)
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


def _on_street(rows: Sequence[CameraRow], street: str, others: Sequence[int]) -> list[CameraRow]:
    wanted = folded(street.strip())
    there = [row for row in rows if folded(row.street.strip()) == wanted]
    chosen = [row for row in there if row.id in others] or there
    if not chosen:
        raise FormFault("no_camera_there", f"no camera in use looks at {street!r}")
    return chosen


def _check(stretch: Stretch) -> None:
    if not stretch.street.strip() or len(stretch.street) > LONGEST_STREET:
        raise FormFault("street", "say which street it is")
    ends = (stretch.house_from, stretch.house_to)
    if any(len(end) > LONGEST_HOUSE for end in ends):
        raise FormFault("houses", "a house number has at most 20 characters")
    if all(end.isdecimal() for end in ends) and int(ends[0]) > int(ends[1]):
        raise FormFault("houses", "the house numbers are the wrong way round")
