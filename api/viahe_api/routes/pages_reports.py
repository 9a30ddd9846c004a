"""A period's report: its forms, its list, its files, and locking it."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from shutil import rmtree
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import FileResponse, RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask

from viahe_api import audit
from viahe_api.adjustments import Adjustment, adjustments
from viahe_api.case_lines import CaseLine
from viahe_api.counted_wards import wards_of_viewer
from viahe_api.errors import NotFound, RoleNeeded
from viahe_api.exports.files import FORMS, ReportFile, file_name, write_file
from viahe_api.exports.heading import standing
from viahe_api.exports.narrative import told
from viahe_api.exports.said import said
from viahe_api.locks import find_locked, lock_report
from viahe_api.measures import Reviewed, reviewed_by
from viahe_api.period_address import write_period
from viahe_api.periods import Period, PeriodKind
from viahe_api.report import Report
from viahe_api.report_reading import viewer_report
from viahe_api.routes.asked_period import asked_period, following, other_months
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import CASE_READERS, OPEN_STATES, Role, Verdict
from viahe_api.web.definitions import MEASURES
from viahe_api.web.period_words import period_days, period_name
from viahe_api.web.wording import ACTS, CASE_STATUS, REJECT_REASONS, VERDICTS, Status
from viahe_api.web.wording import said as status_said
from viahe_rules.domain import Act

router = APIRouter(prefix="/reports")

LISTED = 500
"""Lines a page shows; the workbook has them all."""


@router.get("/{period}")
def report_page(visit: Person, period: str, ward: str = "") -> Response:
    """`period` as in `period_address`; `ward` by its code, all of the viewer's by default."""
    wanted = asked_period(period, visit.now)
    with visit.database.reading() as session:
        report = _read(session, visit, wanted, ward)
        changed = _changed(session, visit, wanted, report)
        approved = wards_of_viewer(visit.viewer, ward or None, (Role.APPROVER,))
        reviewed = reviewed_by(session, approved, wanted) if report.reviewers else ()
    figures, language = report.figures, visit.language
    one = figures.wards[0] if len(figures.wards) == 1 else None
    return visit.page(
        "report.html",
        report=report,
        period=write_period(wanted),
        called=period_name(wanted, language),
        by_cut_off=wanted.kind is PeriodKind.CUT_OFF_MONTH,
        days=period_days(wanted, language),
        standing=standing(report, language),
        wards=figures.wards,
        one=one,
        forms=report.summaries(language),
        cell=lambda value, column: said(value, column.kind, language),
        narrative=list(told(report, visit.desk.languages["vi"])),
        form_numbers=FORMS if report.lines else FORMS[:-1],
        links=_links(wanted, one.code if one else "", visit),
        lockable=one is not None
        and report.locked_at is None
        and wanted.has_ended(visit.now)
        and _approves(visit, one.code),
        changed=changed,
        verdicts=VERDICTS,
        reviewed=_by_reviewer(reviewed),
        acts=ACTS,
        statuses=CASE_STATUS,
        reasons=REJECT_REASONS,
        readers=report.lines is not None,
    )


@router.get("/{period}/cases")
def case_page(
    visit: Person, period: str, of: str = "recorded", act: str = "", ward: str = ""
) -> Response:
    """The cases a figure counts: `of` is a field of Counts. Readers of cases alone."""
    wanted = asked_period(period, visit.now)
    if of not in MEASURES or act not in {"", *Act}:
        raise NotFound(f"no figure {of} {act}")
    with visit.database.reading() as session:
        report = _read(session, visit, wanted, ward)
        if report.lines is None:
            raise RoleNeeded(*CASE_READERS)
        matching = (line for line in report.lines() if _counts_in(line, of, act))
        lines = list(islice(matching, LISTED))
        more = sum(1 for _ in matching)
    language = visit.language
    figure = language.gettext(MEASURES[of])
    return visit.page(
        "report_cases.html",
        title=f"{figure}: {period_name(wanted, language)}",
        act=language.gettext(ACTS[Act(act)]) if act else "",
        back=f"/reports/{write_period(wanted)}" + (f"?ward={ward}" if ward else ""),
        lines=[_line(line, visit) for line in lines],
        total=len(lines) + more,
        more=more,
    )


