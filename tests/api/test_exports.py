"""Reports as files: the same numbers everywhere, of the right kinds, and nothing half written."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from tests.api.exported_files import (
    NOVEMBER,
    VI,
    crowd,
    files,
    pdf_text,
    rounded,
    separated_values,
    sheet_table,
)
from tests.api.house import House
from viahe_api.counts import Counts
from viahe_api.errors import FormFault, TotalsDisagree
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.exports.said import said
from viahe_api.exports.workbook import SHEET_ROWS
from viahe_api.figures import FIGURES
from viahe_api.forms.form import Form, Kind, Value
from viahe_api.language import Language
from viahe_api.report import Report
from viahe_api.report_reading import ward_report
from viahe_api.tables import Camera
from viahe_api.vocabulary import CaseState
from viahe_rules.domain import Act

__all__ = ["crowd", "files"]


def test_page_workbook_document_values_and_data_say_the_same_numbers(
    crowd: Report, files: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(files / "report.xlsx", data_only=True)
    document = docx.Document(str(files / "report.docx"))
    pages = pdf_text(files / "report.pdf")
    data = json.loads((files / "report.json").read_text())
    assert crowd.figures.counts.recorded > 50
    for place, form in enumerate(crowd.summaries(VI)):
        rows = [list(row) for row in form.rows]
        assert form.totals is not None
        everywhere = [*rows, list(form.totals)]
        assert sheet_table(book[f"Biểu {form.number}"], len(rows) + 1) == [
            [_in_a_sheet(value) for value in row] for row in everywhere
        ]
        written = document.tables[place + 2]  # after head and signature
        texts = [[cell.text for cell in row.cells] for row in written.rows[1:]]
        assert texts == [_said(form, row) for row in everywhere]
        for row in everywhere:
            cells = _said(form, row)
            assert " ".join(" ".join(cells).split()) in pages, form.number
        write_file(crowd, ReportFile.SEPARATED, VI, tmp_path / "form.csv", form=form.number)
        values = separated_values(tmp_path / "form.csv")
        assert values[1:] == [_separated(form, row) for row in rows]
    assert data["totals"]["recorded"] == crowd.figures.counts.recorded == len(data["cases"])
    assert data["totals"]["sufficient"] == crowd.figures.counts.sufficient
    assert FIGURES.validate_python(data["figures"]) == crowd.figures


def test_totals_are_formulas_whose_result_is_the_sum(files: Path) -> None:
    formulas = openpyxl.load_workbook(files / "report.xlsx")
    results = openpyxl.load_workbook(files / "report.xlsx", data_only=True)
    checked = 0
    for name in ("Biểu 01", "Biểu 02", "Biểu 03", "Biểu 04"):
        for row in formulas[name].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("=SUM("):
                    span = results[name][cell.value[5:-1]]
                    parts = [line[0].value for line in span]
                    assert all(isinstance(part, int | float) for part in parts), cell.coordinate
                    assert results[name][cell.coordinate].value == pytest.approx(sum(parts))
                    checked += 1
    assert checked > 25


def test_moments_and_money_are_values_and_not_words(files: Path) -> None:
    sheet = openpyxl.load_workbook(files / "report.xlsx")["Biểu 05"]
    first = next(row for row in sheet.iter_rows() if row[0].value == 1)
    assert isinstance(first[2].value, datetime)
    assert first[2].number_format == "dd/mm/yyyy hh:mm"
    assert str(first[1].value).startswith("C-")
    acts = openpyxl.load_workbook(files / "report.xlsx")["Biểu 01"]
    money = next(row for row in acts.iter_rows() if row[0].value == 1)[12]
    assert (money.value, money.number_format) == (0, "#,##0")


def test_a_list_no_sheet_can_hold_is_pointed_to_and_not_cut(crowd: Report, tmp_path: Path) -> None:
    """As a year of the whole city has it."""
    act, *others = crowd.figures.acts
    many = replace(act, counts=replace(act.counts, recorded=SHEET_ROWS))
    figures = replace(crowd.figures, acts=(many, *others))

    class Agreed(Report):
        """Its parts are those of the smaller report."""

        def forms(self, language: Language) -> tuple[Form, ...]:
            return crowd.forms(language)

    write_file(Agreed(figures, crowd.lines), ReportFile.WORKBOOK, VI, tmp_path / "r.xlsx")
    texts = [
        row[0].value for row in openpyxl.load_workbook(tmp_path / "r.xlsx")["Biểu 05"].iter_rows()
    ]
    assert any("lấy bằng tệp CSV, Biểu 05" in str(text) for text in texts)
    assert 1 not in texts


def test_values_open_in_vietnamese_excel(files: Path) -> None:
    content = (files / "report.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    assert separated_values(files / "report.csv")[0][:3] == ["STT", "Nhóm hành vi", "Đã ghi nhận"]


def test_values_say_above_the_table_what_a_sheet_says(
    crowd: Report, files: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(files / "report.xlsx")
    for number in ("01", "02", "04", "05", "08"):
        write_file(crowd, ReportFile.SEPARATED, VI, tmp_path / "form.csv", form=number)
        lines = (tmp_path / "form.csv").read_text("utf-8-sig").split("\n")
        above = [line.strip() for line in lines[: lines.index("")]]
        sheet = [cell.value for cell in book[f"Biểu {number}"]["A"]]
        assert above == sheet[: len(above)]
        assert above[0].startswith(f"Biểu {number}. ")
        assert f"ghi nhận {VI.number(crowd.figures.hours.seen, 1)} trên" in " ".join(above)


def test_a_heading_says_that_its_column_is_in_percent(files: Path, tmp_path: Path) -> None:
    assert [cell for cell in separated_values(files / "report.csv")[0] if "Tăng, giảm" in cell] == [
        "Tăng, giảm (%)",
        "Tăng, giảm (%)",
    ]
    sheet = openpyxl.load_workbook(files / "report.xlsx")["Biểu 03"]
    headings = next(
        [cell.value for cell in row] for row in sheet.iter_rows() if row[0].value == "STT"
    )
    assert "Tỷ lệ đúng (%)" in headings
    assert "Số giờ hoạt động" in headings


def test_a_name_that_looks_like_a_formula_stays_a_name(house: House, tmp_path: Path) -> None:
    house.report()
    with house.database.writing() as session:
        session.get_one(Camera, house.camera_id()).name = '=HYPERLINK("http://x")'
    with house.database.reading() as session:
        report = ward_report(session, "tay-ho", NOVEMBER, now=house.now)
        write_file(report, ReportFile.WORKBOOK, VI, tmp_path / "r.xlsx")
        write_file(report, ReportFile.SEPARATED, VI, tmp_path / "r.csv", form="03")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Biểu 03"]
    cells = [cell for row in sheet.iter_rows() for cell in row if "HYPER" in str(cell.value)]
    assert [cell.data_type for cell in cells] == ["s"]
    assert separated_values(tmp_path / "r.csv")[1][2].startswith("'=")


@pytest.mark.parametrize("kind", [ReportFile.WORKBOOK, ReportFile.DATA])
def test_a_list_that_does_not_add_up_is_not_handed_out(
    crowd: Report, tmp_path: Path, kind: ReportFile
) -> None:
    assert crowd.lines is not None
    lines = list(crowd.lines())
    short = replace(crowd, lines=lambda: iter(lines[:-1]), unmarked=None)
    with pytest.raises(TotalsDisagree):
        write_file(short, kind, VI, tmp_path / "r")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]  # the house's own


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": CaseState.DUPLICATE},
        {"act": Act.ENCROACHMENT},
        {"state": CaseState.INTEGRITY_ERROR},
    ],
)
@pytest.mark.parametrize("kind", [ReportFile.WORKBOOK, ReportFile.SEPARATED, ReportFile.DATA])
def test_a_list_as_long_as_it_should_be_with_another_state_or_act_is_not_handed_out(
    crowd: Report, tmp_path: Path, kind: ReportFile, wrong: dict[str, Any]
) -> None:
    assert crowd.lines is not None
    lines = list(crowd.lines())
    place = next(
        place
        for place, line in enumerate(lines)
        if line.state is CaseState.SUFFICIENT and line.act is Act.DUMPING
    )
    lines[place] = replace(lines[place], **wrong)
    other = replace(crowd, lines=lambda: iter(lines), unmarked=None)
    with pytest.raises(TotalsDisagree, match="list of cases, dumping, "):
        write_file(other, kind, VI, tmp_path / "r", form="05")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_sheets_that_disagree_are_not_handed_out(crowd: Report) -> None:
    camera = crowd.figures.cameras[0]
    more = tuple((act, counts + Counts(1, 1)) for act, counts in camera.by_act)
    cameras = (replace(camera, by_act=more), *crowd.figures.cameras[1:])
    with pytest.raises(TotalsDisagree, match="cameras add up"):
        replace(crowd, figures=replace(crowd.figures, cameras=cameras)).summaries(VI)
    places = crowd.figures.places[1:]
    with pytest.raises(TotalsDisagree, match="places"):
        replace(crowd, figures=replace(crowd.figures, places=places)).summaries(VI)


def test_the_list_is_only_for_who_may_read_cases(crowd: Report, tmp_path: Path) -> None:
    counts_alone = replace(crowd, lines=None, reviewers=False)
    write_file(counts_alone, ReportFile.WORKBOOK, VI, tmp_path / "r.xlsx")
    assert len(openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames) == 5
    with pytest.raises(FormFault):
        write_file(counts_alone, ReportFile.SEPARATED, VI, tmp_path / "r.csv", form="05")
    nameless = replace(crowd, reviewers=False)
    write_file(nameless, ReportFile.DATA, VI, tmp_path / "r.json")
    assert "Nguyễn Thị Lan" not in (tmp_path / "r.json").read_text()
    assert "reviewer" not in json.loads((tmp_path / "r.json").read_text())["cases"][0]


def _in_a_sheet(value: Value) -> Any:
    if value is None:
        return "–"
    return rounded(value)


def _said(form: Form, row: Sequence[Value]) -> list[str]:
    """A row as people read it, in every column."""
    return [said(value, one.kind, VI) for value, one in zip(row, form.columns, strict=True)]


def _separated(form: Form, row: Sequence[Value]) -> list[str]:
    """A row as a spreadsheet reads it: decimal commas, shares of a hundred, nothing for nothing."""
    cells = []
    for value, column in zip(row, form.columns, strict=True):
        if isinstance(value, float):
            times = 100 if column.kind is Kind.SHARE else 1
            cells.append(f"{value * times:.1f}".replace(".", ","))
        else:
            cells.append("" if value is None else str(value))
    return cells
