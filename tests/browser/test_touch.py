"""What a telephone or tablet is spared: hints of keys it has not got."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TakePicture
from tests.browser.person import Person

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


@pytest.mark.parametrize(("width", "shown"), [(1366, True), (1180, False)], ids=["desk", "tablet"])
def test_hints_of_keys_are_shown_where_there_are_keys(
    visit: Visit, case: str, picture: TakePicture, width: int, *, shown: bool
) -> None:
    operator = visit(width=width, height=820)
    operator.open_case(case)
    expect(operator.page.locator(".decide .first kbd")).to_be_visible(visible=shown)
    picture(operator.page, f"keys-case-{width}", full_page=False)
    operator.open("/keys")
    expect(operator.page.locator(".keys kbd").first).to_be_visible()
    administrator = visit("administrator", width=width, height=820, dark=True)
    administrator.open("/cameras/1/zones/zone-1")
    expect(administrator.page.get_by_text("Chạm vào nền để thêm đỉnh")).to_be_visible()
    expect(administrator.page.get_by_text("Alt: không bắt")).to_be_visible(visible=shown)
    picture(administrator.page, f"keys-zone-{width}", full_page=False)
