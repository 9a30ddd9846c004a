"""The cases a report counts, one line each, without anybody's picture or name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from viahe_api.counted_wards import Narrow
from viahe_api.measures import began_in
from viahe_api.periods import Period
from viahe_api.tables import Account, Camera, Case, Decision, ResidentialGroup, Ward
from viahe_api.tables.handling import HandlingStep, LegalBasis
from viahe_api.vocabulary import CaseState, Handling, RejectReason
from viahe_rules.domain import Act

AT_A_TIME = 2_000
"""Rows held in memory, however long the list is."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """`reviewer` is who made the standing decision: for approvers alone."""

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


CASE_LINE: TypeAdapter[CaseLine] = TypeAdapter(CaseLine)
"""A line as JSON and back."""


def case_lines(session: Session, narrow: Narrow, period: Period) -> Iterator[CaseLine]:
    """The recorded cases of a period as they stand, oldest first, read as they are used."""
    statement = narrow(
        _lines()
        .where(*began_in(period), Case.state != CaseState.INTEGRITY_ERROR)
        .order_by(Case.start_at, Case.id),
        Case.ward_id,
    )
    for row in session.execute(statement).yield_per(AT_A_TIME):
        yield _line(row)


def _line(row: "Row[*tuple[Any, ...]]") -> CaseLine:
    return CaseLine(
        ward_code=row.ward_code,
        code=row.code,
        start_at=row.start_at,
        address=row.address,
        street=row.street,
        group=row.group,
        act=row.act,
        label=row.label,
        camera=row.camera,
        state=row.state,
        reason=RejectReason(row.reason) if row.reason else None,
        reviewer=row.reviewer,
        clock_offset_s=row.clock_offset_s,
        basis=f"{row.provision} {row.instrument}" if row.instrument else None,
        decision_number=row.number or None,
        fine_dong=row.amount,
    )


def _lines() -> "Select[*tuple[Any, ...]]":
    standing = (
        select(func.max(Decision.id))
        .where(Decision.case_id == Case.id, Decision.undone_at.is_(None))
        .correlate(Case)
        .scalar_subquery()
    )
    sanction = (
        select(func.max(HandlingStep.id))
        .where(HandlingStep.case_id == Case.id, HandlingStep.step == Handling.SANCTIONED)
        .correlate(Case)
        .scalar_subquery()
    )
    return (
        select(
            Ward.code.label("ward_code"),
            Case.code,
            Case.start_at,
            Camera.address,
            Camera.street,
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
        )
        .select_from(Case)
        .join(Case.ward)
        .join(Case.camera)
        .outerjoin(Camera.group)
        .outerjoin(Decision, Decision.id == standing)
        .outerjoin(Decision.account)
        .outerjoin(HandlingStep, HandlingStep.id == sanction)
        .outerjoin(LegalBasis, LegalBasis.id == HandlingStep.basis_id)
    )
