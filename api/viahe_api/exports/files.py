"""The kinds of file a report is handed out as."""

from enum import StrEnum
from pathlib import Path

from viahe_api.exports.data import write_data
from viahe_api.exports.document import write_document
from viahe_api.exports.portable import write_portable
from viahe_api.exports.separated import write_separated
from viahe_api.exports.workbook import write_workbook
from viahe_api.language import Language
from viahe_api.period_address import write_period
from viahe_api.report import Report

FORMS = ("01", "01a", "01b", "01c", "02", "03", "04", "05", "06", "07", "08")
OF_WARDS, OF_SANCTIONS = {"01b"}, {"01c"}
OF_CASES, OF_LOCKED, OF_REVIEWERS = {"05", "07"}, {"06", "07"}, {"08"}
"""Forms of several wards, of sanctions where there are some, for who may read cases, of a locked
report alone, and for approvers."""


class ReportFile(StrEnum):
    """The value is the file's suffix."""

    WORKBOOK = "xlsx"
    DOCUMENT = "docx"
    PORTABLE = "pdf"
    SEPARATED = "csv"
    DATA = "json"

    @property
    def media_type(self) -> str:
        office = "application/vnd.openxmlformats-officedocument"
        return {
            ReportFile.WORKBOOK: f"{office}.spreadsheetml.sheet",
            ReportFile.DOCUMENT: f"{office}.wordprocessingml.document",
            ReportFile.PORTABLE: "application/pdf",
            ReportFile.SEPARATED: "text/csv; charset=utf-8",
            ReportFile.DATA: "application/json",
        }[self]


def write_file(
    report: Report,
    kind: ReportFile,
    vietnamese: Language,
    path: Path,
    *,
    form: str = "01",
    headed: bool = True,
) -> None:
    """Write the report; separated values hold one form. Files are in Vietnamese, for signing, and
    say above each table whose counts they are, of when, and what the cameras saw: separated
    values not `headed` are the table alone, for programs.

    Nothing stands at `path` before all is written. Raises FormFault for a form this reader has
    not, and TotalsDisagree.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        if kind is ReportFile.SEPARATED:
            write_separated(report, vietnamese, part, form, headed=headed)
        else:
            _write(report, kind, vietnamese, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def file_name(report: Report, kind: ReportFile, *, form: str = "01") -> str:
    """As in bao-cao-tay-ho-2026-11.cutoff.xlsx."""
    wards = report.figures.wards
    place = wards[0].code if len(wards) == 1 else f"{len(wards)}-phuong"
    part = f"-bieu-{form}" if kind is ReportFile.SEPARATED else ""
    return f"bao-cao-{place}-{write_period(report.figures.period)}{part}.{kind}"


def _write(report: Report, kind: ReportFile, vietnamese: Language, path: Path) -> None:
    match kind:
        case ReportFile.WORKBOOK:
            write_workbook(report, vietnamese, path)
        case ReportFile.DOCUMENT:
            write_document(report, vietnamese, path)
        case ReportFile.PORTABLE:
            write_portable(report, vietnamese, path)
        case ReportFile.DATA:
            write_data(report, path)
