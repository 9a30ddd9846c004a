"""The dashboard, the report, its list and its files, as browsers of each role get them."""

import json
import re
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from tests.api.crowd import settle
from tests.api.house import House, a_suspicion, sign_in
from viahe_api import cases, seen_totals
from viahe_api.locks import lock_report
from viahe_api.period_address import read_period
from viahe_api.tables import AuditEntry, Camera, LockedReport
from viahe_api.vocabulary import Verdict

HANOI = timezone(timedelta(hours=7))
IN_OCTOBER = datetime(2026, 10, 5, 19, tzinfo=HANOI)


@pytest.fixture
def code(house: House) -> str:
    """A confirmed case of October, beside one that waits."""
    found = house.report(start_at=IN_OCTOBER)
    house.report(a_suspicion("key-2"), start_at=IN_OCTOBER)
    with house.database.writing() as session:
        cases.decide(
            session, house.viewer("lan"), found, Verdict.CONFIRM, form_id="f", now=house.now
        )
    return found


@pytest.fixture
def official(client: TestClient, code: str) -> TestClient:
    return sign_in(client, "thu")


@pytest.fixture
def approver(client: TestClient, code: str) -> TestClient:
    return sign_in(client, "duc")


def count(page: str, name: str) -> int:
    found = re.search(rf'data-count="{name}">(?:<a[^>]*>)?([\d.]+)', page)
    assert found, name
    return int(found.group(1).replace(".", ""))


def test_the_dashboard_counts_the_running_month_and_any_other(official: TestClient) -> None:
    now = official.get("/dashboard").text
    assert "Tháng 11/2026" in now
    assert count(now, "recorded-total") == 0
    october = official.get("/dashboard?period=2026-10").text
    assert count(october, "sufficient-total") == 1
    assert count(october, "sufficient-dumping") == 1
    assert count(october, "in_verification-total") == 1
    assert "Từ 01/10/2026 đến 31/10/2026." in october
    assert "Giờ camera dưới 80 %: không so sánh." in october


def test_a_month_by_cut_off_is_one_press_from_the_calendars(official: TestClient) -> None:
    page = official.get("/dashboard?period=2026-10").text
    (address,) = re.findall(r'href="(/dashboard\?period=2026-10\.cutoff)"', page)
    cut_off = official.get(address).text
    assert "Từ 15/09/2026 đến 14/10/2026." in cut_off
    assert 'href="/dashboard?period=2026-10"' in cut_off
    assert 'href="/dashboard?period=2026-09.cutoff"' in cut_off


NONE = "Không có kỳ này: kiểm tra năm và số của kỳ."
FUTURE = "Kỳ này chưa bắt đầu, chưa có số liệu."


@pytest.mark.parametrize(
    ("address", "said"),
    [
        *(("2026-13", NONE), ("nonsense", NONE), ("2026-10-05x", NONE)),
        *(("2026-12", FUTURE), ("2027", FUTURE)),
        ("2026-10-20..2026-10-01", "Ngày kết thúc phải sau ngày bắt đầu."),
    ],
)
def test_a_period_that_cannot_be_counted_is_refused_with_its_reason(
    official: TestClient, address: str, said: str
) -> None:
    for page in (f"/reports/{address}", f"/dashboard?period={address}"):
        answer = official.get(page)
        assert answer.status_code == 404
        assert said in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "2026-10-05",
        "2026-W41",
        "2026-10",
        "2026-10.cutoff",
        "2026-Q4",
        "2026-H2",
        "2026-9M",
        "2026",
        "2026-D1",
        "2026-D2",
        "2026..2026-11-22",
        "2026-10-01..2026-11-20",
    ],
)
def test_every_kind_of_period_has_its_pages(official: TestClient, address: str) -> None:
    assert official.get(f"/reports/{address}").status_code == 200
    assert official.get(f"/dashboard?period={address}").status_code == 200


