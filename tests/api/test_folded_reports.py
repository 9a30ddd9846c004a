"""Many wards together: a row is a ward, and every number is still the same."""

import csv
import json
import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import docx
import openpyxl
import pytest
from sqlalchemy import DateTime, select, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from tests.api.city import LAST, PASSWORD, City, build
from viahe_api.app import create_app
from viahe_api.counted_wards import one_ward
from viahe_api.database import Database
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.exports.heading import heading_lines
from viahe_api.exports.narrative import told
from viahe_api.figure_taking import DETAILED_WARDS, take_figures
from viahe_api.figures import BLACK_SPOT, FIGURES, Figures
from viahe_api.folded_repeats import black_spots
from viahe_api.folded_rows import PLACES_NAMED
from viahe_api.forms.form import Form
from viahe_api.language import read_language
from viahe_api.list_head import head_of_list
from viahe_api.period_address import read_period, write_period
from viahe_api.periods import Period
from viahe_api.repeating import REPEAT_WITHIN
from viahe_api.report import Report
from viahe_api.scope import S
from viahe_api.settings import Settings
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Camera, Ward
from viahe_api.vocabulary import Source

VI = read_language("vi")
OCTOBER = read_period("2026-10")
WARDS = DETAILED_WARDS + 1
periods = pytest.mark.parametrize(
    "period",
    [
        OCTOBER,
        read_period("2026-10-03..2026-11-20"),  # single days at both ends
        read_period("2026-04-03..2026-11-20"),  # longer than half a year
    ],
    ids=write_period,
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('city') / 'viahe.sqlite3'}")
    database.migrate()
    yield from filled(database)


def filled(database: Database) -> Iterator[Database]:
    """The first camera stood in the first ward, and now stands in the second."""
    build(database, City(4000, wards=WARDS, cameras_a_ward=2, days=90))
    with database.writing() as session:
        session.execute(text("UPDATE camera SET ward_id = 2 WHERE id = 1"))
        session.execute(
            text("UPDATE review_case SET ward_id = 2 WHERE camera_id = 1 AND id % 3 = 0")
        )
    yield database
    database.close()


@pytest.fixture
def session(city: Database) -> Iterator[Session]:
    with city.reading() as reading:
        yield reading


@pytest.fixture
def folded(session: Session) -> Figures:
    return take_figures(SummaryReading(session, everywhere), OCTOBER, now=LAST)


@periods
def test_of_many_wards_every_total_is_the_one_every_camera_and_street_add_up_to(
    session: Session, period: Period
) -> None:
    folded = take_figures(SummaryReading(session, everywhere), period, now=LAST)
    detailed = take_figures(
        SummaryReading(session, everywhere), period, now=LAST, detailed_wards=WARDS
    )
    assert folded.folded
    assert not detailed.folded
    assert len(detailed.places) > PLACES_NAMED
    pairs = zip(Report(folded).summaries(VI), Report(detailed).summaries(VI), strict=True)
    for ours, theirs in pairs:
        assert ours.totals == pytest.approx(theirs.totals), ours.number
    assert folded.places == detailed.places[:PLACES_NAMED]


def test_a_wards_row_is_what_its_own_report_has(session: Session, folded: Figures) -> None:
    by_place, by_camera = forms(folded)["02"], forms(folded)["03"]
    assert [row[1] for row in by_place.rows] == [ward.name for ward in folded.wards]
    for ward_id in range(3, WARDS + 1):  # none of them knew the camera that was moved
        own = take_figures(SummaryReading(session, one_ward(ward_id)), OCTOBER, now=LAST)
        (name,) = (ward.name for ward in own.wards)
        of_ward = next(row for row in by_place.rows if row[1] == name)
        totals = forms(own)["02"].totals
        assert totals is not None
        assert of_ward[4:] == totals[4:]
        seen = [row for row in by_camera.rows if row[3] == name]
        assert sum(int(row[5] or 0) for row in seen) == own.counts.recorded


