"""A report as this reader may have it: locked if it was locked, a draft otherwise."""

from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.case_lines import case_lines
from viahe_api.counted_wards import Narrow, one_ward, wards_of_viewer
from viahe_api.errors import NotFound
from viahe_api.figures import FIGURES, take_figures
from viahe_api.locks import find_locked, locked_lines, verify_locked
from viahe_api.periods import Period
from viahe_api.report import Report
from viahe_api.scope import Viewer
from viahe_api.tables import LockedReport, Ward
from viahe_api.vocabulary import CASE_READERS, Role


def viewer_report(
    session: Session, viewer: Viewer, period: Period, *, now: datetime, ward_code: str | None = None
) -> Report:
    """Of all wards the viewer has a role in, or of one of them.

    The list of cases comes with it only if the viewer may read cases in every ward counted,
    reviewers only for who approves in each. Raises NotFound for a ward out of reach, and
    IntegrityLost for a locked report that was changed.
    """
    narrow = wards_of_viewer(viewer, ward_code)
    counted = _ward_ids(session, narrow)
    if not counted:
        raise NotFound(f"no ward {ward_code or 'at all'} for {viewer.login}")

    def everywhere(*roles: Role) -> bool:
        return _ward_ids(session, wards_of_viewer(viewer, ward_code, roles)) == counted

    return _report(
        session,
        narrow,
        period,
        now,
        one=len(counted) == 1,
        lists=everywhere(*CASE_READERS),
        reviewers=everywhere(Role.APPROVER),
    )


def ward_report(session: Session, ward_code: str, period: Period, *, now: datetime) -> Report:
    """Of one ward, with all there is, for the command line of whoever owns the machine.

    Raises NotFound with the codes there are, and IntegrityLost.
    """
    ward = session.scalar(select(Ward.id).where(Ward.code == ward_code))
    if ward is None:
        known = ", ".join(session.scalars(select(Ward.code).order_by(Ward.code))) or "none"
        raise NotFound(f"no ward {ward_code}; there are: {known}")
    narrow = one_ward(ward)
    return _report(session, narrow, period, now, one=True, lists=True, reviewers=True)


def _report(
    session: Session,
    narrow: Narrow,
    period: Period,
    now: datetime,
    *,
    one: bool,
    lists: bool,
    reviewers: bool,
) -> Report:
    locked = find_locked(session, narrow, period) if one else None
    if locked is not None:
        return _locked(session, locked, lists=lists, reviewers=reviewers)
    figures = take_figures(session, narrow, period, now=now)
    lines = partial(case_lines, session, narrow, period) if lists else None
    return Report(figures, lines, reviewers)


def _locked(session: Session, locked: LockedReport, *, lists: bool, reviewers: bool) -> Report:
    verify_locked(session, locked)
    return Report(
        FIGURES.validate_python(locked.figures),
        partial(locked_lines, session, locked) if lists else None,
        reviewers,
        locked.locked_at,
        locked.locked_by.name,
    )


def _ward_ids(session: Session, narrow: Narrow) -> set[int]:
    return set(session.scalars(narrow(select(Ward.id), Ward.id)))