def test_officials_get_counts_and_files_but_no_list(official: TestClient) -> None:
    page = official.get("/reports/2026-10").text
    assert "/reports/2026-10/cases" not in page
    assert "form=05" not in page
    assert "/reports/2026-10/cases" not in official.get("/dashboard?period=2026-10").text
    assert official.get("/reports/2026-10/cases").status_code == 403
    data = official.get("/reports/2026-10/file.json").json()
    assert data["totals"]["sufficient"] == 1
    assert "cases" not in data
    assert official.get("/reports/2026-10/file.csv?form=05").status_code == 400


def test_reviewers_are_named_to_approvers_alone(
    house: House, client: TestClient, code: str
) -> None:
    for login, named in (("duc", True), ("lan", False), ("thu", False)):
        sign_in(client, login)
        page = client.get("/reports/2026-11").text
        assert ("Kết quả xem xét theo cán bộ" in page) == named
        assert ('<th scope="row">Nguyễn Thị Lan</th>' in page) == named


def test_who_decided_what_is_in_files_for_approvers_alone(
    house: House, client: TestClient, code: str
) -> None:
    for login, named in (("duc", True), ("lan", False), ("thu", False)):
        sign_in(client, login)
        assert ("form=08" in client.get("/reports/2026-11").text) == named
        book = openpyxl.load_workbook(BytesIO(client.get("/reports/2026-11/file.xlsx").content))
        assert ("Biểu 08" in book.sheetnames) == named
        data = client.get("/reports/2026-11/file.json").json()
        separated = client.get("/reports/2026-11/file.csv?form=08")
        if named:
            rows = [[cell.value for cell in row] for row in book["Biểu 08"].iter_rows()]
            assert [1, "Nguyễn Thị Lan", 1, 0, 0, 0, 1] in rows
            assert [None, "Tổng cộng", 1, 0, 0, 0, 1] in [
                [row[0] or None, *row[1:]] for row in rows
            ]
            assert "1;Nguyễn Thị Lan;1;0;0;0;1\r\n" in separated.content.decode()
            assert data["decided"] == [
                {"reviewer": "Nguyễn Thị Lan", "verdict": "confirm", "count": 1}
            ]
        else:
            assert "decided" not in data
            assert separated.status_code == 400


def test_a_figure_opens_the_cases_it_counts(approver: TestClient, code: str) -> None:
    page = approver.get("/dashboard?period=2026-10").text
    asked = re.findall(r'href="(/reports/2026-10/cases\?of=sufficient[^"]*)"', page)
    assert asked
    for address in asked:
        listed = approver.get(address.replace("&amp;", "&")).text
        expected = [] if "encroachment" in address else [code]
        assert re.findall(r'href="/cases/(TH-[^"]+)"', listed) == expected
    assert approver.get("/reports/2026-10/cases?of=nothing").status_code == 404


@pytest.mark.parametrize(
    ("kind", "starts"),
    [
        *(("xlsx", b"PK"), ("docx", b"PK"), ("pdf", b"%PDF-")),
        *(("csv", b"\xef\xbb\xbf"), ("json", b"{")),
    ],
)
def test_files_are_handed_out_by_name_and_each_is_audited(
    house: House, official: TestClient, kind: str, starts: bytes
) -> None:
    answer = official.get(f"/reports/2026-10/file.{kind}")
    assert answer.status_code == 200
    assert answer.content.startswith(starts)
    assert "bao-cao-tay-ho-2026-10" in answer.headers["content-disposition"]
    with house.database.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "report.exported")
        ).one()
    assert (entry.actor, entry.object) == ("account:thu", "report:tay-ho/2026-10")
    assert entry.detail["file"].endswith(kind)


