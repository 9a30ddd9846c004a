"""Reports as files: the same numbers everywhere, of the right kinds, and nothing half written."""

import csv
import json
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from tests.api.crowd import settle
from tests.api.house import House, a_suspicion
from viahe_api import seeding, seen_totals
from viahe_api.cli import main
from viahe_api.counts import Counts
from viahe_api.errors import FormFault, TotalsDisagree
from viahe_api.exports import letterhead
from viahe_api.exports.files import ReportFile, file_name, write_file
from viahe_api.exports.narrative import told
from viahe_api.exports.portable import write_portable_text
from viahe_api.exports.said import said
from viahe_api.exports.workbook import SHEET_ROWS
from viahe_api.figures import FIGURES
from viahe_api.forms.form import Form, Kind, Value
from viahe_api.language import Language, read_language
from viahe_api.locks import lock_report
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import city_report, ward_report
from viahe_api.tables import AuditEntry, Camera, Case, Ward
from viahe_api.vocabulary import Authority, CaseState
from viahe_rules.domain import Act

VI = read_language("vi")
HANOI = timezone(timedelta(hours=7))
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
        assert _table(book[f"Biểu {form.number}"], len(rows) + 1) == [
            [_in_a_sheet(value) for value in row] for row in everywhere
        ]
        written = document.tables[place + 2]  # after head and signature
        texts = [[cell.text for cell in row.cells] for row in written.rows[1:]]
        assert texts == [_said(form, row) for row in everywhere]
        for row in everywhere:
            cells = _said(form, row)
            assert " ".join(" ".join(cells).split()) in pages, form.number
        write_file(crowd, ReportFile.SEPARATED, VI, tmp_path / "form.csv", form=form.number)
        values = _values(tmp_path / "form.csv")
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


def test_sheets_print_on_a4_with_their_head_on_every_page(files: Path) -> None:
    for sheet in openpyxl.load_workbook(files / "report.xlsx"):
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows


def test_a_row_is_as_high_as_its_words_need(house: House, tmp_path: Path) -> None:
    """Not every program makes room for words that break."""
    house.report(a_suspicion(), start_at=datetime(2026, 11, 3, tzinfo=HANOI))
    with house.database.writing() as session:
        session.query(Camera).first().address = "Trước cổng trường " * 5  # type: ignore[union-attr]
    with house.database.reading() as session:
        report = ward_report(session, "tay-ho", NOVEMBER, now=house.now)
        write_file(report, ReportFile.WORKBOOK, VI, tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Biểu 05"]
    line = next(row[0].row for row in sheet.iter_rows() if row[0].value == 1)
    assert sheet.row_dimensions[line].height == 60
    assert sheet.row_dimensions[line + 1].height is None


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
    assert _values(files / "report.csv")[0][:3] == ["STT", "Nhóm hành vi", "Đã ghi nhận"]


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


def test_the_document_is_laid_out_as_the_decree_asks_and_is_not_signed(files: Path) -> None:
    document = docx.Document(str(files / "report.docx"))
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins if margin is not None] == [20, 20, 30, 20]
    assert round(section.page_width.mm) == 210  # type: ignore[union-attr]
    head = document.tables[0].rows[0].cells
    assert "PHƯỜNG TÂY HỒ" in head[0].text
    assert "Số:         /BC-UBND" in head[0].text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head[1].text
    assert "ngày      tháng      năm" in head[1].text
    assert document.tables[1].rows[0].cells[1].text == "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    parts = ["I. Tình hình chung", "II. Kết quả", "III. Tồn tại", "IV. Phương hướng", "PHỤ LỤC"]
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)
    assert "(từ ngày 01/11/2026 đến ngày 30/11/2026)" in text
    assert not document.inline_shapes


def test_the_pdf_is_laid_out_as_the_document_is_and_is_not_signed(
    crowd: Report, files: Path
) -> None:
    book = pypdf.PdfReader(files / "report.pdf")
    sizes = [(round(page.mediabox.width), round(page.mediabox.height)) for page in book.pages]
    upright = sizes.index((842, 595))
    assert set(sizes[:upright]) == {(595, 842)}
    assert set(sizes[upright:]) == {(842, 595)}
    for number, page in enumerate(book.pages, start=1):
        assert (page.extract_text().split()[0] == str(number)) == (number > 1)
    text = pdf_text(files / "report.pdf")
    for paragraph in docx.Document(str(files / "report.docx")).paragraphs:
        assert " ".join(paragraph.text.split()) in text
    signature = letterhead.letterhead_of(crowd).signature
    for words in (letterhead.STATE, letterhead.MOTTO, *signature, "Số: /BC-UBND"):
        assert words in text
    assert not any(page.images for page in book.pages)
    assert book.get_fields() is None


