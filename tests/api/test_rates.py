"""Cases per 1,000 camera hours are told from a camera's whole day on, and everywhere alike."""

import csv
import json
import re
from datetime import timedelta
from pathlib import Path

import docx
import openpyxl
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.exported_files import pdf_text
from tests.api.house import House, a_suspicion, sign_in
from tests.api.locked import decide
from tests.api.test_reports_pages import tables_of
from viahe_api import seeding, seen_totals
from viahe_api.counts import LEAST_HOURS_OF_A_RATE
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.forms.form import Form
from viahe_api.language import read_language
from viahe_api.locks import lock_report, verify_figures, verify_locked
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import ward_report
from viahe_api.tables import LockedReport
from viahe_api.vocabulary import Verdict
from viahe_api.web.definitions import DEFINITIONS

OCTOBER = read_period("2026-10")
A_MINUTE = 1 / 60
VI = read_language("vi")
RATE = "Đủ căn cứ mỗi 1.000 giờ camera"
NOTE = (
    "Số đủ căn cứ mỗi 1.000 giờ camera chỉ nêu khi camera đã hoạt động từ 24 giờ trở lên; ít hơn "
    "thì chưa đủ các giờ trong ngày, một trường hợp cũng làm tỷ lệ thay đổi quá nhiều."
)


@pytest.fixture
def case(house: House) -> str:
    """A case of October with sufficient grounds, in Tây Hồ."""
    code = house.report(a_suspicion(), start_at=OCTOBER.start + timedelta(days=4))
    decide(house, code, Verdict.CONFIRM)
    return code


def saw(house: House, hours: float, *, ward: str = "tay-ho", slug: str = "cam-1") -> None:
    """A camera saw so many hours of October, from its first on."""
    whole, part = divmod(hours, 1)
    with house.database.writing() as session:
        for n, share in enumerate([1.0] * int(whole) + [part] * (part > 0)):
            hour, camera = OCTOBER.start + timedelta(hours=n), house.camera_id(ward, slug)
            seen_totals.keep_seen(session, camera, "s", hour, 3600 * share)


def october(house: House) -> Report:
    with house.database.reading() as session:
        return ward_report(session, "tay-ho", OCTOBER, now=house.now)


def by_camera(report: Report) -> Form:
    return next(form for form in report.summaries(VI) if form.number == "03")


def rates(report: Report) -> list[object]:
    """Of each camera, then of all together."""
    form = by_camera(report)
    assert form.totals is not None
    place = [column.heading for column in form.columns].index(RATE)
    return [row[place] for row in (*form.rows, form.totals)]


@pytest.mark.parametrize(
    ("hours", "rate"), [(0, None), (A_MINUTE, None), (23.9, None), (24, 1000 / 24), (100, 10)]
)
def test_a_rate_is_told_from_a_whole_day_of_hours_on(
    house: House, case: str, hours: float, rate: float | None
) -> None:
    saw(house, hours)
    report = october(house)
    assert report.figures.hours.seen == pytest.approx(hours)
    assert report.figures.per_thousand_hours == pytest.approx(rate)
    assert rates(report) == pytest.approx([rate, rate])


def test_cameras_tell_a_rate_together_that_neither_tells_alone(house: House, case: str) -> None:
    """Though a computer adds 8.1, 8.2 and 7.7 up to a little less than the whole day."""
    with house.database.writing() as session:
        place = seeding.CameraPlace("Ngõ 9", "Số 9 Thụy Khuê")
        device = house.device().id
        for slug in ("cam-2", "cam-3"):
            seeding.add_camera(session, device, slug, place, now=OCTOBER.start)
    for slug, hours in (("cam-1", 8.1), ("cam-2", 8.2), ("cam-3", 7.7)):
        saw(house, hours, slug=slug)
    assert rates(october(house)) == [None, None, None, pytest.approx(1000 / 24)]


