"""Which days a ward's reports are of: the rounds its plan names, and how its months close."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.counted_wards import Narrow
from viahe_api.errors import FormFault, RoleNeeded
from viahe_api.periods import Days, Period, PeriodKind, round_1, round_2
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import RoundDays, Ward
from viahe_api.vocabulary import Role

DAY_KEEPERS = (Role.APPROVER, Role.ADMINISTRATOR)
USUAL = {PeriodKind.ROUND_1: round_1, PeriodKind.ROUND_2: round_2}
NUMBERS = {PeriodKind.ROUND_1: 1, PeriodKind.ROUND_2: 2}


def round_of(session: Session, narrow: Narrow, kind: PeriodKind, year: int) -> Period:
    """The round on the days of its ward's plan, and on the usual ones without a plan, or where
    several wards are counted together and their plans differ."""
    return USUAL[kind](year, _planned_days(session, narrow, kind, year))


def previous_of(session: Session, narrow: Narrow, period: Period) -> Period:
    """As `Period.previous`; of a round the round before it on the days of its plan."""
    before = period.previous
    if period.kind not in NUMBERS:
        return before
    return round_of(session, narrow, before.kind, before.year)


def year_before_of(session: Session, narrow: Narrow, period: Period) -> Period:
    """As `Period.year_before`; of a round that of the year before if it had a plan, else the same
    days."""
    if period.kind not in NUMBERS:
        return period.year_before
    days = _planned_days(session, narrow, period.kind, period.year - 1)
    return USUAL[period.kind](period.year - 1, days) if days else period.year_before


def _planned_days(session: Session, narrow: Narrow, kind: PeriodKind, year: int) -> Days | None:
    statement = select(RoundDays.first, RoundDays.last).where(
        RoundDays.year == year, RoundDays.number == NUMBERS[kind]
    )
    wards = len(session.scalars(narrow(select(Ward.id), Ward.id)).all())
    rows = session.execute(narrow(statement, RoundDays.ward_id)).all()
    planned = {(row.first, row.last) for row in rows}
    return planned.pop() if len(rows) == wards and len(planned) == 1 else None


def planned_rounds(session: Session, narrow: Narrow, year: int) -> Mapping[PeriodKind, Period]:
    """Both rounds of a year."""
    return {kind: round_of(session, narrow, kind, year) for kind in NUMBERS}


def set_round(
    session: Session,
    viewer: Viewer,
    ward_code: str,
    kind: PeriodKind,
    year: int,
    days: tuple[date, date],
    *,
    now: datetime,
) -> Period:
    """Name the days of a round. A report of other days that is locked stays what it is.

    Raises RoleNeeded, and FormFault `round_days` for days that end before they begin or lie
    outside the year.
    """
    ward = _kept_ward(session, viewer, ward_code)
    first, last = days
    if last < first or {first.year, last.year} != {year}:
        raise FormFault("round_days", f"a round of {year} lies in it, and ends after it begins")
    row = session.get(RoundDays, (ward.id, year, NUMBERS[kind]))
    if row is None:
        row = RoundDays(ward_id=ward.id, year=year, number=NUMBERS[kind])
        session.add(row)
    row.first, row.last, row.set_at, row.set_by_id = first, last, now, viewer.account_id
    session.flush()
    audit.append(
        session,
        viewer,
        "round.set",
        f"round:{ward.code}/{year}-{NUMBERS[kind]}",
        now=now,
        ward_id=ward.id,
        detail={"first": first.isoformat(), "last": last.isoformat()},
    )
    return USUAL[kind](year, days)


def set_closing(
    session: Session, viewer: Viewer, ward_code: str, *, by_cut_off: bool, now: datetime
) -> None:
    """Say whether the ward's monthly report runs from the 15th to the 14th. Raises RoleNeeded."""
    ward = _kept_ward(session, viewer, ward_code)
    if ward.closes_by_cut_off == by_cut_off:
        return
    ward.closes_by_cut_off = by_cut_off
    audit.append(
        session,
        viewer,
        "ward.closing",
        f"ward:{ward.code}",
        now=now,
        ward_id=ward.id,
        detail={"by_cut_off": by_cut_off},
    )


def wards_to_keep(session: Session, viewer: Viewer) -> tuple[Ward, ...]:
    """The wards whose days the viewer may set, by name."""
    statement = scoped(select(Ward), Ward.id, viewer, *DAY_KEEPERS)
    return tuple(session.scalars(statement.order_by(Ward.name)))


def _kept_ward(session: Session, viewer: Viewer, code: str) -> Ward:
    ward = session.scalar(
        scoped(select(Ward).where(Ward.code == code), Ward.id, viewer, *DAY_KEEPERS)
    )
    if ward is None:
        raise RoleNeeded(*DAY_KEEPERS)
    return ward
