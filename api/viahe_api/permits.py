"""Permits: leave to use a piece of ground, which the detector honours while it is valid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.cameras import find_camera
from viahe_api.crossings import crossing_edges
from viahe_api.errors import FormFault, NotFound, ZoneFault
from viahe_api.language import local
from viahe_api.permit_papers import Paper
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Camera, PermitPurpose
from viahe_api.tables import Permit as PermitRow
from viahe_api.vocabulary import CAMERA_KEEPERS
from viahe_rules.domain import Act, Polygon
from viahe_rules.geometry import EDGES_CROSS, polygon_faults
from viahe_rules.plan import Permit, Window
from viahe_rules.recorded import to_json

LONGEST_NUMBER = 80
LONGEST_HOLDER = 200


@dataclass(frozen=True, slots=True)
class Purpose:
    """A row of the law; `name` is in Vietnamese and English, `things` empty for all."""

    code: str
    name: tuple[str, str]
    acts: frozenset[Act]
    things: frozenset[str]
    instrument: str
    article: str
    verified: bool


@dataclass(frozen=True, slots=True)
class PermitDraft:
    """What somebody asks to be permitted; half-open in UTC. Without a number it is given one."""

    camera_id: int
    number: str
    purpose: str
    holder: str
    polygon: Polygon
    valid_from: datetime
    valid_until: datetime
    hours: tuple[Window, ...] = ()
    street: str = ""
    house_from: str = ""
    house_to: str = ""
    given_together: str | None = None
    paper: Paper | None = None


def purposes(session: Session, on: date) -> tuple[Purpose, ...]:
    """The purposes the law allows on a day, in its order."""
    rows = session.scalars(
        select(PermitPurpose)
        .where(
            PermitPurpose.valid_from <= on,
            or_(PermitPurpose.valid_until.is_(None), PermitPurpose.valid_until > on),
        )
        .order_by(PermitPurpose.id)
    )
    return tuple(
        Purpose(
            row.code,
            (row.name_vi, row.name_en),
            frozenset(Act(act) for act in row.acts),
            frozenset(row.things),
            row.instrument,
            row.article,
            row.verified,
        )
        for row in rows
    )


def add(
    session: Session, viewer: Viewer, drafts: Sequence[PermitDraft], *, now: datetime
) -> tuple[str, ...]:
    """Keep permits, all or none; returns their numbers.

    Raises ZoneFault for a polygon, FormFault (`number_taken`, `purpose`, `holder`,
    `ends_before_start`, `too_long`) and NotFound for a camera that is not the viewer's to keep.
    """
    allowed = {purpose.code: purpose for purpose in purposes(session, local(now).date())}
    return tuple(_add(session, viewer, draft, allowed, now) for draft in drafts)


def give(session: Session, viewer: Viewer, drafts: Sequence[PermitDraft], *, now: datetime) -> str:
    """Keep one permit that holds on several cameras; returns its number, the same on all.

    Raises as `add` does.
    """
    number = drafts[0].number.strip()
    if not number:
        for draft in drafts:
            _camera(session, viewer, draft.camera_id)
        number = _free_number(session, [draft.camera_id for draft in drafts], now)
    add(session, viewer, [replace(draft, number=number) for draft in drafts], now=now)
    return number


def withdraw(session: Session, viewer: Viewer, permit_id: int, *, now: datetime) -> str:
    """Let a permit hold no longer, on any camera; its rows stay. Returns its number.

    Raises NotFound.
    """
    found = session.execute(kept(viewer).where(PermitRow.id == permit_id)).one_or_none()
    if found is None:
        viewer.require(*CAMERA_KEEPERS)
        raise NotFound(f"no permit {permit_id} in the wards of {viewer.login}")
    asked, _ = found
    for row, camera in session.execute(kept(viewer).where(*_of_one(asked))):
        if row.withdrawn_at is None:
            row.withdrawn_at = now
            _log(session, viewer, camera, row.number, "permit.withdrawn", now)
    return str(asked.number)


def _add(
    session: Session,
    viewer: Viewer,
    draft: PermitDraft,
    allowed: dict[str, Purpose],
    now: datetime,
) -> str:
    camera = _camera(session, viewer, draft.camera_id)
    purpose = allowed.get(draft.purpose)
    if purpose is None:
        raise FormFault("purpose", f"the law has no purpose {draft.purpose!r} today")
    _check(draft)
    number = draft.number.strip() or _free_number(session, [camera.id], now)
    taken = select(PermitRow.id).where(PermitRow.camera_id == camera.id, PermitRow.number == number)
    if session.scalar(taken) is not None:
        raise FormFault("number_taken", f"camera {camera.slug} has a permit {number} already")
    permit = Permit(
        number,
        purpose.code,
        draft.polygon,
        draft.valid_from.timestamp(),
        draft.valid_until.timestamp(),
        purpose.acts,
        draft.hours,
        purpose.things,
    )
    session.add(
        PermitRow(
            camera_id=camera.id,
            number=number,
            holder=draft.holder.strip(),
            definition=to_json(permit),
            made_at=now,
            given_together=draft.given_together,
            street=draft.street,
            house_from=draft.house_from,
            house_to=draft.house_to,
            document=draft.paper.sha256 if draft.paper else None,
            document_name=draft.paper.name if draft.paper else "",
            document_type=draft.paper.media_type if draft.paper else "",
        )
    )
    session.flush()
    _log(session, viewer, camera, number, "permit.added", now)
    return number


def _check(draft: PermitDraft) -> None:
    faults = tuple(
        (phrase, crossing_edges(draft.polygon) if phrase == EDGES_CROSS else ())
        for phrase in polygon_faults(draft.polygon)
    )
    if faults:
        raise ZoneFault(faults)
    if not draft.holder.strip():
        raise FormFault("holder", "say who holds the permit")
    if draft.valid_until <= draft.valid_from:
        raise FormFault("ends_before_start", "a permit ends after it begins")
    if len(draft.number) > LONGEST_NUMBER or len(draft.holder) > LONGEST_HOLDER:
        raise FormFault("too_long", "a number has at most 80 characters, a holder 200")


def _camera(session: Session, viewer: Viewer, camera_id: int) -> Camera:
    viewer.require(*CAMERA_KEEPERS)
    return find_camera(session, viewer, camera_id, *CAMERA_KEEPERS)


def _free_number(session: Session, camera_ids: Sequence[int], now: datetime) -> str:
    """A number for a permit without one: NN-261122-1, the day and the first not yet given."""
    begin = f"NN-{local(now):%y%m%d}-"
    taken = set(
        session.scalars(
            select(PermitRow.number).where(
                PermitRow.camera_id.in_(camera_ids),
                PermitRow.number.startswith(begin, autoescape=True),
            )
        )
    )
    return next(number for n in count(1) if (number := f"{begin}{n}") not in taken)


def _of_one(row: PermitRow) -> list[ColumnElement[bool]]:
    """Which rows are the same permit as this one."""
    if row.given_together is None:
        return [PermitRow.id == row.id]
    return [PermitRow.given_together == row.given_together]


def kept(viewer: Viewer) -> Select[PermitRow, Camera]:
    """The permits of the wards the viewer keeps, each with its camera."""
    statement = select(PermitRow, Camera).join(Camera, Camera.id == PermitRow.camera_id)
    return scoped(statement, Camera.ward_id, viewer, *CAMERA_KEEPERS)


def _log(
    session: Session, viewer: Viewer, camera: Camera, number: str, action: str, now: datetime
) -> None:
    audit.append(
        session,
        viewer,
        action,
        f"camera:{camera.id}/permit:{number}",
        now=now,
        ward_id=camera.ward_id,
    )
