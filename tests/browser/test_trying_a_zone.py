"""An administrator tries a drawing before saving it, and adds a colleague."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.ward import CAMERA, Ward
from viahe_rules.domain import Box, Detection, Observation
from viahe_rules.recorded import to_line

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


HOUR = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
"""Of yesterday, told once: sent before and after the clock strikes it would be two."""


def send_a_stopping_car(ward: Ward) -> None:
    """An hour in which a car stops on the pavement."""
    car = (Detection("car", 0.9, Box(0.3, 0.6, 0.5, 0.8)),)
    lines = "".join(
        to_line(
            Observation(CAMERA, "run-1", float(t), car if t >= 60 else (), at=HOUR.timestamp() + t)
        )
        + "\n"
        for t in range(0, 600, 5)
    )
    kept = ward.device.post(
        "/api/v1/observations",
        params={"camera": CAMERA, "hour": HOUR.isoformat().replace("+00:00", "Z")},
        content=gzip.compress(lines.encode()),
    )
    assert kept.status_code in (200, 201), kept.text


@pytest.mark.parametrize("script", [True, False])
def test_a_drawing_is_tried_before_it_is_saved(visit: Visit, ward: Ward, script: bool) -> None:
    send_a_stopping_car(ward)
    administrator = visit("administrator", script=script)
    page = administrator.page
    administrator.open("/cameras/1/zones/zone-1")
    page.fill("#vehicles", "120")
    page.get_by_role("button", name="Chạy thử 7 ngày").click()
    page.wait_for_selector("[data-trial]")
    follow = page.get_by_role("button", name="Xem kết quả")
    while not script and follow.count():
        follow.click()
    administrator.sees("Có dữ liệu 1/168 giờ.")
    administrator.sees("Giữ 0, bớt 0 cảnh báo sai, thêm 1 chưa xem xét.")
    expect(page.locator(".places .gained")).to_have_count(1)
    administrator.sees("Không có đoạn ghi hình")
    assert page.input_value("#vehicles") == "120"
    if script:
        expect(page.locator("[data-outdated]")).to_be_hidden()
        page.fill("#vehicles", "300")
        administrator.sees("Kết quả thuộc hình trước khi sửa.")
    page.locator("label[for=footprints]").click()
    expect(page.locator(".footprints")).to_be_visible()


def test_a_colleague_gets_a_password_that_works(visit: Visit) -> None:
    administrator = visit("administrator")
    page = administrator.page
    login = f"mai-{uuid4().hex[:6]}"
    administrator.open("/users/new")
    page.fill("#login", login)
    page.fill("#name", "Ngô Mai")
    page.get_by_label("Cán bộ trực giám sát").check()
    page.locator("main .button-main").click()
    password = page.locator(".secret").inner_text()
    colleague = visit(None)
    colleague.open("/sign-in")
    colleague.page.fill("#login", login)
    colleague.page.fill("#password", password)
    colleague.page.click("main form button.button-main")
    colleague.page.wait_for_url("**/queue")
