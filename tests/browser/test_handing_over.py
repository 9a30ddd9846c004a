"""A confirmed case goes on to an approver, and a session that ends loses nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.test_looks import PALE_TEXT, RUNS_OVER, SMALL_TARGETS, SMALLEST_TARGET
from tests.browser.ward import PASSWORD

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


def confirmed(visit: Visit, case: str) -> None:
    operator = visit(script=False)
    operator.open(f"/cases/{case}")
    operator.page.click("button:has-text('Xác nhận đủ căn cứ')")
    operator.sees(f"Vừa quyết định {case}")


def test_an_approver_is_asked_first_and_then_records_what_was_done(visit: Visit, case: str) -> None:
    confirmed(visit, case)
    approver = visit("approver", width=390, height=844)
    approver.open("/approvals")
    approver.page.click(f"a[href='/cases/{case}#handling']")
    approver.page.wait_for_selector("[data-player][data-ready]")
    approver.page.click("a[data-opens]")
    expect(approver.page.locator("#hand-over")).to_be_visible()
    expect(approver.page.locator("#hand-over button:has-text('Hủy')")).to_be_focused()
    approver.page.click("#hand-over button:has-text('Hủy')")
    expect(approver.page.locator("#hand-over")).to_be_hidden()
    approver.page.click("a[data-opens]")
    approver.page.click("#hand-over button:has-text('Chuyển xử lý')")
    approver.sees("ngày làm việc")
    assert approver.page.evaluate(RUNS_OVER) <= 0
    assert approver.page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == []
    assert approver.page.evaluate(PALE_TEXT, 4.5) == []
    approver.page.check("label:has-text('Nhắc nhở') input")
    approver.page.click("button:has-text('Cập nhật kết quả xử lý')")
    expect(approver.page.locator(".steps")).to_contain_text("Lê Đức")
    expect(approver.page.locator(".steps li")).to_have_count(2)


def test_a_session_that_ended_is_entered_over_the_page(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open_case(case)
    operator.page.context.clear_cookies(name="viahe_session")
    operator.page.fill("#note", "có biển số")
    dialog = operator.page.locator("dialog.session")
    expect(dialog).to_be_visible()
    operator.page.fill("#again-password", "sai")
    dialog.locator("button").click()
    expect(dialog.locator("[data-refused]")).to_contain_text("không đúng")
    operator.page.fill("#again-password", PASSWORD)
    dialog.locator("button").click()
    expect(dialog).to_be_hidden()
    expect(operator.page.locator("#note")).to_have_value("có biển số")
    operator.page.locator("#note").blur()
    operator.press("c")
    operator.sees(f"Vừa quyết định {case}: Xác nhận đủ căn cứ.")
