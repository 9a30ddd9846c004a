"""A report as this reader may have it: locked if it was locked, a draft otherwise."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api.blind_lists import told_blindly
from viahe_api.case_lines import case_lines
from viahe_api.cell_lists import Counted, cases_under, lines_under
from viahe_api.cells import LISTED_APART, Cell
from viahe_api.counted_wards import (
    Narrow,
    every_ward,
    one_ward,
    wards_of_key,
    wards_of_viewer,
)
from viahe_api.errors import NoSuchPeriod, NotFound
from viahe_api.figure_taking import take_figures
from viahe_api.figures import FIGURES
from viahe_api.list_head import head_of_list
from viahe_api.locks import find_locked, locked_lines, locked_outcomes, verify_figures
from viahe_api.measures import reviewed_by
from viahe_api.periods import Period
from viahe_api.report import Report
from viahe_api.report_days import NUMBERS, round_of
from viahe_api.report_keys import KeyReader
from viahe_api.scope import Viewer
from viahe_api.second_reviews import blind_codes
from viahe_api.since_locked import since_locked
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import LockedReport, Ward
from viahe_api.vocabulary import CASE_READERS, Authority, Role


def viewer_report(
    session: Session,
    viewer: Viewer,
    period: Period,
    *,
    now: datetime,
    ward_code: str | None = None,
    with_merged: bool = False,
    as_locked: bool = True,
    by_plan: bool = False,
    for_list: bool = False,
) -> Report:
    """Of all wards the viewer has a role in, or of one of them, with those merged into it if
    that is asked. Not `as_locked`, it is counted from the rows as they stand; `by_plan`, a round
    is on the days of the ward's plan, unless one on these days was locked. `for_list`, a draft has
    figures that only stand above a list, as `list_head` says.

    The list of cases comes with it only if the viewer may read cases in every ward counted,
    reviewers only for who approves in each; what it tells of cases that wait for the viewer's
    second look is in `blind_lists`. Raises NotFound for a ward out of reach, NoSuchPeriod
    for a round that is yet to come, and IntegrityLost for a locked report that was changed.
    """
    narrow = wards_of_viewer(viewer, ward_code, with_merged=with_merged)
    counted = _ward_ids(session, narrow)
    if not counted:
        raise NotFound(f"no ward {ward_code or 'at all'} for {viewer.login}")

    def everywhere(*roles: Role) -> bool:
        held = wards_of_viewer(viewer, ward_code, roles, with_merged=with_merged)
        return _ward_ids(session, held) == counted

    report = _report(
        session,
        narrow,
        period,
        now,
        one=len(counted) == 1,
        as_locked=as_locked,
        by_plan=by_plan,
        for_list=for_list,
        lists=everywhere(*CASE_READERS),
        reviewers=everywhere(Role.APPROVER),
    )
    if report.under is None:
        return report
    return told_blindly(report, blind_codes(session, viewer), merged=with_merged)


def key_report(
    session: Session,
    reader: KeyReader,
    period: Period,
    *,
    now: datetime,
    ward_code: str | None = None,
    by_plan: bool = False,
) -> Report:
    """Of all wards a tool's key opens, or of one of them: counts alone, never a list, nobody's
    name.

    Raises NotFound for a ward it does not open, and IntegrityLost.
    """
    narrow = wards_of_key(reader.id, ward_code, now=now)
    counted = _ward_ids(session, narrow)
    if not counted:
        raise NotFound(f"this key opens no ward {ward_code or 'at all'}")
    one = len(counted) == 1
    report = _report(
        session, narrow, period, now, one=one, by_plan=by_plan, lists=False, reviewers=False
    )
    return replace(report, locked_by=None)


def ward_report(
    session: Session, ward_code: str, period: Period, *, now: datetime, by_plan: bool = False
) -> Report:
    """Of one ward, with all there is, for the command line of whoever owns the machine.

    Raises NotFound with the codes there are, and IntegrityLost.
    """
    ward = session.scalar(select(Ward.id).where(Ward.code == ward_code))
    if ward is None:
        known = ", ".join(session.scalars(select(Ward.code).order_by(Ward.code))) or "none"
        raise NotFound(f"no ward {ward_code}; there are: {known}")
    narrow = one_ward(ward)
    return _report(
        session, narrow, period, now, one=True, by_plan=by_plan, lists=True, reviewers=True
    )


def city_report(
    session: Session, period: Period, *, now: datetime, by_plan: bool = False
) -> Report:
    """The same of all wards together, which nobody locks; of a database with one ward that ward's.

    Raises NotFound where there is no ward, and IntegrityLost.
    """
    number = len(_ward_ids(session, every_ward))
    if not number:
        raise NotFound("there is no ward yet: add one with viahe-api ward add")
    one = number == 1
    return _report(
        session, every_ward, period, now, one=one, by_plan=by_plan, lists=True, reviewers=True
    )


def _report(
    session: Session,
    narrow: Narrow,
    period: Period,
    now: datetime,
    *,
    one: bool,
    lists: bool,
    reviewers: bool,
    by_plan: bool,
    as_locked: bool = True,
    for_list: bool = False,
) -> Report:
    locked = find_locked(session, narrow, period) if one else None
    if locked is None and by_plan and period.kind in NUMBERS:
        period = _planned(session, narrow, period, now)
        locked = find_locked(session, narrow, period) if one else None
    reading = SummaryReading(session, narrow)
    reviewed = partial(reviewed_by, reading, period)
    authority = _authority(session, narrow)
    if locked is not None and as_locked:
        report = _locked(session, locked, lists=lists, reviewers=reviewers)
        return replace(report, reviewed=reviewed, authority=authority, reading=reading)
    take = head_of_list if for_list else take_figures
    figures = take(reading, period, now=now)
    if not lists:
        return Report(figures, authority=authority, reading=reading)

    def under(cell: Cell, most: int) -> Counted:
        return cases_under(reading, figures, cell, most=most)

    lines = partial(case_lines, session, narrow, period)
    return Report(
        figures,
        lines,
        reviewers,
        under=under,
        reviewed=reviewed,
        authority=authority,
        reading=reading,
        unmarked=partial(lines, marked=False),
    )


def _planned(session: Session, narrow: Narrow, round: Period, now: datetime) -> Period:
    planned = round_of(session, narrow, round.kind, round.year)
    if not planned.has_begun(now):
        raise NoSuchPeriod("not_begun", f"the round begins on {planned.first}, yet to come")
    return planned


def _locked(session: Session, locked: LockedReport, *, lists: bool, reviewers: bool) -> Report:
    verify_figures(session, locked)
    figures = FIGURES.validate_python(locked.figures)
    since = since_locked(session, locked, figures)
    report = Report(
        figures, locked_at=locked.locked_at, locked_by=locked.locked_by.name, since=since
    )
    if not lists:
        return report

    def under(cell: Cell, most: int) -> Counted:
        if cell.of in LISTED_APART:
            apart = locked_outcomes(session, locked, cell.of)
            return lines_under(apart, figures, cell, most=most)
        return lines_under(((line, None) for line in lines()), figures, cell, most=most)

    lines = partial(locked_lines, session, locked)
    return replace(report, lines=lines, reviewers=reviewers, under=under)


def _authority(session: Session, narrow: Narrow) -> Authority:
    """Who governs all the wards counted; the committee where not one does."""
    found = set(session.scalars(narrow(select(Ward.governed_by).distinct(), Ward.id)))
    return found.pop() if len(found) == 1 else Authority.COMMITTEE


def _ward_ids(session: Session, narrow: Narrow) -> set[int]:
    return set(session.scalars(narrow(select(Ward.id), Ward.id)))
