"""A period's report: its forms, its list, its files, and locking it."""

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from shutil import rmtree
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.background import BackgroundTask

from viahe_api import audit
from viahe_api.cells import Cell
from viahe_api.exports.files import (
    FORMS,
    OF_CASES,
    OF_LOCKED,
    OF_REVIEWERS,
    OF_SANCTIONS,
    OF_WARDS,
    ReportFile,
    file_name,
    write_file,
)
from viahe_api.exports.heading import heading_lines, standing, wards_said
from viahe_api.exports.narrative import counting, told
from viahe_api.exports.reading import heading_of, read_out, write_reading
from viahe_api.exports.said import said
from viahe_api.figures import Figures
from viahe_api.forms.by_reviewer import decided_by_name
from viahe_api.forms.form import Form as Summary
from viahe_api.locks import lock_report
from viahe_api.period_address import write_period
from viahe_api.periods import PeriodKind
from viahe_api.report import Report
from viahe_api.routes.asked_period import asked_period, following, other_months
from viahe_api.routes.asked_report import read_report, report_query
from viahe_api.routes.edge import CheckedForm
from viahe_api.routes.visit import Person, SignedInVisit
from viahe_api.vocabulary import Role
from viahe_api.web.cell_words import form_addresses, sentence_addresses
from viahe_api.web.definitions import DEFINITIONS, NAMES, definition_of
from viahe_api.web.form_cells import shown_rows, shown_totals
from viahe_api.web.period_words import period_days, period_name
from viahe_api.web.wording import VERDICTS

router = APIRouter(prefix="/reports")


@router.get("/{period}")
def report_page(visit: Person, period: str, ward: str = "", merged: bool = False) -> Response:
    """`period` as in `period_address`; `ward` by its code, all of the viewer's by default, and
    `merged` with those that went into it."""
    with visit.database.reading() as session:
        report = read_report(session, visit, period, ward, merged)
        reviewed = decided_by_name(report.decided() or ())
    figures, language = report.figures, visit.language
    wanted = figures.period
    one = figures.wards[0] if len(figures.wards) == 1 else None
    query = report_query(ward or (one.code if one else ""), merged)
    opens, summaries = form_addresses(report, query), report.summaries(language)
    return visit.page(
        "report.html",
        report=report,
        period=write_period(wanted),
        called=period_name(wanted, language),
        by_cut_off=wanted.kind is PeriodKind.CUT_OFF_MONTH,
        days=period_days(wanted, language),
        standing=standing(report, language),
        wards=figures.wards,
        wards_said=wards_said(figures, language),
        one=one,
        query=query,
        sentences=sentence_addresses(report, _counting(report, summaries, visit), query),
        forms=[
            (form, shown_rows(form, opens, language), shown_totals(form, opens, language))
            for form in summaries
        ],
        cell=lambda value, column: said(value, column.kind, language),
        heading=heading_lines(report, language)[2:],
        defined=definition_of,
        definitions=DEFINITIONS,
        names=NAMES,
        narrative=list(told(report, visit.desk.languages["vi"])),
        form_numbers=[form for form in FORMS if _holds(report, form)],
        links=_links(figures, ward or (one.code if one else ""), merged, visit),
        lockable=one is not None
        and report.locked_at is None
        and wanted.has_ended(visit.now)
        and _approves(visit, one.code),
        adjusted=report.adjusted(language),
        verdicts=VERDICTS,
        reviewed=dict(reviewed),
        readers=report.lines is not None,
    )


@router.get("/{period}/file.{kind}")
def report_file(
    visit: Person,
    period: str,
    kind: ReportFile,
    ward: str = "",
    form: str = "01",
    merged: bool = False,
) -> Response:
    """The report as a file, in Vietnamese. Every one handed out is in the audit chain."""

    def write(report: Report, folder: Path) -> Path:
        path = folder / file_name(report, kind, form=form)
        write_file(report, kind, visit.desk.languages["vi"], path, form=form)
        return path

    return _handed_out(visit, period, ward, merged, write, kind.media_type)


@router.get("/{period}/reading")
def reading_page(visit: Person, period: str, ward: str = "", merged: bool = False) -> Response:
    """The summary to read out, in Vietnamese."""
    vietnamese = visit.desk.languages["vi"]
    with visit.database.reading() as session:
        report = read_report(session, visit, period, ward, merged)
    wanted = report.figures.period
    query, here = report_query(ward, merged), f"/reports/{write_period(wanted)}"
    return visit.page(
        "report_reading.html",
        called=period_name(wanted, visit.language),
        back=here + query,
        here_path=f"{here}/reading",
        query=query,
        heading=heading_of(report, vietnamese),
        sentences=read_out(report, vietnamese),
        taken_at=report.figures.taken_at,
    )


@router.get("/{period}/reading.{ending}")
def reading_file(
    visit: Person,
    period: str,
    ending: Literal["docx", "pdf"],
    ward: str = "",
    merged: bool = False,
) -> Response:
    """The summary to read out as a file; handing it out is in the audit chain."""
    kind = ReportFile(ending)

    def write(report: Report, folder: Path) -> Path:
        path = folder / file_name(report, kind).replace("bao-cao-", "tom-tat-", 1)
        write_reading(report, ending, visit.desk.languages["vi"], path)
        return path

    return _handed_out(visit, period, ward, merged, write, kind.media_type)


def _handed_out(
    visit: SignedInVisit,
    period: str,
    ward: str,
    merged: bool,
    write: Callable[[Report, Path], Path],
    media_type: str,
) -> Response:
    folder = Path(tempfile.mkdtemp(prefix="viahe-report-"))
    try:
        with visit.database.reading() as session:
            report = read_report(session, visit, period, ward, merged)
            path = write(report, folder)
        _note(visit, report, path.name)
    except BaseException:
        rmtree(folder)
        raise
    return FileResponse(
        path,
        media_type=media_type,
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


def _counting(
    report: Report, summaries: Iterable[Summary], visit: SignedInVisit
) -> dict[str, Cell]:
    """The page's sentences that say a figure: notes of forms, and the narrative's."""
    found = dict(counting(report.figures, visit.desk.languages["vi"]))
    for form in summaries:
        found |= form.counting
    return found


def _holds(report: Report, form: str) -> bool:
    """Whether this reader may have a form, and the report has it."""
    return (
        (form not in OF_WARDS or len(report.figures.outcomes_by_ward) > 0)
        and (form not in OF_SANCTIONS or len(report.figures.sanctions_by_basis) > 0)
        and (form not in OF_CASES or report.lines is not None)
        and (form not in OF_LOCKED or report.since is not None)
        and (form not in OF_REVIEWERS or report.reviewers)
    )


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
            report.subject,
            now=visit.now,
            ward_id=ids.pop() if len(ids) == 1 else None,
            detail={"file": name, "locked": report.locked_at is not None},
        )


def _links(
    figures: Figures, ward: str, merged: bool, visit: SignedInVisit
) -> dict[str, str | None]:
    period = figures.period
    later, other = following(period, visit.now), other_months(period, visit.now)
    to = {"earlier": figures.previous, "later": later, "other": other}
    query = report_query(ward, merged)
    return {
        name: None if found is None else f"/reports/{write_period(found)}{query}"
        for name, found in to.items()
    }
