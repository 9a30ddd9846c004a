"""The whole way: staged cameras, detector, API, browser; and the API killed in the middle."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.person import wait_until_keys_wake
from tests.browser.staged_demo import Demo, running, sign_in
from viahe_samples.photographs import MissingPhotograph, photograph

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo whose API was killed as the first acts happened, with every suspicion received."""
    try:
        photograph("bus.jpg")
    except MissingPhotograph as missing:
        pytest.skip(str(missing))
    with running(tmp_path_factory.mktemp("demo"), "--port", "0") as demo:
        demo.until(r"official\s+thongke")
        kill_api(demo)
        for _ in range(3):
            demo.until(r"TH-\d{4}-\d{4}")
        yield demo


def kill_api(demo: Demo) -> None:
    """End the API as a power cut would; the demo starts it again two seconds later."""
    folder = str(demo.data / "api").encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if folder in words and b"serve" in words:
            os.kill(int(process.name), signal.SIGKILL)
            return
    raise AssertionError("no API was running")


@pytest.fixture
def page(chromium: Browser, demo: Demo) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_every_act_arrives_once_though_the_api_was_killed(demo: Demo, page: Page) -> None:
    cameras = [line.split()[5] for line in demo.lines if re.search(r"TH-\d", line)]
    assert sorted(cameras) == ["bag-left", "bus-stays", "group-stays"]
    sign_in(page, demo, "canbo")
    expect(page.locator("tbody tr")).to_have_count(3)


def test_an_operator_sees_the_clip_play_confirms_it_by_key_and_it_is_counted(
    demo: Demo, page: Page
) -> None:
    sign_in(page, demo, "canbo")
    page.locator("tbody a").first.click()
    page.wait_for_selector("[data-player][data-ready]")
    page.wait_for_function("document.querySelector('video').currentTime > 1.0")
    drawn = "document.querySelector('[data-player] canvas').width > 0"
    assert page.evaluate(drawn)
    wait_until_keys_wake(page)
    shots = os.environ.get("VIAHE_SCREENSHOTS")
    if shots:
        page.screenshot(path=str(Path(shots) / "demo-case.png"))
    page.keyboard.press("c")
    page.wait_for_selector("text=Vừa quyết định")
    page.goto(demo.address + "/dashboard")
    expect(page.locator("[data-count=sufficient-total]")).to_have_text("1")


def test_an_administrator_finds_each_camera_with_its_picture(demo: Demo, page: Page) -> None:
    sign_in(page, demo, "quantri")
    page.goto(demo.address + "/cameras/1")
    still = page.locator("main img").first
    expect(still).to_be_visible()
    assert still.evaluate("image => image.naturalWidth") == 960
