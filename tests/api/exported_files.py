"""A report of a crowd of cases written as every kind of file, and those files read back."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.api.crowd import settle
from tests.api.house import House
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.language import read_language
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import ward_report

VI = read_language("vi")
NOVEMBER = read_period("2026-11")


@pytest.fixture
def crowd(house: House) -> Iterator[Report]:
    """A report of some 200 cases, with the transaction it is read in."""
    settle(house, cases=800, cameras=3, days=64, first=datetime(2026, 9, 20, tzinfo=UTC))
    with house.database.reading() as session:
        yield ward_report(session, "tay-ho", NOVEMBER, now=house.now)


@pytest.fixture
def files(crowd: Report, tmp_path: Path) -> Path:
    for kind in ReportFile:
        write_file(crowd, kind, VI, tmp_path / f"report.{kind}")
    return tmp_path


def pdf_text(path: Path) -> str:
    """All words of all pages, in the order they were set, with single spaces."""
    pages = (page.extract_text() for page in pypdf.PdfReader(path).pages)
    return " ".join(" ".join(pages).split())


def sheet_table(sheet: Worksheet, lines: int) -> list[list[Any]]:
    """The rows under the heading that begins with STT."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(number for number, row in enumerate(rows) if row[0] == "STT")
    return [[rounded(value) for value in row] for row in rows[head + 1 : head + 1 + lines]]


def rounded(value: Any) -> Any:
    """A workbook keeps sixteen digits."""
    return round(value, 9) if isinstance(value, float) else value


def separated_values(path: Path) -> list[list[str]]:
    """The table, below its heading and an empty line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    return lines[lines.index([]) + 1 :]
