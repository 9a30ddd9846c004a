"""Wards that were merged: what they counted stays under their name, and rolls up where asked."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.counted_wards import Narrow
from viahe_api.errors import FormFault
from viahe_api.seeding import NOT_TOGETHER, find_ward
from viahe_api.tables import Grant, Ward
from viahe_api.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Merger:
    """`old` is part of `new` from the day `on`; both by their names."""

    old: str
    new: str
    on: date


def merge_ward(session: Session, code: str, into: str, on: date, *, now: datetime) -> None:
    """Note that a ward is part of another from the day `on`; cases, cameras and names stay.

    Whoever has a role in the ward that goes on has it in the other too, for its open cases and
    its past. Its cameras are registered anew there, so that hours stay with the ward they were
    seen for. Raises NotFound, and FormFault `merged` for a ward merged already, or into itself.
    """
    old, new = find_ward(session, code), find_ward(session, into)
    if old.merged_into_id is not None or new.id in {old.id, *_merged_ids(session, old.id)}:
        raise FormFault("merged", f"{code} cannot be merged into {into}: it is, or was, already")
    old.merged_into_id, old.merged_on = new.id, on
    for grant in session.scalars(select(Grant).where(Grant.ward_id == new.id)).all():
        _give(session, grant, old, now)
    audit.append(
        session,
        audit.COMMAND_LINE,
        "ward.merged",
        f"ward:{old.code}",
        now=now,
        ward_id=old.id,
        detail={"into": new.code, "on": on.isoformat()},
    )


def merged_wards(session: Session, narrow: Narrow) -> tuple[tuple[Ward, Ward], ...]:
    """Of the wards counted, those that were merged, each with the one it went into."""
    into = {ward.id: ward for ward in session.scalars(select(Ward))}
    statement = narrow(select(Ward).where(Ward.merged_into_id.is_not(None)), Ward.id)
    return tuple(
        (ward, into[ward.merged_into_id])
        for ward in session.scalars(statement.order_by(Ward.merged_on))
        if ward.merged_into_id is not None
    )


def mergers_until(session: Session, narrow: Narrow, last: date) -> tuple[Merger, ...]:
    """Mergers up to a day that a count of these wards has to name: of one of them, or into it."""
    counted = narrow(select(Ward.id), Ward.id)
    names = {ward.id: ward.name for ward in session.scalars(select(Ward))}
    statement = (
        select(Ward)
        .where(
            Ward.merged_on <= last,
            or_(Ward.id.in_(counted), Ward.merged_into_id.in_(counted)),
        )
        .order_by(Ward.merged_on, Ward.name)
    )
    return tuple(
        Merger(ward.name, names[ward.merged_into_id], ward.merged_on)
        for ward in session.scalars(statement)
        if ward.merged_into_id is not None and ward.merged_on is not None
    )


def _merged_ids(session: Session, ward_id: int) -> set[int]:
    """All that went into a ward, at first or second hand."""
    found: set[int] = set()
    newest = {ward_id}
    while newest:
        statement = select(Ward.id).where(Ward.merged_into_id.in_(newest))
        newest = set(session.scalars(statement)) - found
        found |= newest
    return found


def _give(session: Session, grant: Grant, ward: Ward, now: datetime) -> None:
    held = set(
        session.scalars(
            select(Grant.role).where(Grant.account_id == grant.account_id, Grant.ward_id == ward.id)
        )
    )
    together = held | {grant.role}
    if grant.role in held or (Role.OPERATOR in together and together & NOT_TOGETHER):
        return
    session.add(Grant(account_id=grant.account_id, ward_id=ward.id, role=grant.role))
    session.flush()
    audit.append(
        session,
        audit.COMMAND_LINE,
        f"granted.{grant.role}",
        f"account:{grant.account_id}",
        now=now,
        ward_id=ward.id,
        detail={"merged": ward.code},
    )
