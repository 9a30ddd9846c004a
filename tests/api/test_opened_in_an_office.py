"""A report's files as an office program opens them: what it reckons itself, and what it shows.

Skipped, and said, where LibreOffice or pdftotext is not installed.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pypdf
import pytest

from tests.api.crowd import settle
from tests.api.house import House
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.exports.said import said
from viahe_api.forms.form import Form, Row
from viahe_api.language import read_language
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import ward_report

SOFFICE, READER = shutil.which("soffice"), shutil.which("pdftotext")
VI = read_language("vi")
KEPT_RESULT = re.compile(r"(</f>)<v>[^<]*</v>")
UPRIGHT, ACROSS = (595, 842), (842, 595)

pytestmark = pytest.mark.skipif(
    SOFFICE is None or READER is None,
    reason="LibreOffice or pdftotext is not installed: no file was opened as officials do",
)


@pytest.fixture
def crowd(house: House) -> Iterator[Report]:
    settle(house, cases=800, cameras=3, days=64, first=datetime(2026, 9, 20, tzinfo=UTC))
    with house.database.reading() as session:
        yield ward_report(session, "tay-ho", read_period("2026-11"), now=house.now)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where LibreOffice keeps what it remembers of this run's user."""
    return tmp_path_factory.mktemp("office")


def opened(office: Path, file: Path, kind: str, into: Path) -> Path:
    """What LibreOffice makes of a file, as one of another kind."""
    subprocess.run(
        [
            SOFFICE or "",
            f"-env:UserInstallation={office.as_uri()}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            into,
            file,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return into / f"{file.stem}.{kind.partition(':')[0]}"


def without_results(book: Path, target: Path) -> int:
    """The workbook with its formulas alone, for whoever opens it to reckon; how many they are."""
    formulas = 0
    with ZipFile(book) as old, ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.startswith("xl/worksheets/sheet"):
                text, found = KEPT_RESULT.subn(r"\1", content.decode())
                content, formulas = text.encode(), formulas + found
            new.writestr(entry, content)
    return formulas


def test_every_formula_comes_to_the_number_that_was_counted(
    crowd: Report, office: Path, tmp_path: Path
) -> None:
    book, bare, into = tmp_path / "report.xlsx", tmp_path / "bare.xlsx", tmp_path / "opened"
    write_file(crowd, ReportFile.WORKBOOK, VI, book)
    assert without_results(book, bare) > 25
    counted = openpyxl.load_workbook(book, data_only=True)
    formulas = openpyxl.load_workbook(book)
    reckoned = openpyxl.load_workbook(opened(office, bare, "xlsx", into), data_only=True)
    assert reckoned.sheetnames == counted.sheetnames
    for sheet in counted:
        for row in formulas[sheet.title].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert reckoned[sheet.title][cell.coordinate].value == pytest.approx(
                        sheet[cell.coordinate].value
                    ), f"{sheet.title}!{cell.coordinate} {cell.value}"


def test_a_workbook_prints_its_sheets_one_after_the_other_across_a4(
    crowd: Report, office: Path, tmp_path: Path
) -> None:
    write_file(crowd, ReportFile.WORKBOOK, VI, tmp_path / "report.xlsx")
    printed = opened(office, tmp_path / "report.xlsx", "pdf", tmp_path)
    assert {_size(page) for page in pypdf.PdfReader(printed).pages} == {ACROSS}
    pages = _words_of(printed)
    assert not any("###" in text for text in pages), "a number does not fit its column"
    begun = [
        next(place for place, text in enumerate(pages) if f"Biểu {form.number}. " in text)
        for form in crowd.forms(VI)
    ]
    assert all(one < other for one, other in pairwise(begun))


def test_the_document_opens_with_every_number_on_the_pages_the_decree_asks_for(
    crowd: Report, office: Path, tmp_path: Path
) -> None:
    write_file(crowd, ReportFile.DOCUMENT, VI, tmp_path / "report.docx")
    printed = opened(office, tmp_path / "report.docx", "pdf", tmp_path)
    sizes = [_size(page) for page in pypdf.PdfReader(printed).pages]
    forms = sizes.index(ACROSS)
    assert set(sizes[:forms]) == {UPRIGHT}
    assert set(sizes[forms:]) == {ACROSS}
    text = " ".join(_words_of(printed))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    for form in crowd.summaries(VI):
        assert form.totals is not None
        for row in (*form.rows, form.totals):
            assert len(numbers := _numbers(form, row)) > 1
            assert " ".join(" ".join(numbers).split()) in text, form.number


def _words_of(document: Path) -> list[str]:
    """What stands on each page, line by line as a reader sees them. pypdf has a line that is set
    in two faces in the order of the faces."""
    done = subprocess.run(["pdftotext", "-layout", document, "-"], check=True, capture_output=True)
    return [" ".join(page.split()) for page in done.stdout.decode().split("\f")]


def _size(page: pypdf.PageObject) -> tuple[int, int]:
    return round(page.mediabox.width), round(page.mediabox.height)


def _numbers(form: Form, row: Row) -> list[str]:
    """What follows a row's words, as it is said."""
    words = max(place for place, value in enumerate(row) if isinstance(value, str))
    cells = list(zip(form.columns, row, strict=True))[words + 1 :]
    return [said(value, column.kind, VI) for column, value in cells]