def test_an_approver_locks_and_later_changes_are_adjustments(
    house: House, approver: TestClient
) -> None:
    page = approver.get("/reports/2026-10").text
    assert "Sau khi chốt, thay đổi ghi là điều chỉnh." in page
    csrf = re.search(r'name="csrf" value="([^"]+)"[^/]*?name="ward"', page, re.DOTALL)
    assert csrf
    form = {"csrf": csrf.group(1), "ward": "tay-ho"}
    assert approver.post("/reports/2026-10/lock", data=form).status_code == 200
    with house.database.reading() as session:
        assert session.scalars(select(LockedReport.period)).all() == ["2026-10"]
    locked = approver.get("/reports/2026-10").text
    assert "người chốt: Lê Đức" in locked
    assert "Không có thay đổi sau khi chốt số liệu." in locked
    assert "/lock" not in locked
    house.clock.advance(60)
    late = house.report(a_suspicion("late"), start_at=IN_OCTOBER)
    changed = approver.get("/reports/2026-10").text
    assert "1 trường hợp thay đổi sau khi chốt số liệu." in changed
    assert late in changed
    assert approver.post("/reports/2026-10/lock", data=form).status_code == 409


@pytest.mark.parametrize("login", ["thu", "lan", "an"])
def test_nobody_else_is_offered_the_lock_or_may_use_it(
    client: TestClient, code: str, login: str
) -> None:
    sign_in(client, login)
    page = client.get("/reports/2026-10").text
    assert "/lock" not in page
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf
    form = {"csrf": csrf.group(1), "ward": "tay-ho"}
    assert client.post("/reports/2026-10/lock", data=form).status_code == 403
    assert client.post("/reports/2026-10/lock", data={"ward": "tay-ho"}).status_code == 403


def test_a_viewer_of_several_wards_sees_them_together_and_apart(
    house: House, client: TestClient, code: str
) -> None:
    house.report(ward="hong-ha", start_at=IN_OCTOBER)
    sign_in(client, "binh")
    together = client.get("/dashboard?period=2026-10").text
    assert count(together, "recorded-total") == 3
    assert "Theo phường" in together
    apart = client.get("/dashboard?period=2026-10&ward=hong-ha").text
    assert count(apart, "recorded-total") == 1
    assert client.get("/reports/2026-10?ward=nowhere").status_code == 404
    (listed,) = set(
        re.findall(
            r'href="/cases/(TH-[^"]+)"', client.get("/reports/2026-10/cases?ward=hong-ha").text
        )
    )
    assert listed.endswith("@hong-ha")


def test_every_list_of_cases_says_what_the_cameras_saw(
    house: House, approver: TestClient, code: str
) -> None:
    """Those under figures, a person's decisions, and open cases."""
    cameras_saw(house, 100)
    october = "Giờ camera: ghi nhận 100,0 trên 744,0, mất tín hiệu 644,0."
    for address in ("cases?of=sufficient", "cases?of=sufficient&now=true"):
        page = approver.get(f"/reports/2026-10/{address}").text
        assert october in page, address
        assert "Từ 01/10/2026 đến 31/10/2026." in page
    decided = "/reports/2026-11/decided?by=Nguy%E1%BB%85n+Th%E1%BB%8B+Lan&verdict=confirm"
    for address in (decided, "/dashboard/open?age=0"):
        page = approver.get(address).text
        assert "Từ 01/11/2026 đến 30/11/2026." in page, address
        assert "Giờ camera: ghi nhận 0,0 trên 516,0, mất tín hiệu 516,0." in page


def test_the_roll_up_says_how_often_for_hours_and_for_cameras(
    house: House, client: TestClient, code: str
) -> None:
    cameras_saw(house, 100)
    page = sign_in(client, "binh").get("/dashboard?period=2026-10").text
    rows = {row[0]: row[1:] for table in tables_of(page) for row in table if row}
    assert rows["Phường Tây Hồ"] == ["2", "1", "10,0", "1,0", "1", "100,0", "644,0", "13,4 %"]
    assert rows["Phường Hồng Hà"] == ["0", "0", "–", "0,0", "1", "0,0", "744,0", "0,0 %"]
    assert 'href="/dashboard?period=2026-10&amp;ward=hong-ha">Phường Hồng Hà</a>' in page


def cameras_saw(house: House, hours: int) -> None:
    """The camera of Tây Hồ, in the first hours of October."""
    first = datetime(2026, 10, 1, tzinfo=HANOI)
    with house.database.writing() as session:
        for n in range(hours):
            hour = first + timedelta(hours=n)
            seen_totals.keep_seen(session, house.camera_id(), "s", hour, 3600)


