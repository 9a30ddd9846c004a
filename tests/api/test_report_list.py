"""The list of reports, the form for any period, and the days a ward's plan names."""

import re
from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.house import House, sign_in
from viahe_api import seen_totals
from viahe_api.counted_wards import wards_of_viewer
from viahe_api.errors import FormFault, RoleNeeded
from viahe_api.left_reports import leave_due_reports
from viahe_api.locks import lock_report
from viahe_api.period_address import read_period, write_period
from viahe_api.periods import PeriodKind, round_1, round_2
from viahe_api.report_days import round_of, set_closing, set_round
from viahe_api.tables import AuditEntry, Ward

HANOI = timezone(timedelta(hours=7))
PLAN = (date(2026, 6, 8), date(2026, 6, 19))


@pytest.fixture
def left(house: House) -> House:
    """The reports of October, left on their day."""
    house.clock.now = datetime(2026, 11, 2, 8, tzinfo=HANOI)
    leave_due_reports(house.database, now=house.now)
    return house


def csrf_of(page: str) -> str:
    (csrf,) = set(re.findall(r'name="csrf" value="([^"]+)"', page)) or {""}
    return csrf


@pytest.mark.parametrize("login", ["thu", "lan", "duc", "an"])
def test_everybody_of_the_ward_sees_what_was_left_and_a_notice(
    left: House, client: TestClient, login: str
) -> None:
    page = sign_in(client, login).get("/reports").text
    assert "Hệ thống đã lập báo cáo Tháng 10/2026 lúc 02/11/2026 08:00; chưa chốt số liệu." in page
    assert 'href="/reports/2026-10?ward=tay-ho"' in page
    assert "hong-ha" not in page
    assert client.get("/reports/2026-10?ward=tay-ho").status_code == 200


def test_once_locked_it_is_listed_as_locked_and_the_notice_is_gone(
    left: House, client: TestClient
) -> None:
    with left.database.writing() as session:
        lock_report(session, left.viewer("duc"), "tay-ho", read_period("2026-10"), now=left.now)
    page = sign_in(client, "thu").get("/reports").text
    assert "Hệ thống đã lập báo cáo" not in page
    assert page.count('href="/reports/2026-10?ward=tay-ho"') == 1
    assert "người chốt: Lê Đức" in page


def test_a_report_that_was_locked_but_never_left_says_what_was_locked(
    house: House, client: TestClient
) -> None:
    """Hours too, and what cameras saw stands beside every count of the list."""
    with house.database.writing() as session:
        for n in range(10):
            hour = read_period("2026-10").start + timedelta(hours=n)
            seen_totals.keep_seen(session, house.camera_id(), "s", hour, 3600)
        lock_report(session, house.viewer("duc"), "tay-ho", read_period("2026-10"), now=house.now)
        seen_totals.keep_seen(
            session, house.camera_id(), "s", read_period("2026-10").start + timedelta(hours=20), 60
        )
    page = sign_in(client, "thu").get("/reports").text
    (row,) = re.findall(r"<tr>\s*<td.*?</tr>", page, re.DOTALL)
    figures = re.findall(r'class="number" data-word="([^"]+)"><span>([^<]+)<', row)
    assert figures == [
        ("Đã ghi nhận", "0"),
        ("Đủ căn cứ", "0"),
        ("Số giờ hoạt động", "10,0"),
        ("Số giờ mất tín hiệu", "734,0"),
        ("Tỷ lệ thời gian hoạt động", "1,3 %"),
    ]


def test_a_draft_in_the_list_has_its_hours(left: House, client: TestClient) -> None:
    page = sign_in(client, "thu").get("/reports").text
    assert re.findall(r'data-word="Số giờ mất tín hiệu"><span>([^<]+)<', page) == ["744,0"]


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ({"kind": "month", "year": "2026", "number": "10"}, "2026-10"),
        ({"kind": "cut_off_month", "year": "2026", "number": "10"}, "2026-10.cutoff"),
        ({"kind": "week", "year": "2026", "number": "41"}, "2026-W41"),
        ({"kind": "quarter", "year": "2026", "number": "3"}, "2026-Q3"),
        ({"kind": "half_year", "year": "2026", "number": "1"}, "2026-H1"),
        ({"kind": "nine_months", "year": "2026", "number": "11"}, "2026-9M"),
        ({"kind": "year", "year": "2025"}, "2025"),
        ({"kind": "round_1", "year": "2026"}, "2026-D1"),
        ({"kind": "round_2", "year": "2025"}, "2025-D2"),
        ({"kind": "day", "first": "05/10/2026"}, "2026-10-05"),
        ({"kind": "to_date", "last": "22/11/2026"}, "2026..2026-11-22"),
        (
            {"kind": "free", "first": "03/11/2026", "last": "20/11/2026"},
            "2026-11-03..2026-11-20",
        ),
    ],
)
def test_the_form_opens_every_kind_of_period(
    house: House, client: TestClient, asked: dict[str, str], address: str
) -> None:
    sign_in(client, "thu")
    answer = client.get("/reports", params=asked, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/reports/{address}")
    assert client.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "month", "year": "2026", "number": "12"}, "Kỳ này chưa bắt đầu"),
        ({"kind": "year", "year": "2027"}, "Kỳ này chưa bắt đầu"),
        ({"kind": "month", "year": "2026", "number": "13"}, "Không có kỳ này"),
        ({"kind": "month", "year": "hai nghìn", "number": "1"}, "Không có kỳ này"),
        ({"kind": "week", "year": "2026", "number": "54"}, "Không có kỳ này"),
        ({"kind": "century", "year": "2026"}, "Không có kỳ này"),
        ({"kind": "month", "year": "0"}, "Không có kỳ này"),
        (
            {"kind": "free", "first": "20/11/2026", "last": "03/11/2026"},
            "Ngày kết thúc phải sau ngày bắt đầu.",
        ),
        ({"kind": "free", "first": "31/02/2026", "last": "03/11/2026"}, "dạng 22/11/2026"),
        ({"kind": "day", "first": ""}, "dạng 22/11/2026"),
        ({"kind": "day", "first": "01/01/0001"}, "Không có kỳ này"),
    ],
)
def test_what_cannot_be_counted_is_said_and_what_was_typed_stays(
    house: House, client: TestClient, asked: dict[str, str], said: str
) -> None:
    answer = sign_in(client, "thu").get("/reports", params=asked)
    assert answer.status_code == 400
    assert said in answer.text
    assert "<title>Lỗi: Báo cáo" in answer.text
    for name in ("year", "first", "last"):
        if asked.get(name):
            assert f'name="{name}" value="{asked[name]}"' in answer.text


