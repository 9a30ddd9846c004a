"""The cases a report counts, one line each, without anybody's picture or name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from viahe_api import case_places
from viahe_api.counted_wards import Narrow
from viahe_api.local_time import days_between
from viahe_api.periods import Period
from viahe_api.repeat_places import REPEAT_WITHIN
from viahe_api.tables import (
    Account,
    Camera,
    Case,
    Decision,
    HandReport,
    ResidentialGroup,
    Ward,
    WardReason,
)
from viahe_api.tables.handling import HandlingStep, LegalBasis
from viahe_api.tallies import began_in
from viahe_api.vocabulary import CaseState, Handling, RejectReason, Source
from viahe_rules.domain import Act

AT_A_TIME = 2_000
"""Rows held in memory, however long the list is."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """`reviewer` is who made the standing decision: for approvers alone. `reason_names` are the
    ward's own words for the reason, in Vietnamese and English, if it has any; `camera` is empty
    where none is near.

    `camera_id` and `zone` are those of the camera that raised it, `reported_group` what people
    said who reported it; `repeats` says that its place had another case within half a year.
    """

    ward_code: str
    code: str
    start_at: datetime
    address: str
    street: str
    group: str | None
    act: Act
    label: str
    camera: str
    state: CaseState
    reason: RejectReason | None
    reviewer: str | None
    clock_offset_s: float | None
    basis: str | None
    decision_number: str | None
    fine_dong: int | None
    source: Source = Source.CAMERA
    reason_names: tuple[str, str] | None = None
    camera_id: int | None = None
    zone: str = ""
    reported_group: str | None = None
    repeats: bool = False


CASE_LINE: TypeAdapter[CaseLine] = TypeAdapter(CaseLine)
"""A line as JSON and back."""


def case_lines(session: Session, narrow: Narrow, period: Period) -> Iterator[CaseLine]:
    """The recorded cases of a period as they stand, oldest first, read as they are used."""
    statement = lines(repeating(narrow)).where(
        *began_in(period), Case.state != CaseState.INTEGRITY_ERROR
    )
    yield from read_lines(session, narrow, statement)


def read_lines(
    session: Session, narrow: Narrow, statement: "Select[*tuple[Any, ...]]"
) -> Iterator[CaseLine]:
    """The lines a select from `lines` gives, oldest first."""
    ordered = statement.order_by(Case.start_at, Case.id)
    for row in session.execute(narrow(ordered, Case.ward_id)).yield_per(AT_A_TIME):
        yield _line(row)


def repeating(narrow: Narrow) -> ColumnElement[bool]:
    """Whether a case has sufficient grounds and came within half a year of another one at its
    place, as `repeat_places.repeat_places` counts them: asked of each case, so that a city's list
    needs no room of its own."""
    earlier = aliased(Case)
    sufficient: ColumnElement[Any] = bindparam(
        "sufficient", CaseState.SUFFICIENT, literal_execute=True
    )
    before = narrow(
        select(earlier.start_at)
        .where(
            earlier.camera_id == Case.camera_id,
            earlier.zone == Case.zone,
            earlier.act == Case.act,
            earlier.state == sufficient,  # as its index says it
            earlier.source == Source.CAMERA,
            earlier.completed_at.is_not(None),
            earlier.start_at <= Case.start_at,
            or_(earlier.start_at < Case.start_at, earlier.id < Case.id),
        )
        .order_by(earlier.start_at.desc())
        .limit(1),
        earlier.ward_id,
    ).correlate(Case)
    soon = days_between(Case.start_at.expression, before.scalar_subquery())
    counted = and_(Case.state == CaseState.SUFFICIENT, Case.source == Source.CAMERA)
    within = func.coalesce(soon <= REPEAT_WITHIN / timedelta(days=1), false())
    return case((counted, within), else_=false())


def _line(row: "Row[*tuple[Any, ...]]") -> CaseLine:
    by_camera = row.source is Source.CAMERA
    return CaseLine(
        ward_code=row.ward_code,
        code=row.code,
        start_at=row.start_at,
        address=row.address,
        street=row.street,
        group=row.group,
        act=row.act,
        label=row.label,
        camera=row.camera or "",
        state=row.state,
        reason=RejectReason(row.reason) if row.reason else None,
        reviewer=row.reviewer,
        clock_offset_s=row.clock_offset_s,
        basis=f"{row.provision} {row.instrument}" if row.instrument else None,
        decision_number=row.number or None,
        fine_dong=row.amount,
        source=row.source,
        reason_names=(row.name_vi, row.name_en) if row.name_vi else None,
        camera_id=row.camera_id if by_camera else None,
        zone=row.zone if by_camera else "",
        reported_group=row.reported_group,
        repeats=row.repeats,
    )


def lines(repeats: ColumnElement[bool] | None = None) -> "Select[*tuple[Any, ...]]":
    """All there is to say of a case in a line; narrowed and ordered by `read_lines`. `repeats`
    is from `repeating`, where that is asked."""
    reported_group = aliased(ResidentialGroup)
    standing = (
        select(func.max(Decision.id))
        .where(Decision.case_id == Case.id, Decision.undone_at.is_(None))
        .correlate(Case)
        .scalar_subquery()
    )
    sanction = (
        select(func.max(HandlingStep.id))
        .where(HandlingStep.case_id == Case.id, HandlingStep.step == Handling.SANCTIONED)
        .where(~HandlingStep.undo.has())
        .correlate(Case)
        .scalar_subquery()
    )
    return (
        select(
            Ward.code.label("ward_code"),
            Case.code,
            Case.start_at,
            case_places.address().label("address"),
            case_places.street().label("street"),
            ResidentialGroup.name.label("group"),
            Case.act,
            Case.label,
            Camera.name.label("camera"),
            Case.state,
            Decision.reason,
            Account.name.label("reviewer"),
            Case.clock_offset_s,
            HandlingStep.number,
            HandlingStep.amount,
            LegalBasis.instrument,
            LegalBasis.provision,
            Case.source,
            WardReason.name_vi,
            WardReason.name_en,
            Case.id,
            Case.camera_id,
            Case.zone,
            reported_group.name.label("reported_group"),
            (false() if repeats is None else repeats).label("repeats"),
        )
        .select_from(Case)
        .join(Case.ward)
        .outerjoin(Case.camera)
        .outerjoin(Case.hand_report)
        .outerjoin(ResidentialGroup, ResidentialGroup.id == case_places.group_id())
        .outerjoin(reported_group, reported_group.id == HandReport.group_id)
        .outerjoin(Decision, Decision.id == standing)
        .outerjoin(Decision.account)
        .outerjoin(Decision.ward_reason)
        .outerjoin(HandlingStep, HandlingStep.id == sanction)
        .outerjoin(LegalBasis, LegalBasis.id == HandlingStep.basis_id)
    )