@router.get("/{period}/file.{kind}")
def report_file(
    visit: Person, period: str, kind: ReportFile, ward: str = "", form: str = "01"
) -> Response:
    """The report as a file, in Vietnamese. Every one handed out is in the audit chain."""
    wanted = asked_period(period, visit.now)
    folder = Path(tempfile.mkdtemp(prefix="viahe-report-"))
    try:
        with visit.database.reading() as session:
            report = _read(session, visit, wanted, ward)
            path = folder / file_name(report, kind, form=form)
            write_file(report, kind, visit.desk.languages["vi"], path, form=form)
        _note(visit, report, path.name)
    except BaseException:
        rmtree(folder)
        raise
    return FileResponse(
        path,
        media_type=kind.media_type,
        filename=path.name,
        background=BackgroundTask(rmtree, folder),
    )


@router.post("/{period}/lock", dependencies=[CheckedForm])
def lock(visit: Person, period: str, ward: Annotated[str, Form()]) -> Response:
    """Lock the ward's numbers of the period. Raises RoleNeeded and NotLockable."""
    wanted = asked_period(period, visit.now)
    with visit.database.writing() as session:
        lock_report(session, visit.viewer, ward, wanted, now=visit.now)
    return RedirectResponse(f"/reports/{write_period(wanted)}?ward={ward}", 303)


def _read(session: Session, visit: SignedInVisit, period: Period, ward: str) -> Report:
    return viewer_report(session, visit.viewer, period, now=visit.now, ward_code=ward or None)


def _changed(
    session: Session, visit: SignedInVisit, period: Period, report: Report
) -> tuple[Adjustment, ...]:
    if report.locked_at is None:
        return ()
    narrow = wards_of_viewer(visit.viewer, report.figures.wards[0].code)
    locked = find_locked(session, narrow, period)
    return () if locked is None else adjustments(session, locked, period)


def _by_reviewer(reviewed: Iterable[Reviewed]) -> dict[str, dict[Verdict, int]]:
    rows: dict[str, dict[Verdict, int]] = {}
    for row in reviewed:
        counts = rows.setdefault(row.reviewer, {})
        counts[row.verdict] = counts.get(row.verdict, 0) + row.count
    return rows


def _approves(visit: SignedInVisit, ward_code: str) -> bool:
    """For showing the form; `lock_report` guards it."""
    return any(
        grant.ward_code == ward_code and grant.role is Role.APPROVER
        for grant in visit.viewer.grants
    )


def _note(visit: SignedInVisit, report: Report, name: str) -> None:
    wards = {ward.code for ward in report.figures.wards}
    ids = {grant.ward_id for grant in visit.viewer.grants if grant.ward_code in wards}
    with visit.database.writing() as session:
        audit.append(
            session,
            visit.viewer,
            "report.exported",
            f"report:{'+'.join(sorted(wards))[:100]}/{write_period(report.figures.period)}",
            now=visit.now,
            ward_id=ids.pop() if len(ids) == 1 else None,
            detail={"file": name, "locked": report.locked_at is not None},
        )


def _links(period: Period, ward: str, visit: SignedInVisit) -> dict[str, str | None]:
    later, other = following(period, visit.now), other_months(period, visit.now)
    to = {"earlier": period.previous, "later": later, "other": other}
    query = f"?ward={ward}" if ward else ""
    return {
        name: None if found is None else f"/reports/{write_period(found)}{query}"
        for name, found in to.items()
    }


def _counts_in(line: CaseLine, of: str, act: str) -> bool:
    if act and line.act != act:
        return False
    if of == "in_verification":
        return line.state in OPEN_STATES
    return of in {"recorded", line.state}


def _line(line: CaseLine, visit: SignedInVisit) -> "ListedCase":
    language = visit.language
    several = visit.viewer.works_in_several_wards
    return ListedCase(
        address=f"/cases/{line.code}@{line.ward_code}" if several else f"/cases/{line.code}",
        code=line.code,
        when=language.moment(line.start_at),
        place=", ".join(part for part in (line.address, line.street, line.group) if part),
        act=language.gettext(ACTS[line.act]),
        status=status_said(language, CASE_STATUS[line.state]),
    )


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One line of the list as the page shows it."""

    address: str
    code: str
    when: str
    place: str
    act: str
    status: Status
