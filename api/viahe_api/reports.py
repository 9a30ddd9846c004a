"""A month's counts, beside the hours its cameras were meant to see and really saw."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from viahe_api.coverage import HOUR_S, expected_seconds, seen_seconds
from viahe_api.errors import NotFound
from viahe_api.months import Month
from viahe_api.records import ActCounts, MonthCounts
from viahe_api.scope import S, Viewer, scoped
from viahe_api.tables import Camera, Case, Ward
from viahe_api.vocabulary import EVERY_ROLE, OPEN_STATES, CaseState
from viahe_rules.domain import Act


class Narrow(Protocol):
    """Narrows a select to the wards that are counted, by its column of ward ids."""

    def __call__(self, statement: S, ward_id: "InstrumentedAttribute[int]", /) -> S: ...


def month_counts(session: Session, viewer: Viewer, month: Month, *, now: datetime) -> MonthCounts:
    """The counts of all wards the viewer has any role in.

    A case counts in the month its act began, whatever day it was decided.
    """

    def of_viewer(statement: S, ward_id: "InstrumentedAttribute[int]") -> S:
        return scoped(statement, ward_id, viewer, *EVERY_ROLE)

    return _counts(session, of_viewer, month, now)


def ward_month_counts(
    session: Session, ward_code: str, month: Month, *, now: datetime
) -> MonthCounts:
    """The counts of one ward, for the command line of whoever owns the machine.

    Raises NotFound.
    """
    ward = session.scalar(select(Ward.id).where(Ward.code == ward_code))
    if ward is None:
        raise NotFound(f"no ward {ward_code}")

    def of_ward(statement: S, ward_id: "InstrumentedAttribute[int]") -> S:
        return statement.where(ward_id == ward)

    return _counts(session, of_ward, month, now)


def _counts(session: Session, narrow: Narrow, month: Month, now: datetime) -> MonthCounts:
    counts = _by_act_and_state(session, narrow, month)
    by_act = tuple((act, _sorted_out(counts, (act,))) for act in Act)
    cameras, expected_s, seen_s, lost_s = _coverage(session, narrow, month, now)
    wards = session.scalars(narrow(select(Ward.name), Ward.id).order_by(Ward.name))
    return MonthCounts(
        year=month.year,
        month=month.month,
        start=month.start,
        end=month.end,
        total=_sorted_out(counts, tuple(Act)),
        by_act=by_act,
        integrity_errors=sum(counts.get((act, CaseState.INTEGRITY_ERROR), 0) for act in Act),
        cameras=cameras,
        expected_hours=expected_s / HOUR_S,
        seen_hours=seen_s / HOUR_S,
        lost_hours=lost_s / HOUR_S,
        wards=tuple(wards),
    )


def _by_act_and_state(
    session: Session, narrow: Narrow, month: Month
) -> dict[tuple[Act, CaseState], int]:
    statement = (
        select(Case.act, Case.state, func.count())
        .where(
            Case.completed_at.is_not(None),
            Case.start_at >= month.start,
            Case.start_at < month.end,
        )
        .group_by(Case.act, Case.state)
    )
    rows = session.execute(narrow(statement, Case.ward_id))
    return {(act, state): count for act, state, count in rows}


def _sorted_out(counts: dict[tuple[Act, CaseState], int], acts: Iterable[Act]) -> ActCounts:
    def of(*states: CaseState) -> int:
        return sum(counts.get((act, state), 0) for act in acts for state in states)

    acts = tuple(acts)
    return ActCounts(
        recorded=of(*(state for state in CaseState if state is not CaseState.INTEGRITY_ERROR)),
        sufficient=of(CaseState.SUFFICIENT),
        insufficient=of(CaseState.INSUFFICIENT),
        not_violation=of(CaseState.NOT_VIOLATION),
        duplicate=of(CaseState.DUPLICATE),
        in_verification=of(*OPEN_STATES),
    )


def _coverage(
    session: Session, narrow: Narrow, month: Month, now: datetime
) -> tuple[int, float, float, float]:
    """Cameras of the period, and the seconds expected, seen and lost. Lost is per camera, so
    that one seen too long cannot make up for another's silence."""
    cameras = session.scalars(narrow(select(Camera), Camera.ward_id)).all()
    expected = {
        camera.id: seconds
        for camera in cameras
        if (seconds := expected_seconds(camera, month.start, month.end, now)) > 0
    }
    seen = seen_seconds(session, list(expected), month.start, month.end)
    lost = sum(max(0.0, seconds - seen.get(camera, 0.0)) for camera, seconds in expected.items())
    return len(expected), sum(expected.values()), sum(seen.values()), lost