def test_cases_of_a_moved_camera_count_where_they_happened_and_hours_where_it_stands(
    session: Session, folded: Figures
) -> None:
    detailed = take_figures(
        SummaryReading(session, everywhere), OCTOBER, now=LAST, detailed_wards=WARDS
    )
    rows = {(row.ward, row.source): row for row in folded.cameras}
    names = {ward.id: ward.name for ward in session.query(Ward)}
    for ward_id, name in names.items():
        counted = session.scalar(
            text(
                "SELECT count(*) FROM review_case WHERE ward_id = :ward AND source = 'camera'"
                " AND completed_at IS NOT NULL AND state <> 'integrity_error'"
                " AND start_at >= :start AND start_at < :end"
            ),
            {
                "ward": ward_id,
                "start": f"{OCTOBER.start.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
                "end": f"{OCTOBER.end.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            },
        )
        row = rows[name, Source.CAMERA]
        standing = [camera for camera in detailed.cameras if camera.ward == name]
        assert row.counts.recorded == counted
        assert row.hours.seen == pytest.approx(sum(camera.hours.seen for camera in standing))
        assert row.on_duty == sum(camera.on_duty for camera in standing)
    assert [rows[names[ward], Source.CAMERA].on_duty for ward in (1, 2)] == [1, 3]


@periods
def test_black_spots_and_repeats_of_wards_are_those_of_their_cases(
    session: Session, period: Period
) -> None:
    """Counted here once more in Python, from the cases alone."""
    folded = take_figures(SummaryReading(session, everywhere), period, now=LAST)
    cases = session.execute(
        text(
            "SELECT ward_id, camera_id, zone, act, start_at FROM review_case WHERE state ="
            " 'sufficient' AND source = 'camera' AND completed_at IS NOT NULL AND start_at < :end"
            " ORDER BY start_at"
        ).columns(start_at=DateTime()),
        {"end": f"{period.end.astimezone(UTC):%Y-%m-%d %H:%M:%S}"},
    ).all()
    begin = period.start.astimezone(UTC).replace(tzinfo=None)
    last: dict[object, datetime] = {}
    repeats = Counter[int]()
    places: defaultdict[object, Counter[int]] = defaultdict(Counter)
    for ward_id, camera, zone, act, at in cases:
        place = (camera, zone, act)
        if at >= begin:
            places[place][ward_id] += 1
            repeats[ward_id] += place in last and at - last[place] <= REPEAT_WITHIN
        last[place] = at
    spots = Counter(
        max(of, key=lambda ward: (of[ward], ward))
        for of in places.values()
        if of.total() >= BLACK_SPOT
    )
    names = {ward.name: ward.id for ward in session.query(Ward)}
    cameras = [row for row in folded.cameras if row.source is Source.CAMERA]
    assert {names[row.ward]: row.repeats for row in cameras} == repeats
    assert {names[row.ward]: row.black_spots for row in cameras if row.black_spots} == spots
    assert len([1 for of in places.values() if len(of) > 1]) > 1  # a moved camera's


def test_clocks_that_were_off_are_counted_and_said_of_many_wards_together(
    session: Session, folded: Figures
) -> None:
    of_wards = [
        take_figures(SummaryReading(session, one_ward(ward)), OCTOBER, now=LAST).clocks_off or 0
        for ward in range(1, WARDS + 1)
    ]
    assert all(of_wards)
    assert folded.clocks_off == sum(of_wards)
    said = f"{folded.clocks_off} trường hợp do camera có đồng hồ chưa được đồng bộ ghi nhận"
    assert any(said in note for note in forms(folded)["01"].notes)
    assert any(said in text for _, texts in told(Report(folded), VI) for text in texts)


def test_cameras_of_many_wards_are_told_with_their_wards(session: Session, folded: Figures) -> None:
    detailed = take_figures(
        SummaryReading(session, everywhere), OCTOBER, now=LAST, detailed_wards=WARDS
    )
    wards = {camera.camera_id: camera.ward for camera in detailed.cameras}
    assert {wards[place.camera_id] for place in folded.places} > {folded.wards[0].name}
    for figures in (folded, detailed):
        assert all(place.ward == wards[place.camera_id] for place in figures.places if place.camera)
        said = " ".join(text for _, texts in told(Report(figures), VI) for text in texts)
        worst = next(place for place in figures.places if place.repeats)
        ward = worst.ward[:1].lower() + worst.ward[1:]
        assert f"{worst.camera}, khu vực {worst.zone}, {ward} (" in said
    own = take_figures(SummaryReading(session, one_ward(3)), OCTOBER, now=LAST)
    assert own.places
    said = " ".join(text for _, texts in told(Report(own), VI) for text in texts)
    assert own.wards[0].name.lower() not in said.lower()


def test_cameras_that_saw_too_little_are_told_with_their_wards(session: Session) -> None:
    november, later = read_period("2026-11"), LAST + timedelta(days=15)  # hours end with LAST
    told_of = []
    for wards in (DETAILED_WARDS, WARDS):
        figures = take_figures(
            SummaryReading(session, everywhere), november, now=later, detailed_wards=wards
        )
        number, named = figures.weak_cameras
        assert number > len(named[:3]) == 3
        assert named[0].endswith(f" ({figures.wards[0].name})")
        said = " ".join(text for _, texts in told(Report(figures), VI) for text in texts)
        assert f"camera hoạt động dưới 80 % thời gian: {named[0]}, {named[1]}" in said
        told_of.append((number, named[:10]))
    assert told_of[0] == told_of[1]


def test_every_file_of_many_wards_says_the_same_rows(folded: Figures, tmp_path: Path) -> None:
    report = Report(folded)
    for kind in (ReportFile.WORKBOOK, ReportFile.DOCUMENT, ReportFile.DATA):
        write_file(report, kind, VI, tmp_path / f"report.{kind}")
    write_file(report, ReportFile.PORTABLE, VI, tmp_path / "report.pdf")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx", data_only=True)
    words = [
        cell.text
        for table in docx.Document(str(tmp_path / "report.docx")).tables
        for row in table.rows
        for cell in row.cells
    ]
    assert (tmp_path / "report.pdf").stat().st_size > 10_000
    assert book["Biểu 02"]["A2"].value == f"{WARDS} phường, xã - Tháng 10/2026"
    for number in ("02", "03"):
        form = forms(folded)[number]
        path = tmp_path / f"{number}.csv"
        write_file(report, ReportFile.SEPARATED, VI, path, form=number)
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        values = list(csv.reader(lines, delimiter=";"))
        recorded = next(n for n, column in enumerate(form.columns) if column.measure == "recorded")
        rows = list(form.rows)
        assert [row[recorded] for row in values if row[:1] and row[0].isdecimal()] == [
            str(row[recorded]) for row in rows
        ]
        sheet = [[cell.value for cell in row] for row in book[f"Biểu {number}"].iter_rows()]
        numbered = [row for row in sheet if isinstance(row[0], int)]
        assert [row[recorded] for row in numbered] == [row[recorded] for row in rows]
        assert {ward.name for ward in folded.wards} <= set(words)
    data = json.loads((tmp_path / "report.json").read_text())
    assert data["totals"]["repeats"] == folded.repeats
    assert FIGURES.validate_python(data["figures"]) == folded


@pytest.mark.parametrize("ward", [None, 1, 2])  # one camera stood in the first, and now the second
@periods
def test_a_list_stands_under_the_same_days_and_hours_as_the_report(
    session: Session, period: Period, ward: int | None
) -> None:
    reading = SummaryReading(session, everywhere if ward is None else one_ward(ward))
    head = head_of_list(reading, period, now=LAST)
    report = take_figures(reading, period, now=LAST)
    assert heading_lines(Report(head), VI)[1:] == heading_lines(Report(report), VI)[1:]
    assert report.hours.expected > report.hours.seen > 0
    assert (head.wards, head.period) == (report.wards, period)


def test_every_figure_of_the_folded_forms_opens_as_many_cases(
    city: Database, tmp_path: Path, folded: Figures
) -> None:
    here = Settings(tmp_path, secrets.token_urlsafe(32), url(city), keep_free=0)
    app = create_app(here, clock=lambda: LAST)
    with TestClient(app) as client:
        client.post("/sign-in", data={"login": "approver", "password": PASSWORD})
        page = client.get("/reports/2026-10")
        assert page.status_code == 200
        for ward in folded.wards:
            assert f"in={ward.code}" in page.text
        form = forms(folded)["02"]
        for cell, row in zip(form.cells, form.rows, strict=True):
            for place, column in enumerate(form.columns):
                if column.counts is None or not row[place]:
                    continue
                asked = cell.counting(column.counts)
                listed = client.get(f"/reports/2026-10/cases?{asked.query}")
                count = int(row[place] or 0)
                assert f"<caption>{caption(asked.of, count)}</caption>" in listed.text, asked.query


def test_the_black_spots_of_all_wards_are_listed_and_each_opens_its_cases(
    city: Database, tmp_path: Path, folded: Figures
) -> None:
    here = Settings(tmp_path, secrets.token_urlsafe(32), url(city), keep_free=0)
    count = sum(camera.black_spots for camera in folded.cameras)
    with TestClient(create_app(here, clock=lambda: LAST)) as client:
        client.post("/sign-in", data={"login": "approver", "password": PASSWORD})
        page = client.get("/reports/2026-10")
        (address,) = re.findall(r'href="([^"]+of=black_spots)"', page.text)
        listed = client.get(unescape(address)).text
        assert f"<caption>{caption('black_spots', count)}</caption>" in listed
        with city.reading() as session:
            names = dict(session.execute(select(Camera.id, Camera.name)).all())
        opened = re.findall(r'<a href="([^"]+of=(?:sufficient|repeats)[^"]+)">(\d+)</a>', listed)
        assert len(opened) > count
        for of_place, number in opened[-12:]:
            cases = client.get(unescape(of_place)).text
            assert f"<caption>{caption('recorded', int(number))}</caption>" in cases
            camera = re.search(r"camera=(\d+)", of_place)
            assert camera is not None
            assert f", {names[int(camera[1])]}" in cases.split("</h1>")[0]


def test_of_too_many_black_spots_the_worst_are_listed_and_all_counted(session: Session) -> None:
    reading = SummaryReading(session, everywhere)
    every, total = black_spots(reading, OCTOBER, None, most=10_000)
    assert len(every) == total
    assert [place.repeats for place in every] == sorted(
        (place.repeats for place in every), reverse=True
    )
    assert black_spots(reading, OCTOBER, None, most=7) == (every[:7], total)


@periods
def test_a_wards_black_spots_are_those_its_own_report_names(
    session: Session, period: Period
) -> None:
    listed = 0
    for ward_id in range(1, WARDS + 1):  # the second has a camera that stood in the first
        reading = SummaryReading(session, one_ward(ward_id))
        named = [
            (place.camera_id, place.zone_id, place.act, place.sufficient, place.repeats)
            for place in take_figures(reading, period, now=LAST).places
            if place.camera_id is not None and place.sufficient >= BLACK_SPOT
        ]
        found, total = black_spots(reading, period, None, most=10_000)
        assert named == [
            (place.camera_id, place.zone, place.act, place.sufficient, place.repeats)
            for place in found
        ]
        listed += total
    assert listed > WARDS


def everywhere(statement: S, _ward_id: object, /) -> S:
    return statement


def caption(of: str, count: int) -> str:
    """What stands above the list a figure opens."""
    if of == "black_spots":
        one, many = "%(n)s place, those that repeat most first", "%(n)s places"
        return VI.ngettext(one, f"{many}, those that repeat most first", count)
    return VI.ngettext(
        "%(n)s case, by the time of the act", "%(n)s cases, by the time of the act", count
    )


def forms(figures: Figures) -> dict[str, Form]:
    return {form.number: form for form in Report(figures).summaries(VI)}


def url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)