def test_the_dashboard_says_whether_its_figures_are_locked(
    house: House, approver: TestClient
) -> None:
    draft = approver.get("/dashboard?period=2026-10").text
    assert "Bản nháp, số liệu lúc 22/11/2026 12:00." in draft
    assert "Xu hướng và hồ sơ đang mở tính theo số liệu hiện tại" not in draft
    with house.database.writing() as session:
        lock_report(session, house.viewer("duc"), "tay-ho", read_period("2026-10"), now=house.now)
    locked = approver.get("/dashboard?period=2026-10").text
    assert "người chốt: Lê Đức" in locked
    assert "Xu hướng và hồ sơ đang mở tính theo số liệu hiện tại" in locked


def test_the_running_month_is_marked_and_not_compared(official: TestClient) -> None:
    """In the finding, and in the trend in words and by its line as well as its colour."""
    page = official.get("/dashboard").text
    assert '<p class="finding">Kỳ chưa kết thúc: chưa so sánh.</p>' in page
    assert page.count(" running") == 1
    assert ">chưa hết kỳ</text>" in page
    assert "Tháng 11/2026 (chưa hết kỳ)" in page
    over = official.get("/dashboard?period=2026-10").text
    assert "chưa hết kỳ" not in over
    assert "Nét đứt" not in over


def test_a_locked_report_that_was_changed_is_not_shown_and_the_page_says_so(
    house: House, approver: TestClient
) -> None:
    with house.database.writing() as session:
        lock_report(session, house.viewer("duc"), "tay-ho", read_period("2026-10"), now=house.now)
        session.execute(text("DROP TRIGGER locked_report_refuses_update"))
        locked = session.scalars(select(LockedReport)).one()
        locked.figures = {**locked.figures, "kinds": []}
    for address in ("/reports/2026-10", "/reports/2026-10/file.pdf", "/reports/2026-10/reading"):
        answer = approver.get(address)
        assert answer.status_code == 500
        assert "không còn khớp với dữ liệu đã niêm phong" in answer.text


def test_cases_of_a_camera_that_moved_stay_with_the_ward_of_the_act(
    house: House, client: TestClient, code: str
) -> None:
    """In the roll-up too: the camera hangs in Hồng Hà since."""
    with house.database.writing() as session:
        camera = session.get_one(Camera, house.camera_id())
        camera.ward_id = house.device("hong-ha").ward_id
    page = sign_in(client, "binh").get("/dashboard?period=2026-10").text
    rows = {row[0]: row[1:3] for table in tables_of(page) for row in table if row}
    assert rows["Phường Tây Hồ"] == ["2", "1"]
    assert rows["Phường Hồng Hà"] == ["0", "0"]


def test_page_and_files_say_the_same_numbers(house: House, client: TestClient) -> None:
    settle(house, cases=600, cameras=3, days=60, first=datetime(2026, 9, 25, tzinfo=HANOI))
    sign_in(client, "duc")
    page = client.get("/reports/2026-10").text
    data = json.loads(client.get("/reports/2026-10/file.json").content)
    acts = tables_of(page)[0]
    assert acts[-1][2:8] == [
        str(data["totals"][name])
        for name in (
            "recorded",
            "sufficient",
            "insufficient",
            "not_violation",
            "duplicate",
            "in_verification",
        )
    ]
    values = client.get("/reports/2026-10/file.csv?form=01").content.decode("utf-8-sig")
    _, table = values.split("\r\n\r\n")
    assert [line.split(";")[2] for line in table.splitlines()[1:]] == [row[2] for row in acts[1:-1]]


def tables_of(page: str) -> list[list[list[str]]]:
    tables = Tables()
    tables.feed(page)
    return tables.found


class Tables(HTMLParser):
    """The texts of the cells of every table of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[list[str]]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.found.append([])
        elif tag == "tr":
            self.found[-1].append([])
        elif tag in {"td", "th"}:
            self._cell = []

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"} and self._cell is not None:
            self.found[-1][-1].append("".join(self._cell).strip())
            self._cell = None
