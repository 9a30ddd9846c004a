"""The clip is stepped picture by picture, and what is drawn over it lies where it belongs."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from tests.browser.evidence import HEIGHT, RATE, SQUARE, WIDTH, make_evidence
from tests.browser.person import WAIT_UNTIL_PAINTED, Person
from tests.browser.ward import Ward

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

READ_NUMBER = """([square, width, height]) => {
  const video = document.querySelector('video');
  const canvas = document.createElement('canvas');
  Object.assign(canvas, {width, height});
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, width, height);
  let number = 0;
  for (let bit = 0; bit < 8; bit += 1) {
    const [red] = context.getImageData(bit * square + square / 2, square / 2, 1, 1).data;
    if (red > 128) number += 1 << bit;
  }
  return number;
}"""
"""The number the shown picture says of itself."""

FIND_LEAVER = """() => {
  const canvas = document.querySelector('[data-player] canvas');
  const context = canvas.getContext('2d');
  const row = Math.round(canvas.height * 0.6);
  const pixels = context.getImageData(0, row - 20, canvas.width, 40).data;
  let left = Infinity;
  for (let index = 0; index < pixels.length; index += 4) {
    const cyan = pixels[index] < 40 && pixels[index + 1] > 180 && pixels[index + 2] > 220;
    if (cyan) left = Math.min(left, (index / 4) % canvas.width);
  }
  return left / canvas.width;
}"""
"""Where the leaver's box begins, as a fraction of the picture (16:9 here, no letterbox)."""


def test_steps_go_picture_by_picture_and_come_back_to_the_same_one(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open_case(case)
    operator.page.click("[data-does='loop']")
    start = step(operator.page, "next")
    seen = [step(operator.page, "next") for _ in range(100)]
    assert seen == [start + n for n in range(1, 101)]
    back = [step(operator.page, "previous") for _ in range(100)]
    assert back == [start + n for n in range(99, -1, -1)]


def test_what_the_browser_may_not_play_is_watched_in_a_marked_preview(
    visit: Visit, ward: Ward
) -> None:
    evidence = make_evidence(h265=True)
    code = ward.report(uuid4().hex, evidence)
    operator = visit(height=640)
    operator.open_case(code)
    operator.sees("Bản xem trước H.264; bản gốc giữ nguyên.")
    number = step(operator.page, "next")
    assert step(operator.page, "next") == number + 1
    decisions = operator.page.locator(".decide").bounding_box()
    assert decisions is not None
    for part in (".player-bar", ".facts >> nth=0"):
        box = operator.page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= decisions["y"] + 1, part
    operator.page.click("summary:has-text('Tệp chứng cứ')")
    with operator.page.expect_download() as saving:
        operator.page.click("a:has-text('Đoạn ghi hình gốc')")
    assert saving.value.suggested_filename == f"{code}-clip.mp4"
    assert saving.value.path().read_bytes() == evidence["clip.mp4"].content


def test_the_box_of_the_leaver_lies_within_one_picture_of_the_leaver(
    visit: Visit, case: str
) -> None:
    operator = visit()
    operator.open_case(case)
    for _ in range(5):
        number = step(operator.page, "next")
        drawn = operator.page.evaluate(FIND_LEAVER)
        walked = 0.08 + number / RATE * 0.105
        assert drawn == pytest.approx(walked, abs=0.105 / RATE)


def test_single_keys_show_and_hide_what_is_drawn(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open_case(case)
    step(operator.page, "next")
    operator.press("n")
    assert operator.page.evaluate(FIND_LEAVER) == float("inf")
    operator.press("n")
    assert 0 < operator.page.evaluate(FIND_LEAVER) < 1


def step(page: Page, direction: str) -> int:
    """One step; returns the number of the picture then shown."""
    before = page.evaluate("document.querySelector('video').currentTime")
    page.click(f"[data-does='{direction}']")
    for _ in range(100):
        state = page.locator("video").evaluate("video => [video.currentTime, video.seeking]")
        if state[0] != before and not state[1]:
            break
        page.wait_for_timeout(20)
    page.evaluate(WAIT_UNTIL_PAINTED)
    return int(page.evaluate(READ_NUMBER, [SQUARE, WIDTH, HEIGHT]))
