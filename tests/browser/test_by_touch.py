"""Each person's work by finger: a telephone or a tablet, and nothing but taps and what is typed."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Person
from tests.browser.test_zones import draw_new_zone, vertices

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

TELEPHONE = {"width": 390, "height": 844}
TABLET = {"width": 820, "height": 1180}


def follow(page: Page, wanted: str) -> None:
    """Tap what leads to another page."""
    with page.expect_navigation():
        page.locator(wanted).first.tap()


def choose_page(person: Person, address: str) -> None:
    """By the menu of the person's first page."""
    person.open("/")
    person.page.tap(".menu summary")
    follow(person.page, f".menu a[href='{address}']")


def write(page: Page, wanted: str, text: str) -> None:
    page.tap(wanted)
    page.keyboard.type(text)


def test_an_operator_finds_a_case_plays_it_confirms_takes_that_back_and_rejects_it(
    visit: Visit, case: str
) -> None:
    operator = visit(**TELEPHONE)
    page, video = operator.page, operator.page.locator("video")
    operator.open("/queue")
    page.tap("a[href='#filters']")
    write(page, "#search", case)
    follow(page, "#filters > .button")
    page.tap(f".cards [data-case='{case}'] a")
    page.wait_for_selector("[data-player][data-ready]")
    at = operator.watches_until(2.2)
    page.tap("[data-does=play]")
    expect(video).to_have_js_property("paused", value=True)
    page.tap("[data-does=play]")
    operator.watches_until(at + 0.3)
    page.tap("[data-key=c]")
    operator.sees(f"Vừa quyết định {case}: Xác nhận đủ căn cứ.")
    page.tap("button:has-text('Hoàn tác')")
    page.wait_for_url(f"**/cases/{case}*")
    expect(page.locator(".top .status")).to_contain_text("Chờ xem xét")
    page.tap("summary:has-text('Loại bỏ')")
    page.tap("button:has-text('Máy nhận nhầm')")
    operator.sees(f"Vừa quyết định {case}: Loại bỏ.")


def test_an_approver_hands_a_case_over_and_records_what_came_of_it(visit: Visit, case: str) -> None:
    confirm(visit, case)
    approver = visit("approver", **TABLET)
    page = approver.page
    choose_page(approver, "/approvals")
    follow(page, f"a[href='/cases/{case}#handling']")
    page.wait_for_selector("[data-player][data-ready]")
    page.tap("a[data-opens]")
    follow(page, "#hand-over .button-main")
    expect(page.locator(".steps li")).to_have_count(1)
    page.locator(".handling .choice", has_text="Nhắc nhở").first.tap()
    write(page, "#outcome-note", "Nhắc nhở tại chỗ")
    follow(page, ".handling .outcome .button-main")
    expect(page.locator(".steps li")).to_have_count(2)
    expect(page.locator(".steps")).to_contain_text("Nhắc nhở tại chỗ")


def test_an_administrator_draws_a_zone_and_saves_it(visit: Visit) -> None:
    administrator = visit("administrator", **TABLET)
    page = draw_new_zone(administrator, [(0.2, 0.2), (0.6, 0.2), (0.6, 0.4), (0.2, 0.4)])
    page.tap("[data-undo]")
    expect(page.locator("[data-vertices] tr")).to_have_count(3)
    page.tap("[data-redo]")
    write(page, "#name", "Bằng ngón tay")
    write(page, "#dumped", "30")
    follow(page, "[data-save]")
    administrator.sees("Đã lưu: Bằng ngón tay, phiên bản 1.")
    follow(page, "a:has-text('Bằng ngón tay')")
    assert vertices(page) == [("20", "20"), ("60", "20"), ("60", "40"), ("20", "40")]


def test_a_field_officer_answers_a_task(visit: Visit, case: str) -> None:
    confirm(visit, case)
    to_check = send_an_officer(visit, case)
    officer = visit("field_officer", **TELEPHONE)
    page = officer.page
    officer.open("/")
    page.locator(".tasks:not(.done) a").last.tap()
    officer.sees(to_check)
    page.tap("label:has-text('Đã được dọn')")
    write(page, "#note", "Tổ vệ sinh đã dọn")
    follow(page, "button:has-text('Ghi kết quả kiểm tra')")
    officer.sees("Đã ghi kết quả kiểm tra.")
    expect(page.locator(".tasks.done")).to_contain_text("Tổ vệ sinh đã dọn")


def test_an_official_opens_a_month_s_report_and_takes_it_along(visit: Visit) -> None:
    official = visit("official", **TABLET)
    page = official.page
    open_this_month(official)
    with page.expect_download() as downloading:
        page.tap("main a:has-text('XLSX')")
    assert downloading.value.suggested_filename.endswith(".xlsx")


def test_an_approver_opens_the_cases_under_a_report_s_figure(visit: Visit, case: str) -> None:
    approver = visit("approver", **TABLET)
    open_this_month(approver)
    follow(approver.page, "table.form td a")
    expect(approver.page.locator("main")).to_contain_text(case)


def test_a_supervisor_reads_the_log_of_one_person(visit: Visit) -> None:
    supervisor = visit("supervisor", **TABLET)
    page = supervisor.page
    choose_page(supervisor, "/audit")
    write(page, "#actor", "supervisor")
    follow(page, "form[action='/audit'] button")
    expect(page.locator("tbody tr").first).to_contain_text("Đỗ Mai")


def open_this_month(person: Person) -> None:
    choose_page(person, "/reports")
    follow(person.page, "main form .button-main")
    expect(person.page.locator("h1")).to_contain_text("Tháng")


def confirm(visit: Visit, case: str) -> None:
    operator = visit(script=False)
    operator.open(f"/cases/{case}")
    operator.page.click("button:has-text('Xác nhận đủ căn cứ')")


def send_an_officer(visit: Visit, case: str) -> str:
    """By an approver, to a confirmed case; returns what is to be checked."""
    to_check = f"Còn rác không, {uuid4().hex[:6]}"
    approver = visit("approver", script=False)
    approver.open(f"/cases/{case}")
    approver.page.click("summary:has-text('Cử cán bộ hiện trường')")
    approver.page.fill("#to-check", to_check)
    approver.page.click("form[action$='/officer'] button")
    return to_check
