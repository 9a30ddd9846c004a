"""A ward's first case with a camera of its own: from the zone drawn by mouse to the report."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import av
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TakePicture
from tests.browser.person import wait_until_keys_wake
from tests.browser.staged_demo import Demo, running, sign_in
from tests.detector.footage import SHARED

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

BAG_ON_A_PAVEMENT = SHARED / "aboda_video4.avi"
PAVEMENT = ((0.03, 0.1), (0.97, 0.1), (0.97, 0.97), (0.03, 0.97))
"""Corners in fractions of the picture: nearly all of it is pavement."""
UNTIL_LEFT_MS = 120_000
"""The clip's bag is left 21 s after it begins; the clip is shown over and over."""

SitDown = Callable[..., Page]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo that watches a real clip as the one camera of a ward without zones."""
    if not BAG_ON_A_PAVEMENT.exists():
        pytest.skip(f"{BAG_ON_A_PAVEMENT} is not here: NO real clip was watched from end to end")
    folder = tmp_path_factory.mktemp("own-camera")
    file = as_a_camera_sends(BAG_ON_A_PAVEMENT, folder / "pavement.mp4")
    with running(folder / "demo", "--port", "0", "--source", str(file)) as demo:
        demo.until(r"Draw a zone")
        yield demo


def as_a_camera_sends(recording: Path, copy: Path) -> Path:
    """The recording in H.264, with a key frame every two seconds."""
    with av.open(str(recording)) as source, av.open(str(copy), "w") as sent:
        shown = source.streams.video[0]
        coded = sent.add_stream("libx264", rate=shown.average_rate)
        coded.width, coded.height, coded.pix_fmt = shown.width, shown.height, "yuv420p"
        coded.options = {"g": "60", "bf": "0", "preset": "veryfast"}
        for picture in source.decode(shown):
            picture.pts = None
            sent.mux(coded.encode(picture))
        sent.mux(coded.encode(None))
    return copy


@pytest.fixture
def sit_down(chromium: Browser, demo: Demo) -> Iterator[SitDown]:
    """Signs somebody in before a screen of their own."""
    with ExitStack() as seats:

        def sit_down(login: str, width: int = 1366, height: int = 768) -> Page:
            context = chromium.new_context(viewport={"width": width, "height": height})
            seats.callback(context.close)
            context.set_default_timeout(30_000)
            page = context.new_page()
            page.on("pageerror", lambda error: pytest.fail(f"{page.url}: {error}"))
            sign_in(page, demo, login)
            return page

        yield sit_down


def test_the_first_case_comes_from_a_drawn_zone_and_ends_in_the_report(
    demo: Demo, sit_down: SitDown, picture: TakePicture
) -> None:
    administrator = sit_down("quantri")
    draw_a_zone(administrator, demo)
    picture(administrator, "own-camera-zone")

    operator = sit_down("canbo")
    expect(operator.locator("tbody tr a").first).to_be_visible(timeout=UNTIL_LEFT_MS)
    picture(operator, "own-camera-queue")
    code = confirm_the_first(operator, picture)

    approver = sit_down("lanhdao", width=390, height=844)
    hand_over_with_a_reminder(approver, demo, code)
    picture(approver, "own-camera-handled")

    official = sit_down("thongke")
    month = f"{datetime.now(ZoneInfo('Asia/Ho_Chi_Minh')):%Y-%m}"
    official.goto(f"{demo.address}/reports/{month}")
    picture(official, "own-camera-report")
    told = official.request.get(f"{demo.address}/reports/{month}/file.json").json()
    totals = told["totals"]
    assert totals["recorded"] >= 1  # the clip is shown over and over, and its bag left again
    assert totals["sufficient"] == 1
    assert 0 < totals["hours_seen"] <= totals["hours_expected"]
    assert sum(act["outcomes"]["reminded"] for act in told["figures"]["acts"]) == 1


def draw_a_zone(page: Page, demo: Demo) -> None:
    """Draw the pavement by mouse on the camera's own still, and save it."""
    still = page.locator("main img")
    page.goto(f"{demo.address}/cameras/1")
    while still.count() == 0:
        page.wait_for_timeout(500)
        page.reload()
    page.goto(f"{demo.address}/cameras/1/zones/new")
    expect(page.locator("[data-undo]")).to_be_visible()
    canvas = page.locator("[data-canvas]")
    canvas.scroll_into_view_if_needed()
    place = canvas.bounding_box()
    assert place is not None
    for across, down in PAVEMENT:
        page.mouse.click(place["x"] + across * place["width"], place["y"] + down * place["height"])
    page.fill("#name", "Vỉa hè trước cửa")
    page.fill("#dumped", "5")
    page.click("[data-save]")
    expect(page.locator("body")).to_contain_text("Đã lưu: Vỉa hè trước cửa, phiên bản 1.")


def confirm_the_first(page: Page, picture: TakePicture) -> str:
    """Open the first case of the queue, see it play, and confirm it by its key; its code."""
    page.locator("tbody tr a").first.click()
    page.wait_for_selector("[data-player][data-ready]")
    page.wait_for_function("document.querySelector('video').currentTime > 0.5")
    expect(page.locator(".stills a")).to_have_count(4)
    picture(page, "own-camera-case", full_page=False)
    code = page.url.rsplit("/", 1)[1].split("?")[0]
    wait_until_keys_wake(page)
    page.keyboard.press("c")
    expect(page.locator("body")).to_contain_text(f"Vừa quyết định {code}")
    return code


def hand_over_with_a_reminder(page: Page, demo: Demo, code: str) -> None:
    page.goto(f"{demo.address}/approvals")
    page.click(f"a[href='/cases/{code}#handling']")
    page.wait_for_selector("[data-player][data-ready]")  # before, the question has its own page
    page.click("a[data-opens]")
    page.click("#hand-over button:has-text('Chuyển xử lý')")
    page.check("label:has-text('Nhắc nhở') input")
    page.click("button:has-text('Cập nhật kết quả xử lý')")
    expect(page.locator(".steps li")).to_have_count(2)
