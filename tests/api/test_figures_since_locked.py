"""Each figure of a locked report that is another now stands beside it, in every file."""

import json
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pypdf
from sqlalchemy import select

from tests.api.house import House, a_suspicion
from tests.api.locked import (
    HANOI,
    IN_NOVEMBER,
    NOVEMBER,
    VIETNAMESE,
    decide,
    read,
    told_since,
)
from viahe_api import seen_totals
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.report_reading import viewer_report
from viahe_api.tables import Case
from viahe_api.vocabulary import RejectReason, Verdict


def test_officials_see_which_figures_changed_and_no_case(house: House, codes: list[str]) -> None:
    decide(house, codes[1], Verdict.CONFIRM)
    (figures,) = told_since(house, "thu")
    assert [row[2:] for row in figures] == [
        ["Đủ căn cứ", 1, 2, 1],
        ["Đang xác minh", 2, 1, -1],
        ["Tái vi phạm", 0, 1, 1],
    ]


def test_every_file_of_a_locked_report_says_what_changed_since(
    house: House, codes: list[str], tmp_path: Path
) -> None:
    decide(house, codes[1], Verdict.REJECT, note="người đi qua")
    with house.database.reading() as session:
        report = viewer_report(session, house.viewer("duc"), NOVEMBER, now=house.now)
        for kind in ReportFile:
            write_file(report, kind, VIETNAMESE, tmp_path / f"r.{kind}", form="07")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    cells = [str(cell.value) for row in book["Biểu 07"].iter_rows() for cell in row]
    document = docx.Document(str(tmp_path / "r.docx"))
    texts = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    read_back = pypdf.PdfReader(tmp_path / "r.pdf")
    pages = " ".join(page.extract_text() for page in read_back.pages)
    separated = (tmp_path / "r.csv").read_text("utf-8-sig")
    for said in (cells, texts, pages, separated):
        assert codes[1] in said
        assert any("người đi qua" in part for part in ([said] if isinstance(said, str) else said))
    data = json.loads((tmp_path / "r.json").read_text())
    figures = data["changed_since_locked"]
    assert {change["measure"]: (change["locked"], change["now"]) for change in figures} == {
        "not_violation": (0, 1),
        "in_verification": (2, 1),
    }
    assert data["cases_changed_since_locked"] == [
        {
            "code": codes[1],
            "act": "dumping",
            "start_at": IN_NOVEMBER.astimezone(UTC).isoformat(),
            "what": "state",
            "locked": "waiting",
            "now": "not_violation",
            "cause": "rejected",
            "at": house.now.isoformat(),
            "reason": RejectReason.PASSERS_BY,
            "note": "người đi qua",
            "by": "Nguyễn Thị Lan",
        }
    ]


def test_hours_a_camera_tells_late_are_an_adjustment_of_no_act(
    house: House, codes: list[str], tmp_path: Path
) -> None:
    """Its detector was cut off when the report was locked."""
    locked = read(house)[0].figures.hours
    with house.database.writing() as session:
        hour = datetime(2026, 11, 3, 11, tzinfo=UTC)
        seen_totals.keep_seen(session, house.camera_id(), "s", hour, 1800.0)
    report, _ = read(house)
    assert report.figures.hours == locked
    figures, cases_changed = told_since(house)
    everything = "Tất cả các hành vi"
    lost = round(locked.lost, 1)
    assert [row[1:] for row in figures] == [
        [everything, "Số giờ hoạt động", 0.0, 0.5, 0.5],
        [everything, "Số giờ mất tín hiệu", lost, lost - 0.5, -0.5],
    ]
    assert cases_changed == []
    for kind in (ReportFile.WORKBOOK, ReportFile.SEPARATED):
        write_file(report, kind, VIETNAMESE, tmp_path / f"r.{kind}", form="06")
    assert f"1;{everything};Số giờ hoạt động;0,0;0,5;0,5" in (tmp_path / "r.csv").read_text()
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Biểu 06"]
    seen = next(row for row in sheet.iter_rows() if row[2].value == "Số giờ hoạt động")
    assert (seen[4].value, seen[4].number_format) == (0.5, "#,##0.0")


def test_repeats_and_clocks_that_changed_are_an_adjustment_of_no_act(
    house: House, codes: list[str], tmp_path: Path
) -> None:
    house.report(a_suspicion("late"), start_at=IN_NOVEMBER)
    decide(house, codes[1], Verdict.CONFIRM)
    with house.database.writing() as session:
        session.scalars(select(Case).where(Case.code == codes[1])).one().clock_offset_s = 9.0
    figures, _ = told_since(house)
    assert [row[2:] for row in figures if row[1] == "Tất cả các hành vi"] == [
        ["Tái vi phạm", 0, 1, 1],
        ["Thời gian chưa đồng bộ", 0, 1, 1],
    ]
    report, _ = read(house)
    write_file(report, ReportFile.WORKBOOK, VIETNAMESE, tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Biểu 06"]
    repeats = next(row for row in sheet.iter_rows() if row[2].value == "Tái vi phạm")
    assert (repeats[4].value, repeats[4].number_format) == (1, "#,##0")


def test_black_spots_there_are_since_the_lock_are_an_adjustment(
    house: House, codes: list[str]
) -> None:
    for code in codes[1:]:
        decide(house, code, Verdict.CONFIRM)
    figures, _ = told_since(house)
    assert ["Tất cả các hành vi", "Điểm đen", 0, 1, 1] in [row[1:] for row in figures]


def test_what_changed_in_the_compared_periods_since_the_lock_is_an_adjustment(
    house: House, codes: list[str]
) -> None:
    """A case and an hour of the period before, which came late: no case of the report changed."""
    hours = read(house)[0].figures.hours_previous
    early = house.report(a_suspicion("early"), start_at=datetime(2026, 10, 3, 18, tzinfo=HANOI))
    decide(house, early, Verdict.CONFIRM)
    with house.database.writing() as session:
        hour = datetime(2026, 10, 3, 11, tzinfo=UTC)
        seen_totals.keep_seen(session, house.camera_id(), "s", hour, 1800.0)
    figures, cases_changed = told_since(house)
    everything, lost = "Tất cả các hành vi", round(hours.lost, 1)
    assert [row[1:] for row in figures if "kỳ trước" in str(row[2])] == [
        ["Đổ rác thải bừa bãi", "Đủ căn cứ, kỳ trước", 0, 1, 1],
        [everything, "Số giờ hoạt động, kỳ trước", 0.0, 0.5, 0.5],
        [everything, "Số giờ mất tín hiệu, kỳ trước", lost, lost - 0.5, -0.5],
    ]
    assert cases_changed == []
