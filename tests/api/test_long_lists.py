"""A list of a hundred thousand cases is written by shortcuts: they say what the long way says."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.crowd import settle
from tests.api.house import House
from viahe_api.case_lines import CASE_LINE, CaseLine
from viahe_api.exports import said_once
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.exports.poured_rows import ROWS_AT_ONCE
from viahe_api.exports.separated import DANGEROUS, written_rows
from viahe_api.forms.form import Column, Form, Kind, Row
from viahe_api.language import Language, read_language
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import ward_report
from viahe_api.running_ahead import ahead

VI = read_language("vi")
NOVEMBER = read_period("2026-11")
ODD = (
    'Nhà "Ba"; ngõ 2',
    "=1+1",
    "@ai",
    "hai\ndòng",
    " trước và sau ",
    '"},{"ward_code":"',
    '},{"ward_code":',
    "<b>&amp;</b>",
    "Trước cổng trường " * 5,
    "",
)
ODD_CODES = {300: "TH-1 của một nơi rất xa", 700: "TH-1 <b>", 980: ""}
"""Among words that are another one in each row."""
words = st.one_of(
    st.sampled_from((*ODD, "một\r\nhai")), st.text(st.characters(exclude_categories=["Cs"]))
)


@given(st.lists(st.tuples(st.integers(), words, words | st.none(), st.integers() | st.none())))
def test_separated_values_are_quoted_as_the_standard_writer_does(rows: list[Row]) -> None:
    kinds = (Kind.COUNT, Kind.TEXT, Kind.TEXT, Kind.MONEY)
    columns = tuple(Column("x", kind) for kind in kinds)
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(
        [
            f"'{value}" if isinstance(value, str) and value[:1] in DANGEROUS else value
            for value in row
        ]
        for row in rows
    )
    assert "".join(written_rows(Form("05", "", columns, rows, None))) == written.getvalue()


@pytest.fixture
def odd(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Report]:
    """A report of more cases than are written, or remembered, at once, with odd words."""
    monkeypatch.setattr(said_once, "MOST", 7)
    settle(house, cases=1900, cameras=3, days=30, first=datetime(2026, 11, 1, tzinfo=UTC))
    with house.database.reading() as session:
        report = ward_report(session, "tay-ho", NOVEMBER, now=house.now + timedelta(days=9))
        assert report.lines is not None
        lines = [
            replace(
                line,
                code=ODD_CODES.get(n, line.code),
                start_at=line.start_at.replace(microsecond=500_000),
                address=ODD[n % len(ODD)],
                decision_number=ODD[n % 5] or None,
            )
            for n, line in enumerate(report.lines())
        ]
        assert len(lines) > 2 * ROWS_AT_ONCE
        yield replace(report, lines=lambda: iter(lines), unmarked=None)


def test_data_has_every_case_on_a_line_of_its_own_word_for_word(
    odd: Report, tmp_path: Path
) -> None:
    write_file(odd, ReportFile.DATA, VI, tmp_path / "r.json")
    text = (tmp_path / "r.json").read_text()
    _, *written = text.rstrip().removesuffix("]}").split("\n")
    lines = _lines(odd)
    assert [one.removesuffix(",") for one in written] == [
        CASE_LINE.dump_json(line).decode() for line in lines
    ]
    assert len(json.loads(text)["cases"]) == len(lines)
    write_file(replace(odd, reviewers=False), ReportFile.DATA, VI, tmp_path / "r.json")
    without = json.loads((tmp_path / "r.json").read_text())["cases"]
    assert without == [
        CASE_LINE.dump_python(line, mode="json", exclude={"reviewer"}) for line in lines
    ]


class Drawn(Report):
    """The same rows as a sequence, which is drawn cell by cell."""

    def forms(self, language: Language) -> tuple[Form, ...]:
        forms = Report.forms(self, language)
        return tuple(replace(form, rows=tuple(form.rows)) for form in forms)


def test_a_list_in_a_workbook_has_the_cells_and_heights_of_one_drawn_cell_by_cell(
    odd: Report, tmp_path: Path
) -> None:
    write_file(odd, ReportFile.WORKBOOK, VI, tmp_path / "poured.xlsx")
    drawn = Drawn(**{field.name: getattr(odd, field.name) for field in fields(odd)})
    write_file(drawn, ReportFile.WORKBOOK, VI, tmp_path / "drawn.xlsx")
    poured, other = (_sheet(tmp_path / name) for name in ("poured.xlsx", "drawn.xlsx"))
    assert len(poured) == len(other) > 1000
    assert poured == other
    assert {height for height, _ in poured} > {None, 60}


def test_what_is_made_ahead_comes_in_its_order_and_its_faults_where_they_were() -> None:
    asked: list[int] = []

    def source() -> Iterator[int]:
        for n in range(3):
            asked.append(n)
            yield n
        raise ValueError("lost")

    coming = ahead(source())
    assert [next(coming), next(coming), next(coming)] == [0, 1, 2]
    with pytest.raises(ValueError, match="lost"):
        next(coming)
    assert asked == [0, 1, 2]
    asked.clear()
    left = ahead(source())
    assert next(left) == 0
    left.close()
    assert asked == [0, 1]


def _lines(report: Report) -> list[CaseLine]:
    assert report.lines is not None
    return list(report.lines())


def _sheet(path: Path) -> list[Any]:
    sheet = openpyxl.load_workbook(path)["Biểu 05"]
    return [
        (
            sheet.row_dimensions[number].height,
            [(cell.value, cell.number_format, cell.alignment.wrap_text) for cell in row],
        )
        for number, row in enumerate(sheet.iter_rows(), start=1)
    ]
