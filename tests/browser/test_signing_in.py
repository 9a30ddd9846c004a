"""Somebody opens the door: by the form, with and without script, and finds their own work."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.ward import PASSWORD

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize(
    ("role", "heading"),
    [("operator", "Hàng chờ xem xét"), ("administrator", "Camera"), ("supervisor", "Tổng quan")],
)
def test_who_signs_in_finds_their_own_work(
    visit: Visit, role: str, heading: str, *, script: bool
) -> None:
    somebody = visit(None, script=script)
    somebody.open("/")
    somebody.page.fill("#login", role)
    somebody.page.fill("#password", "sai")
    somebody.page.click("main form button.button-main")
    somebody.sees("Tên đăng nhập hoặc mật khẩu không đúng.")
    expect(somebody.page.locator("#login")).to_have_value(role)
    somebody.page.fill("#password", PASSWORD)
    somebody.page.click("main form button.button-main")
    expect(somebody.page.locator("h1")).to_contain_text(heading)
