"""What a page goes on with after the program was started anew."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.evidence import File
from tests.browser.person import visiting
from tests.browser.ward import Ward, open_ward, serve
from viahe_api.app import create_app
from viahe_api.cli import prepare

pytestmark = pytest.mark.browser


def test_news_comes_again_after_the_program_was_started_anew(
    chromium: Browser, tmp_path: Path, evidence: Mapping[str, File]
) -> None:
    with ExitStack() as seats:
        with open_ward(tmp_path) as ward:
            operator = seats.enter_context(visiting(chromium, ward))
            operator.open("/queue")
            operator.sees("Không còn trường hợp chờ xem xét.")
        port = urlsplit(ward.address).port
        assert port is not None
        seats.enter_context(serve(create_app(prepare(tmp_path)), port))
        headers = {"Authorization": ward.device.headers["authorization"]}
        with httpx2.Client(base_url=ward.address, headers=headers) as device:
            anew = Ward(ward.address, device)
            anew.report(uuid4().hex, evidence)
            expect(operator.page.locator("tbody tr")).to_have_count(1, timeout=15_000)
            anew.report(uuid4().hex, evidence)
        expect(operator.page.locator("[data-show-new]")).to_have_text(
            "Có 1 trường hợp mới - Hiển thị", timeout=15_000
        )
        operator.page.click("[data-show-new]")
        expect(operator.page.locator("tbody tr")).to_have_count(2)


def test_on_a_phone_what_was_not_sent_is_said_above_the_decisions(
    chromium: Browser, tmp_path: Path, evidence: Mapping[str, File]
) -> None:
    with ExitStack() as seats:
        with open_ward(tmp_path) as ward:
            case = ward.report(uuid4().hex, evidence)
            operator = seats.enter_context(visiting(chromium, ward, width=390, height=844))
            operator.open_case(case)
        confirm = operator.page.locator("button:has-text('Xác nhận đủ căn cứ')")
        confirm.click()
        operator.sees("Mất kết nối.")
        said = operator.page.locator("[data-offline]").bounding_box()
        below = confirm.bounding_box()
        assert said is not None
        assert below is not None
        assert said["y"] + said["height"] <= below["y"]
        assert said["width"] > 330


def test_a_decision_while_the_program_does_not_answer_is_kept_and_sent_again(
    chromium: Browser, tmp_path: Path, evidence: Mapping[str, File]
) -> None:
    with ExitStack() as seats:
        with open_ward(tmp_path) as ward:
            case = ward.report(uuid4().hex, evidence)
            operator = seats.enter_context(visiting(chromium, ward))
            operator.open_case(case)
            operator.page.fill("#note", "túi đen")
        operator.page.click("button:has-text('Xác nhận đủ căn cứ')")
        operator.sees("Mất kết nối.")
        assert operator.page.url.endswith(case)
        assert operator.page.input_value("#note") == "túi đen"
        port = urlsplit(ward.address).port
        assert port is not None
        seats.enter_context(serve(create_app(prepare(tmp_path)), port))
        operator.page.click("[data-offline] button")
        operator.sees(f"Vừa quyết định {case}: Xác nhận đủ căn cứ.")
