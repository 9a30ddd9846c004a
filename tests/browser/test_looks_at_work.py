"""What pages look like in the states that only work brings about: a case handed over, a drawing
tried, an answer come, a place nobody may enter. Each is judged at a desk and on a telephone's
width, in both themes."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import text

from tests.browser.accessibility import faults_in_either_theme
from tests.browser.person import Person, visiting
from tests.browser.test_by_hand import looks_right
from tests.browser.test_by_touch import confirm
from tests.browser.test_ground import answer_a_test
from tests.browser.test_trying_a_zone import send_a_stopping_car
from tests.browser.ward import Ward, open_ward
from viahe_api.cli import prepare
from viahe_api.database import Database

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

DESK = ViewportSize(width=1366, height=768)
TELEPHONE = ViewportSize(width=390, height=844)


def looks_right_at_work(page: Page, where: str) -> None:
    page.set_viewport_size(DESK)
    page.wait_for_load_state()
    assert faults_in_either_theme(page) == [], where
    page.set_viewport_size(TELEPHONE)
    looks_right(page, where)


def test_a_case_handed_over_and_handled(visit: Visit, case: str) -> None:
    confirm(visit, case)
    approver = visit("approver")
    page = approver.page
    approver.open(f"/cases/{case}")
    looks_right_at_work(page, "to be approved")
    approver.open(f"/cases/{case}/hand-over")
    looks_right_at_work(page, "hand over")
    page.click("main .button-main")
    expect(page.locator(".handling .outcome")).to_be_visible()
    expect(page.locator(".handling .status").first).to_be_visible()
    looks_right_at_work(page, "handled")


def test_the_cases_under_a_reviewer_s_figure_and_those_that_wait(visit: Visit, case: str) -> None:
    confirm(visit, case)
    approver = visit("approver")
    page = approver.page
    approver.open("/reports")
    page.click("main form .button-main")
    page.click("main a[href*='/decided?']")
    expect(page.locator("main")).to_contain_text(case)
    looks_right_at_work(page, "decided")
    approver.open("/dashboard/open?age=0")
    looks_right_at_work(page, "open")


def test_a_case_somebody_else_has_before_them(visit: Visit, case: str) -> None:
    visit().open_case(case)
    second = visit("second_operator")
    second.open(f"/cases/{case}")
    second.sees("Nguyễn Thị Lan đang xem")
    looks_right_at_work(second.page, "another's")


def test_a_trial_s_result_and_a_connection_test_s_answer(visit: Visit, ward: Ward) -> None:
    send_a_stopping_car(ward)
    administrator = visit("administrator")
    page = administrator.page
    administrator.open("/cameras/1/zones/zone-1")
    page.fill("#vehicles", "120")
    page.get_by_role("button", name="Chạy thử 7 ngày").click()
    page.wait_for_selector("[data-trial]:not([data-running])", timeout=60_000)
    administrator.sees("thêm 1 chưa xem xét.")
    looks_right_at_work(page, "trial")
    administrator.open("/cameras/1")
    page.get_by_role("button", name="Kiểm tra kết nối").click()
    administrator.sees("bộ phát hiện đang thử")
    answer_a_test(ward)
    administrator.sees("camera theo dõi được")
    looks_right_at_work(page, "connection test")


def test_a_password_shown_once(visit: Visit) -> None:
    administrator = visit("administrator")
    page = administrator.page
    administrator.open("/users/new")
    page.fill("#login", f"mai-{uuid4().hex[:6]}")
    page.fill("#name", "Ngô Mai")
    page.get_by_label("Cán bộ trực giám sát").check()
    page.locator("main .button-main").click()
    expect(page.locator(".secret")).to_be_visible()
    looks_right_at_work(page, "password")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/users", "Cần vai trò"),
        (f"/queue?{urlencode({'search': 'khong co o dau'})}", "Không có kết quả phù hợp."),
    ],
)
def test_nothing_there_or_not_for_this_person(visit: Visit, path: str, sentence: str) -> None:
    second = visit("second_operator")
    second.open(path)
    second.sees(sentence)
    looks_right_at_work(second.page, path)


def test_a_ward_without_a_second_look_and_a_page_the_program_fails_at(
    chromium: Browser, tmp_path: Path
) -> None:
    with open_ward(tmp_path) as ward:
        with visiting(chromium, ward) as operator:
            operator.open("/second-reviews")
            operator.sees("Không còn trường hợp chờ xem xét lần hai.")
            looks_right_at_work(operator.page, "no second look")
        with visiting(chromium, ward, "administrator") as administrator:
            lose_the_permits(tmp_path)
            administrator.open("/permits")
            administrator.sees("Lỗi hệ thống, mã ")
            looks_right_at_work(administrator.page, "failed")


def lose_the_permits(data: Path) -> None:
    """As a database does that was put back wrongly."""
    database = Database(prepare(data).database)
    with database.writing() as session:
        session.execute(text("ALTER TABLE permit RENAME TO permit_lost"))
    database.close()