def test_a_round_is_on_the_days_of_the_wards_plan(house: House, client: TestClient) -> None:
    sign_in(client, "duc")
    csrf = csrf_of(client.get("/reports").text)
    form = {"csrf": csrf, "ward": "tay-ho", "number": "1", "year": "2026"}
    days = {"first": "08/06/2026", "last": "19/06/2026"}
    assert "Đã lưu." in client.post("/reports/rounds", data={**form, **days}).text
    sign_in(client, "thu")
    asked = {"kind": "round_1", "year": "2026"}
    answer = client.get("/reports", params=asked, follow_redirects=False)
    assert answer.headers["location"] == "/reports/2026-D1.2026-06-08..2026-06-19"
    page = client.get(answer.headers["location"]).text
    assert "Từ 08/06/2026 đến 19/06/2026." in page
    other = client.get("/reports", params={**asked, "year": "2025"}, follow_redirects=False)
    assert other.headers["location"] == "/reports/2025-D1"
    with house.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "round.set")).one()
    assert (entry.actor, entry.object) == ("account:duc", "round:tay-ho/2026-1")


def test_days_that_cannot_be_a_round_are_said(house: House, client: TestClient) -> None:
    sign_in(client, "an")
    csrf = csrf_of(client.get("/reports").text)
    form = {"csrf": csrf, "ward": "tay-ho", "number": "2", "year": "2026"}
    for days, said in (
        ({"first": "15/12/2026", "last": "16/11/2026"}, "Đợt kiểm tra nằm trong năm"),
        ({"first": "16/11/2025", "last": "15/12/2026"}, "Đợt kiểm tra nằm trong năm"),
        ({"first": "16-11-2026", "last": "15/12/2026"}, "dạng 22/11/2026"),
    ):
        answer = client.post("/reports/rounds", data={**form, **days})
        assert answer.status_code == 400
        assert said in answer.text
    assert client.post("/reports/rounds", data={**form, "number": "3"}).status_code == 422


def test_wards_counted_together_share_a_round_only_if_their_plans_agree(house: House) -> None:
    with house.database.writing() as session:
        set_round(
            session, house.viewer("duc"), "tay-ho", PeriodKind.ROUND_1, 2026, PLAN, now=house.now
        )
        binh, lan = (wards_of_viewer(house.viewer(login)) for login in ("binh", "lan"))
        assert round_of(session, binh, PeriodKind.ROUND_1, 2026) == round_1(2026)
        assert round_of(session, lan, PeriodKind.ROUND_1, 2026) == round_1(2026, PLAN)
        assert round_of(session, lan, PeriodKind.ROUND_2, 2026) == round_2(2026)
        set_round(
            session, house.viewer("hoa"), "hong-ha", PeriodKind.ROUND_1, 2026, PLAN, now=house.now
        )
        assert round_of(session, binh, PeriodKind.ROUND_1, 2026) == round_1(2026, PLAN)


@pytest.mark.parametrize("login", ["lan", "thu", "hoa", "quan"])
def test_only_the_wards_keepers_set_its_days(house: House, login: str) -> None:
    viewer = house.viewer(login)
    with house.database.writing() as session:
        with pytest.raises(RoleNeeded):
            set_round(session, viewer, "tay-ho", PeriodKind.ROUND_1, 2026, PLAN, now=house.now)
        with pytest.raises(RoleNeeded):
            set_closing(session, viewer, "tay-ho", by_cut_off=True, now=house.now)


def test_a_round_outside_its_year_is_refused(house: House) -> None:
    with pytest.raises(FormFault) as refused, house.database.writing() as session:
        set_round(
            session, house.viewer("duc"), "tay-ho", PeriodKind.ROUND_1, 2025, PLAN, now=house.now
        )
    assert refused.value.fault == "round_days"


def test_the_closing_of_months_is_set_on_the_page(house: House, client: TestClient) -> None:
    sign_in(client, "duc")
    form = {"csrf": csrf_of(client.get("/reports").text), "ward": "tay-ho", "by_cut_off": "true"}
    assert client.post("/reports/closing", data=form).status_code == 200
    with house.database.reading() as session:
        assert dict(session.execute(select(Ward.code, Ward.closes_by_cut_off)).all()) == {
            "tay-ho": True,
            "hong-ha": False,
        }


@pytest.mark.parametrize("kind", [round_1, round_2])
def test_the_address_of_a_round_says_its_own_days(kind: type) -> None:
    own = kind(2026, PLAN)
    assert read_period(write_period(own)) == own
    assert own.year_before.first == date(2025, 6, 8)
    assert own.kind is own.year_before.kind
