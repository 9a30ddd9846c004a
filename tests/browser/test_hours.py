"""An administrator types several hours of the day for one act, with script and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import TakePicture
from tests.browser.person import Person

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


@pytest.mark.parametrize("script", [True, False])
def test_waste_is_put_out_in_the_morning_and_in_the_evening(
    visit: Visit, picture: TakePicture, script: bool
) -> None:
    administrator = visit("administrator", script=script)
    page = administrator.page
    administrator.open("/cameras/1/zones/zone-1")
    hours_of_dumping(page).locator("> summary").click()

    page.select_option("[name=dumping-mode]", "except")
    page.fill("#dumping-1-begins", "05:00")
    page.fill("#dumping-1-ends", "06:00")
    hours_of_dumping(page).get_by_text("Khung giờ 2").click()
    page.fill("#dumping-2-begins", "18:00")
    page.fill("#dumping-2-ends", "20:00")
    page.click("[data-save]")
    administrator.sees("Đã lưu: Vỉa hè số 12")
    administrator.open("/cameras/1/zones/zone-1")
    expect(page.locator("#dumping-1-ends")).to_have_value("06:00")
    expect(page.locator("#dumping-2-begins")).to_be_visible()
    expect(page.locator("#dumping-2-begins")).to_have_value("18:00")
    expect(page.locator("#dumping-3-begins")).to_be_hidden()
    picture(page, f"hours-{'with' if script else 'without'}-script")
    page.set_viewport_size({"width": 360, "height": 800})
    picture(page, f"hours-narrow-{'with' if script else 'without'}-script")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.select_option("[name=dumping-mode]", "always")
    page.click("[data-save]")
    administrator.sees("Đã lưu: Vỉa hè số 12")
    administrator.open("/cameras/1/zones/zone-1")
    expect(hours_of_dumping(page).locator("> summary")).to_contain_text("Mọi giờ")
    expect(page.locator("#dumping-1-begins")).to_be_hidden()


def hours_of_dumping(page: Page) -> Locator:
    return page.locator("details.hours", has=page.locator("[name=dumping-mode]"))
