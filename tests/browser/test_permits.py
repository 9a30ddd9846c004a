"""An administrator enters a permit in a hurry."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


@pytest.mark.parametrize("script", [True, False])
def test_a_wedding_is_entered_on_the_ground_of_a_zone(visit: Visit, script: bool) -> None:
    administrator = visit("administrator", script=script)
    page = administrator.page
    administrator.open("/permits")
    page.click("button[value='đ']")
    page.fill("#holder", "Gia đình ông Nguyễn Văn A")
    page.check("input[name=period][value=three]")
    page.click("[data-save]")
    administrator.sees("đã có hiệu lực.")
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("Đám cưới")
    expect(first).to_contain_text("Có hiệu lực")
    first.get_by_role("button").click()
    administrator.sees("Đã thu hồi giấy phép")
