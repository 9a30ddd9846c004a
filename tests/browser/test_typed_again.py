"""A session ends under a long form: what was typed comes back to who typed it, and is sent once."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Person
from tests.browser.test_by_hand import looks_right
from tests.browser.test_handing_over import confirmed
from tests.browser.ward import PASSWORD

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


def lose_the_session(page: Page) -> None:
    page.context.clear_cookies(name="viahe_session")


def sign_in_again(page: Page, login: str) -> None:
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main form button.button-main")


def under_sanction(visit: Visit, case: str, *, script: bool) -> Person:
    """An approver who has handed a case over and typed what was decided."""
    confirmed(visit, case)
    approver = visit("approver", script=script)
    approver.open(f"/cases/{case}/hand-over")
    approver.page.click("main button:has-text('Chuyển xử lý')")
    approver.page.wait_for_url(f"**/cases/{case}")
    approver.page.check("label:has-text('Lập biên bản') input")
    approver.page.locator("input[name=basis]").first.check()
    approver.page.fill("#number", "07/BB-VPHC")
    approver.page.fill("#day", "01/01/2026")
    approver.page.fill("#outcome-note", "Lập tại chỗ")
    return approver


def test_an_outcome_typed_before_the_session_ended_is_shown_again_and_recorded_once(
    visit: Visit, case: str
) -> None:
    approver = under_sanction(visit, case, script=False)
    lose_the_session(approver.page)
    approver.page.click("button:has-text('Cập nhật kết quả xử lý')")
    approver.sees("Phiên làm việc đã hết hạn. Nội dung đã nhập được giữ lại.")
    approver.page.fill("#login", "approver")
    approver.page.fill("#password", "sai")
    approver.page.click("main form button.button-main")
    approver.sees("Tên đăng nhập hoặc mật khẩu không đúng.")
    sign_in_again(approver.page, "approver")
    approver.page.click("button:has-text('Xem lại nội dung đã nhập')")
    approver.sees("Chưa gửi")
    expect(approver.page.locator(".steps li")).to_have_count(1)
    expect(approver.page.locator("#number")).to_have_value("07/BB-VPHC")
    expect(approver.page.locator("#outcome-note")).to_have_value("Lập tại chỗ")
    approver.page.click("button:has-text('Cập nhật kết quả xử lý')")
    expect(approver.page.locator(".steps")).to_contain_text("Lập tại chỗ")
    expect(approver.page.locator(".steps li")).to_have_count(2)


def test_an_outcome_whose_session_ended_stays_under_the_sign_in_and_is_not_sent_by_itself(
    visit: Visit, case: str
) -> None:
    approver = under_sanction(visit, case, script=True)
    lose_the_session(approver.page)
    approver.page.click("button:has-text('Cập nhật kết quả xử lý')")
    approver.page.fill("#again-password", PASSWORD)
    approver.page.click("dialog.session button")
    expect(approver.page.locator("dialog.session")).to_be_hidden()
    expect(approver.page.locator(".steps li")).to_have_count(1)
    expect(approver.page.locator("#number")).to_have_value("07/BB-VPHC")
    approver.page.click("button:has-text('Cập nhật kết quả xử lý')")
    expect(approver.page.locator(".steps")).to_contain_text("Lập tại chỗ")
    expect(approver.page.locator(".steps li")).to_have_count(2)


def test_what_an_officer_found_comes_back_after_the_session_ended_at_the_place(
    visit: Visit, case: str
) -> None:
    confirmed(visit, case)
    approver = visit("approver", script=False)
    approver.open(f"/cases/{case}")
    approver.page.click("summary:has-text('Cử cán bộ hiện trường')")
    approver.page.fill("#to-check", "Còn rác không")
    approver.page.click("form[action$='/officer'] button")
    officer = visit("field_officer", width=390, height=844, script=False)
    officer.open("/tasks")
    officer.page.locator(".tasks a").last.click()
    officer.page.check("label:has-text('Vẫn còn') input")
    officer.page.fill("#note", "Ba bao, cạnh trạm biến áp")
    lose_the_session(officer.page)
    officer.page.click("button:has-text('Ghi kết quả kiểm tra')")
    sign_in_again(officer.page, "field_officer")
    officer.sees("Cần chọn lại tệp đính kèm.")
    officer.page.click("button:has-text('Xem lại nội dung đã nhập')")
    expect(officer.page.locator("label:has-text('Vẫn còn') input")).to_be_checked()
    expect(officer.page.locator("#note")).to_have_value("Ba bao, cạnh trạm biến áp")
    officer.page.click("button:has-text('Ghi kết quả kiểm tra')")
    officer.sees("Đã ghi kết quả kiểm tra.")


def test_nobody_else_is_given_what_was_typed(visit: Visit, case: str) -> None:
    approver = under_sanction(visit, case, script=False)
    lose_the_session(approver.page)
    approver.page.click("button:has-text('Cập nhật kết quả xử lý')")
    sign_in_again(approver.page, "operator")
    expect(approver.page.locator("h1")).to_have_text("Hàng chờ xem xét")
    assert "07/BB-VPHC" not in approver.page.content()


def figures(page: Page) -> list[str]:
    """What stands in the table of vertices; without script it has rows to fill in, too."""
    typed = [field.input_value() for field in page.locator(".vertices input").all()]
    return [figure for figure in typed if figure]


def test_a_permit_typed_before_the_session_ended_is_given_after_it(visit: Visit) -> None:
    administrator = visit("administrator", script=False)
    administrator.open("/permits/new?purpose=d")
    holder = f"Gia đình bà Vũ Thị Hạnh {uuid4().hex[:6]}"
    page = administrator.page
    page.fill("#holder", holder)
    page.check("input[name=period][value=three]")
    corners = figures(page)
    lose_the_session(page)
    page.click("[data-save]")
    sign_in_again(page, "administrator")
    page.click("button:has-text('Xem lại nội dung đã nhập')")
    expect(page.locator("#holder")).to_have_value(holder)
    expect(page.locator("input[name=period][value=three]")).to_be_checked()
    assert figures(page) == corners
    page.click("[data-save]")
    administrator.sees("đã có hiệu lực")
    administrator.sees(holder)


def test_a_camera_s_register_comes_back_without_its_stream_s_address(visit: Visit) -> None:
    administrator = visit("administrator", script=False)
    administrator.open("/cameras/1/edit")
    administrator.page.fill("#owner", "UBND phường")
    administrator.page.fill("#source", "rtsp://admin:bi-mat@10.0.0.9/1")
    lose_the_session(administrator.page)
    administrator.page.click("main form button.button-main")
    assert "bi-mat" not in administrator.page.content()
    sign_in_again(administrator.page, "administrator")
    administrator.page.click("button:has-text('Xem lại nội dung đã nhập')")
    expect(administrator.page.locator("#owner")).to_have_value("UBND phường")
    expect(administrator.page.locator("#source")).to_have_value("")


def test_a_zone_drawn_before_the_session_ended_is_still_drawn(visit: Visit) -> None:
    administrator = visit("administrator", script=False)
    administrator.open("/cameras/1/zones/zone-1")
    administrator.page.fill("#name", "Vỉa hè số 12, đã nới")
    moved = administrator.page.locator(".vertices input").first
    moved.fill("7")
    moved.blur()
    lose_the_session(administrator.page)
    administrator.page.click("[data-save]")
    sign_in_again(administrator.page, "administrator")
    administrator.page.click("button:has-text('Xem lại nội dung đã nhập')")
    expect(administrator.page.locator("#name")).to_have_value("Vỉa hè số 12, đã nới")
    expect(administrator.page.locator(".vertices input").first).to_have_value("7")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_form_of_an_earlier_session_is_shown_again_in_the_new_one(
    visit: Visit, case: str, *, script: bool
) -> None:
    approver = under_sanction(visit, case, script=script)
    lose_the_session(approver.page)
    other = approver.page.context.new_page()
    other.goto(f"{approver.ward.address}/sign-in")
    sign_in_again(other, "approver")
    other.wait_for_url(lambda url: "sign-in" not in url)
    approver.page.click("button:has-text('Cập nhật kết quả xử lý')")
    expect(approver.page.locator("button:has-text('Xem lại nội dung đã nhập')")).to_be_focused()
    if script:
        looks_right(approver.page)
    approver.page.click("button:has-text('Xem lại nội dung đã nhập')")
    expect(approver.page.locator("#number")).to_have_value("07/BB-VPHC")
