"""How files of reports look: on paper as the decree asks, in whose name, in Vietnamese letters."""

import unicodedata
from datetime import datetime, timedelta, timezone
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest
from sqlalchemy import select

from tests.api.exported_files import NOVEMBER, VI, crowd, files, pdf_text
from tests.api.house import House, a_suspicion
from viahe_api.exports import letterhead
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.exports.portable import write_portable_text
from viahe_api.locks import lock_report
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import city_report, ward_report
from viahe_api.tables import Camera, Ward
from viahe_api.vocabulary import Authority

__all__ = ["crowd", "files"]

HANOI = timezone(timedelta(hours=7))


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
        session.get_one(Camera, house.camera_id()).address = "Trước cổng trường " * 5
    with house.database.reading() as session:
        report = ward_report(session, "tay-ho", NOVEMBER, now=house.now)
        write_file(report, ReportFile.WORKBOOK, VI, tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Biểu 05"]
    line = next(row[0].row for row in sheet.iter_rows() if row[0].value == 1)
    assert sheet.row_dimensions[line].height == 60
    assert sheet.row_dimensions[line + 1].height is None


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
