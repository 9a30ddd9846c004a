"""The cases a report counts, one line each, without anybody's picture or name."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from viahe_api import case_places
from viahe_api.counted_wards import Narrow
from viahe_api.local_time import days_between
from viahe_api.measures import REPEAT_WITHIN
from viahe_api.periods import Period
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
    again = repeating(session, narrow, period)
    statement = lines().where(*began_in(period), Case.state != CaseState.INTEGRITY_ERROR)
    yield from read_lines(session, narrow, statement, again)


def read_lines(
    session: Session,
    narrow: Narrow,
    statement: "Select[*tuple[Any, ...]]",
    again: Collection[int] = (),
) -> Iterator[CaseLine]:
    """The lines a select from `lines` gives, oldest first; those of `again` repeat."""
    ordered = statement.order_by(Case.start_at, Case.id)
    for row in session.execute(narrow(ordered, Case.ward_id)).yield_per(AT_A_TIME):
        yield _line(row, repeats=row.id in again)


def repeating(session: Session, narrow: Narrow, period: Period) -> frozenset[int]:
    """The ids of cases with sufficient grounds of the period that came within half a year of
    another one at their place, as `measures.repeat_places` counts them."""
    place = (Case.camera_id, Case.zone, Case.act)
    before = func.lag(Case.start_at).over(partition_by=place, order_by=(Case.start_at, Case.id))
    found = narrow(
        select(Case.id, Case.start_at, before.label("before")).where(
            Case.completed_at.is_not(None),
            Case.state == CaseState.SUFFICIENT,
            Case.source == Source.CAMERA,
            Case.start_at >= period.start - REPEAT_WITHIN,
            Case.start_at < period.end,
        ),
        Case.ward_id,
    ).subquery()
    soon = days_between(found.c.start_at, found.c.before) <= REPEAT_WITHIN / timedelta(days=1)
    return frozenset(
        session.scalars(select(found.c.id).where(found.c.start_at >= period.start, soon))
    )


def _line(row: "Row[*tuple[Any, ...]]", *, repeats: bool) -> CaseLine:
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
        repeats=repeats,
    )


def lines() -> "Select[*tuple[Any, ...]]":
    """All there is to say of a case in a line; narrowed and ordered by `read_lines`."""
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
