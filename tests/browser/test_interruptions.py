"""What a page says when its session, its line or its clip gives out, and how it goes on."""

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.evidence import File
from tests.browser.person import Person, visiting
from tests.browser.ward import Ward, open_ward, serve
from viahe_api.app import create_app
from viahe_api.cli import prepare

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

SESSION = timedelta(hours=1)
ASKED_EVERY_MS = 5 * 60_000 + 15_000
SILENT_MS = 35_000
POLLED_EVERY_MS = 22_000


def test_two_minutes_before_a_session_ends_it_can_be_gone_on_with(
    chromium: Browser, tmp_path: Path
) -> None:
    ahead = timedelta()
    with ExitStack() as seats:
        with open_ward(tmp_path) as ward:
            pass
        app = create_app(prepare(tmp_path), lambda: datetime.now(UTC) + ahead)
        ward = Ward(seats.enter_context(serve(app)), ward.device)
        operator = seats.enter_context(visiting(chromium, ward))
        operator.page.clock.install()
        operator.open("/queue")
        warning = operator.page.locator("[data-session-ends]")
        ahead = SESSION - timedelta(seconds=100)
        expect(warning).to_be_hidden()
        operator.page.clock.fast_forward(ASKED_EVERY_MS)
        expect(warning).to_contain_text("Phiên làm việc còn 2 phút.")
        warning.get_by_text("Tiếp tục").click()
        expect(warning).to_be_hidden()
        ahead += timedelta(minutes=30)
        operator.page.reload()
        operator.sees("Không còn trường hợp chờ xem xét.")


def test_a_queue_that_hears_nothing_says_since_when_and_asks_for_its_news(
    visit: Visit, ward: Ward, evidence: Mapping[str, File], case: str
) -> None:
    """Of a queue in which `case` waits: an empty one would show the first by itself."""
    operator = visit()
    operator.page.clock.install()
    operator.page.route("**/queue/live*", lambda route: route.abort())
    operator.open("/queue")
    lost, news = operator.page.locator("[data-lost]"), operator.page.locator("[data-show-new]")
    expect(lost).to_be_hidden()
    operator.page.clock.fast_forward(SILENT_MS)
    expect(lost).to_have_text(re.compile(r"^Mất cập nhật trực tiếp từ \d\d:\d\d\.$"))
    ward.report(uuid4().hex, evidence)
    operator.page.clock.fast_forward(POLLED_EVERY_MS)
    expect(news).to_have_text("Có 1 trường hợp mới - Hiển thị")
    expect(lost).to_be_visible()
    operator.page.unroute_all()
    expect(lost).to_be_hidden(timeout=15_000)


def test_a_clip_that_does_not_come_is_said_and_loaded_again(visit: Visit, case: str) -> None:
    operator = visit()
    operator.page.route("**/media/cases/**/*.mp4", lambda route: route.abort())
    operator.open(f"/cases/{case}")
    failed = operator.page.locator("[data-failed]")
    expect(failed).to_contain_text("Không tải được đoạn ghi hình.")
    operator.page.unroute_all()
    failed.get_by_text("Tải lại").click()
    expect(failed).to_be_hidden()
    operator.watches_until(1.0)