@pytest.mark.parametrize(
    ("name", "office", "number", "signed"),
    [
        ("Phường Tây Hồ", "PHƯỜNG TÂY HỒ", "Số:         /BC-CAP", "TRƯỞNG CÔNG AN PHƯỜNG"),
        ("Xã Ô Diên", "XÃ Ô DIÊN", "Số:         /BC-CAX", "TRƯỞNG CÔNG AN XÃ"),
        ("Hoàn Kiếm", "HOÀN KIẾM", "Số:         /BC-CA", "TRƯỞNG CÔNG AN"),
    ],
)
def test_a_ward_its_police_govern_writes_as_its_police(
    house: House, tmp_path: Path, name: str, office: str, number: str, signed: str
) -> None:
    with house.database.writing() as session:
        ward = session.scalars(select(Ward).where(Ward.code == "tay-ho")).one()
        ward.governed_by, ward.name = Authority.POLICE, name
    with house.database.reading() as session:
        report = ward_report(session, "tay-ho", NOVEMBER, now=house.now)
        for kind in (ReportFile.DOCUMENT, ReportFile.PORTABLE):
            write_file(report, kind, VI, tmp_path / f"r.{kind}")
    head, signature = docx.Document(str(tmp_path / "r.docx")).tables[:2]
    assert head.rows[0].cells[0].text.split("\n") == ["CÔNG AN", office, "", number]
    assert signature.rows[0].cells[1].text == signed
    text = pdf_text(tmp_path / "r.pdf")
    for words in (f"CÔNG AN {office}", " ".join(number.split()), signed):
        assert words in text
    assert "ỦY BAN NHÂN DÂN" not in text


def test_a_locked_report_is_its_police_s_too_and_wards_of_both_kinds_the_committee_s(
    house: House,
) -> None:
    ended = read_period("2026-10")
    with house.database.writing() as session:
        ward = session.scalars(select(Ward).where(Ward.code == "tay-ho")).one()
        ward.governed_by = Authority.POLICE
        lock_report(session, house.viewer("duc"), "tay-ho", ended, now=house.now)
    with house.database.reading() as session:
        locked = ward_report(session, "tay-ho", ended, now=house.now)
        together = city_report(session, ended, now=house.now)
    assert locked.locked_at is not None
    assert letterhead.letterhead_of(locked).body == "CÔNG AN"
    assert letterhead.letterhead_of(together).body == "ỦY BAN NHÂN DÂN"


def test_a_heading_says_that_its_column_is_in_percent(files: Path, tmp_path: Path) -> None:
    assert [cell for cell in _values(files / "report.csv")[0] if "Tăng, giảm" in cell] == [
        "Tăng, giảm (%)",
        "Tăng, giảm (%)",
    ]
    sheet = openpyxl.load_workbook(files / "report.xlsx")["Biểu 03"]
    headings = next(
        [cell.value for cell in row] for row in sheet.iter_rows() if row[0].value == "STT"
    )
    assert "Tỷ lệ đúng (%)" in headings
    assert "Số giờ hoạt động" in headings


def test_the_pdf_carries_every_vietnamese_letter_it_is_set_in(tmp_path: Path) -> None:
    letters = "ăâđêôơư" + "".join(
        unicodedata.normalize("NFC", vowel + tone)
        for vowel in "aăâeêioôơuưy"
        for tone in "\u0300\u0301\u0303\u0309\u0323"
    )
    words = [letters, letters.upper()]
    write_portable_text("Tiêu đề", (), words, tmp_path / "letters.pdf")
    written = "".join(pdf_text(tmp_path / "letters.pdf").split())
    assert all(word in written for word in words)
    for page in pypdf.PdfReader(tmp_path / "letters.pdf").pages:
        faces = [font.get_object() for font in page["/Resources"]["/Font"].values()]
        assert all("SourceSerif" in face["/BaseFont"] for face in faces), faces


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
    assert _values(tmp_path / "r.csv")[1][2].startswith("'=")


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


def test_a_camera_that_moved_to_another_ward_keeps_its_cases_where_they_happened(
    house: House,
) -> None:
    house.report()
    with house.database.writing() as session:
        camera = session.get_one(Camera, house.camera_id())
        camera.ward_id = session.get_one(Ward, house.device("hong-ha").ward_id).id
    with house.database.reading() as session:
        report = ward_report(session, "tay-ho", NOVEMBER, now=house.now)
        forms = report.summaries(VI)
    assert report.figures.counts.recorded == 1
    (cameras,) = (form for form in forms if form.number == "03")
    assert [row[3] for row in cameras.rows] == ["Phường Hồng Hà"]
    assert cameras.notes[-1] == (
        "Camera Phường Tây Hồ hiện thuộc Phường Hồng Hà: trường hợp vẫn tính cho phường nơi xảy "
        "ra, số giờ tính cho Phường Hồng Hà."
    )