def test_no_page_and_no_file_tells_the_rate_of_a_minute(
    house: House, client: TestClient, case: str, tmp_path: Path
) -> None:
    saw(house, A_MINUTE)
    report = october(house)
    for kind in ReportFile:
        write_file(report, kind, VI, tmp_path / f"r.{kind}", form="03")
    approver = sign_in(client, "duc")
    overview, page = (
        approver.get(f"/{name}").text for name in ("dashboard?period=2026-10", "reports/2026-10")
    )
    assert f'<h2>{RATE}</h2><p class="big">–</p>' in overview
    headings, line = lines_under(tables_of(page))
    assert dict(zip(headings, line, strict=True))[RATE] == "–"
    lines = csv.reader((tmp_path / "r.csv").read_text("utf-8-sig").split("\n"), delimiter=";")
    headings, line = lines_under([list(lines)])
    assert dict(zip(headings, line, strict=True))[RATE] == ""
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Biểu 03"]
    cells = [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
    headings, line = lines_under([cells])
    assert dict(zip(headings, line, strict=True))[RATE] == "–"
    document = docx.Document(str(tmp_path / "r.docx"))
    tables = [[[cell.text for cell in row.cells] for row in one.rows] for one in document.tables]
    headings, line = lines_under(tables)
    assert dict(zip(headings, line, strict=True))[RATE] == "–"
    values = " ".join(value for row in cells for value in row)
    data = (tmp_path / "r.json").read_text()
    for text in (overview, page, values, pdf_text(tmp_path / "r.pdf"), data):
        assert not re.search(r"60[.,]?000", text)


def test_why_a_rate_is_not_told_is_said_beside_it(
    house: House, client: TestClient, case: str, tmp_path: Path
) -> None:
    report = october(house)
    for kind in (ReportFile.WORKBOOK, ReportFile.DOCUMENT, ReportFile.PORTABLE):
        write_file(report, kind, VI, tmp_path / f"r.{kind}")
    approver = sign_in(client, "duc")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Biểu 03"]
    paragraphs = [one.text for one in docx.Document(str(tmp_path / "r.docx")).paragraphs]
    assert NOTE in approver.get("/reports/2026-10").text
    assert NOTE in [cell.value for cell in sheet["A"]]
    assert NOTE in paragraphs
    assert NOTE in pdf_text(tmp_path / "r.pdf")
    said = VI.gettext(DEFINITIONS["rate"])
    for address in ("/dashboard?period=2026-10", "/reports/2026-10"):
        assert f"<dd>{said}</dd>" in approver.get(address).text, address


@pytest.mark.parametrize("code", ["vi", "en"])
def test_what_is_said_of_a_rate_names_the_least_hours(code: str) -> None:
    said = read_language(code).gettext(DEFINITIONS["rate"])
    assert f" {LEAST_HOURS_OF_A_RATE} " in said
    assert "–" in said


def test_of_many_wards_each_has_a_rate_where_its_cameras_saw_enough(
    house: House, client: TestClient, case: str
) -> None:
    saw(house, 24)
    saw(house, 23, ward="hong-ha")
    page = sign_in(client, "binh").get("/dashboard?period=2026-10").text
    rows = {row[0]: row[1:] for table in tables_of(page) for row in table if row}
    assert rows["Phường Tây Hồ"][2] == "41,7"
    assert rows["Phường Hồng Hà"][2] == "–"
    assert f'<h2>{RATE}</h2><p class="big">21,3</p>' in page


def test_a_locked_report_seals_cases_and_hours_and_no_rate_of_them(house: House, case: str) -> None:
    """So that one locked when a minute was told a rate of is whole, and tells none."""
    saw(house, A_MINUTE)
    with house.database.writing() as session:
        lock_report(session, house.viewer("duc"), "tay-ho", OCTOBER, now=house.now)
    with house.database.reading() as session:
        locked = session.scalars(select(LockedReport)).one()
        verify_figures(session, locked)
        verify_locked(session, locked)
        kept = json.dumps(locked.figures)
    assert re.search(r'"seen": 0\.01666', kept)
    assert "60000" not in kept
    report = october(house)
    assert report.locked_at is not None
    assert report.figures.hours.seen == pytest.approx(A_MINUTE)
    assert rates(report) == [None, None]


def lines_under(tables: list[list[list[str]]]) -> tuple[list[str], list[str]]:
    """The headings of the table that has a rate, and the line below them."""
    for table in tables:
        for at, line in enumerate(table):
            if RATE in line:
                return line, table[at + 1]
    raise AssertionError(f"no table has a column {RATE}")
