"""An administrator keeps a camera's ground: masks, pictures compared, a connection tried."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.evidence import make_still
from tests.browser.person import Person
from tests.browser.test_zones import tap
from tests.browser.ward import CAMERA, Ward

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]
ZONE = "/cameras/1/zones/zone-1"


def test_a_mask_is_drawn_beside_the_zone_and_kept(visit: Visit) -> None:
    administrator = visit("administrator")
    page = administrator.page
    administrator.open(ZONE)
    page.get_by_label("Vùng che 1").check()
    for place in ((0.05, 0.05), (0.3, 0.05), (0.3, 0.25)):
        tap(page, *place)
    expect(page.locator("[data-canvas] .other.zone")).to_have_count(1)
    mask = page.locator("[data-outline=mask]").first
    expect(mask.locator("[data-vertices] tr")).to_have_count(3)
    tap(page, 0.05, 0.25)
    page.click("[data-undo]")
    expect(mask.locator("[data-vertices] tr")).to_have_count(3)
    page.click("[data-save]")
    administrator.sees("Đã lưu: ")
    administrator.open(ZONE)
    expect(page.locator("[data-canvas] .other.mask")).to_have_count(4)
    expect(page.locator("[name=mask-1-x]").first).to_have_value("5")


def test_a_mask_of_two_vertices_is_not_saved_and_said_so(visit: Visit) -> None:
    administrator = visit("administrator")
    page = administrator.page
    administrator.open(ZONE)
    page.get_by_label("Vùng che 4").check()
    tap(page, 0.6, 0.1)
    tap(page, 0.8, 0.1)
    expect(page.locator("[data-faults]")).to_be_hidden()
    page.click("[data-save]")
    expect(page.locator("[data-faults]")).to_contain_text("Vùng che 4 cần ít nhất 3 đỉnh")
    expect(page.locator("[data-faults]")).to_be_in_viewport()


@pytest.mark.parametrize("script", [True, False])
def test_the_picture_a_zone_was_drawn_on_lies_under_the_newest(
    visit: Visit, ward: Ward, script: bool
) -> None:
    administrator = visit("administrator", script=script)
    page = administrator.page
    administrator.open(ZONE)
    page.click("[data-save]")
    administrator.sees("Đã lưu: ")
    still = ward.device.put(f"/api/v1/cameras/{CAMERA}/still", content=make_still(5.0))
    assert still.status_code == 204
    administrator.open(ZONE)
    pictures = page.locator("#compared img")
    expect(pictures).to_have_count(2)
    boxes = [picture.bounding_box() for picture in pictures.all()]
    assert boxes[0] is not None
    assert boxes[1] is not None
    if not script:
        assert boxes[1]["x"] > boxes[0]["x"]
        return
    assert boxes[0] == boxes[1]
    page.locator("#opacity").fill("20")
    assert page.locator("[data-newer]").evaluate("one => one.style.opacity") == "0.2"


def answer_a_test(ward: Ward) -> None:
    """As the ward's detector answers the one test that was asked for."""
    (asked,) = ward.device.get("/api/v1/configuration").json()["tests"]
    facts = {"codec": "h264", "width": 1920, "height": 1080, "pictures_per_s": 25.0}
    ward.device.put(f"/api/v1/tests/{asked['id']}/still", content=make_still(0.0))
    streams = [{"stream": "record", "facts": facts}]
    assert ward.device.post(f"/api/v1/tests/{asked['id']}", json={"streams": streams}).is_success


def test_a_connection_is_tried_and_the_answer_comes_by_itself(visit: Visit, ward: Ward) -> None:
    administrator = visit("administrator")
    page = administrator.page
    administrator.open("/cameras/1")
    page.get_by_role("button", name="Kiểm tra kết nối").click()
    administrator.sees("bộ phát hiện đang thử")
    answer_a_test(ward)
    administrator.sees("camera theo dõi được")
    administrator.sees("1920 × 1080")
    expect(page.locator(".test-still")).to_have_js_property("complete", value=True)


def test_a_funeral_along_the_street_is_entered_without_drawing(visit: Visit) -> None:
    administrator = visit("administrator")
    page = administrator.page
    administrator.open("/permits/new?purpose=d&camera=1")
    page.fill("#holder", "Gia đình bà Trần Thị B")
    page.get_by_label("Theo đoạn đường").check()
    page.fill("#house_from", "40")
    page.fill("#house_to", "60")
    paper = {"name": "giay.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 giay"}
    page.set_input_files("#paper", [paper])  # type: ignore[list-item]
    page.click("[data-save]")
    administrator.sees("40-60 Thụy Khuê (Ngõ 52)")
    with page.expect_download() as downloading:
        page.get_by_role("link", name=re.compile("^Văn bản của giấy phép")).first.click()
    assert downloading.value.suggested_filename == "giay.pdf"
    administrator.open(ZONE)
    expect(page.locator(".permitted .permit").first).to_be_attached()