def test_a_camera_registered_anew_in_another_ward_splits_its_hours_by_the_day(
    house: House,
) -> None:
    """As the register has it: switched off here, installed there."""
    moved_at = NOVEMBER.start + timedelta(days=9)
    with house.database.writing() as session:
        session.get_one(Camera, house.camera_id()).disabled_at = moved_at
        place = seeding.CameraPlace("Camera chuyển", "Số 1 Thụy Khuê")
        device = house.device("hong-ha").id
        anew = seeding.add_camera(session, device, "moved", place, now=moved_at)
        seen_totals.keep_seen(session, house.camera_id(), "s", NOVEMBER.start, 3600.0)
        seen_totals.keep_seen(session, anew.id, "s", moved_at, 1800.0)
        anew_id = anew.id
    with house.database.reading() as session:
        old, new = (
            ward_report(session, ward, NOVEMBER, now=house.now).figures.cameras
            for ward in ("tay-ho", "hong-ha")
        )
    (of_old,) = old
    (of_new,) = (camera for camera in new if camera.camera_id == anew_id)
    assert (of_old.hours.expected, of_old.hours.seen) == pytest.approx((9 * 24, 1.0))
    since = (house.now - moved_at) / timedelta(hours=1)
    assert (of_new.hours.expected, of_new.hours.seen) == pytest.approx((since, 0.5))


def test_a_clock_that_was_off_is_said_beside_its_case(house: House) -> None:
    house.report()
    with house.database.writing() as session:
        session.query(Case).one().clock_offset_s = -40.0
    with house.database.reading() as session:
        report = ward_report(session, "tay-ho", NOVEMBER, now=house.now)
        acts, *_, listed, _ = report.forms(VI)
        (row,) = listed.rows
    assert row[-1] == "Thời gian chưa đồng bộ"
    said = "trường hợp do camera có đồng hồ chưa được đồng bộ ghi nhận"
    assert f"1 {said}: thời điểm có thể sai lệch." in acts.notes
    assert any(f"Có 1 {said}" in text for _, texts in told(report, VI) for text in texts)


def test_the_command_line_writes_every_kind_of_file(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house.report(a_suspicion(), start_at=datetime(2026, 9, 16, tzinfo=HANOI))
    (house.settings.data / "secret").write_text(house.settings.secret)
    asked = ["report", "--data", str(house.settings.data), "--ward", "tay-ho"]
    for kind in ReportFile:
        path = tmp_path / f"r.{kind}"
        assert main([*asked, "--month", "2026-10.cutoff", "--output", str(path)]) == 0
        assert path.stat().st_size > 100
    assert openpyxl.load_workbook(tmp_path / "r.xlsx")["Biểu 01"]["A2"].value == (
        "Phường Tây Hồ - Tháng 10/2026 theo kỳ chốt"
    )
    capsys.readouterr()
    assert main([*asked, "--output", str(tmp_path / "r.odt")]) == 1
    assert "--format" in capsys.readouterr().err
    assert main([*asked, "--month", "2199-01"]) == 1
    assert "yet to come" in capsys.readouterr().err
    assert main([*asked, "--month", "2026-11-20..2026-11-03"]) == 1
    assert "before it begins" in capsys.readouterr().err


@pytest.mark.parametrize("kind", list(ReportFile))
def test_without_a_name_the_file_is_named_after_ward_and_period_and_audited(
    house: House,
    tmp_path: Path,
    kind: ReportFile,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (house.settings.data / "secret").write_text(house.settings.secret)
    monkeypatch.chdir(tmp_path)
    asked = ["report", "--data", str(house.settings.data), "--month", "2026-10"]
    assert main([*asked, "--ward", "tay-ho", "--format", kind]) == 0
    (written,) = tmp_path.glob("bao-cao-*")
    assert written.suffix == f".{kind}"
    assert written.name.startswith("bao-cao-tay-ho-2026-10")
    assert capsys.readouterr().out == f"written: {written.name}\n"
    with house.database.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "report.exported")
        ).one()
    assert (entry.action, entry.object) == ("report.exported", "report:tay-ho/2026-10")
    assert entry.detail == {"file": written.name}


def test_a_files_name_says_whose_and_of_when(crowd: Report) -> None:
    assert file_name(crowd, ReportFile.WORKBOOK) == "bao-cao-tay-ho-2026-11.xlsx"
    assert file_name(crowd, ReportFile.SEPARATED, form="05") == "bao-cao-tay-ho-2026-11-bieu-05.csv"


def test_writing_workbooks_does_not_load_numpy() -> None:
    script = "import sys, viahe_api.exports.files; print('numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def pdf_text(path: Path) -> str:
    """All words of all pages, in the order they were set, with single spaces."""
    pages = (page.extract_text() for page in pypdf.PdfReader(path).pages)
    return " ".join(" ".join(pages).split())


def _table(sheet: Worksheet, lines: int) -> list[list[Any]]:
    """The rows under the heading that begins with STT."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(number for number, row in enumerate(rows) if row[0] == "STT")
    return [[_rounded(value) for value in row] for row in rows[head + 1 : head + 1 + lines]]


def _in_a_sheet(value: Value) -> Any:
    if value is None:
        return "–"
    return _rounded(value)


def _rounded(value: Any) -> Any:
    """A workbook keeps sixteen digits."""
    return round(value, 9) if isinstance(value, float) else value


def _values(path: Path) -> list[list[str]]:
    """The table, below its heading and an empty line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    return lines[lines.index([]) + 1 :]


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
