"""A request of somebody who was recorded is written into the register and answered."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TakePicture
from tests.browser.person import Person
from tests.browser.test_by_hand import looks_right
from tests.browser.test_looks import VIEWS, View

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_request_is_entered_and_answered(visit: Visit, view: View, picture: TakePicture) -> None:
    approver = visit("approver", width=view.width, height=view.height, dark=view.dark)
    page, paper = approver.page, f"{uuid4().hex[:6]}/ĐN"
    approver.open("/requests")
    page.click("summary:has-text('Ghi nhận yêu cầu')")
    picture(page, f"{view.name}-request-new")
    looks_right(page)
    page.check("label:has-text('Nhận bản sao hình ảnh') input")
    page.fill("#paper", paper)
    page.fill("#place", "Trước số 12 ngõ 52, tối 18/11/2026")
    page.click("button:has-text('Ghi vào sổ')")
    row = page.locator(f"section.panel:has-text('{paper}')")
    expect(row).to_contain_text("ngày làm việc")
    row.locator("summary").click()
    row.locator("label:has-text('Từ chối') input").check()
    picture(page, f"{view.name}-request-answer")
    looks_right(page)
    row.locator("button:has-text('Ghi kết quả trả lời')").click()
    approver.sees("Cần ghi lý do không đồng ý toàn bộ.")
    row.locator("textarea").fill("Hình có người khác, đã mời đến xem tại phường")
    row.locator("button:has-text('Ghi kết quả trả lời')").click()
    expect(row).to_contain_text("Từ chối")
    expect(row).to_contain_text("đã mời đến xem")
    expect(row.locator("summary")).to_have_count(0)
