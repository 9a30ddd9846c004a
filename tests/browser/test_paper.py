"""What leaves on paper: black on white, nobody's face, and who printed it when."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.test_looks import PALE_TEXT

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

SHARP = """[...document.querySelectorAll('img, video')]
  .filter((picture) => picture.offsetParent && !getComputedStyle(picture).filter.includes('blur'))
  .map((picture) => picture.outerHTML.slice(0, 80))"""
COLOURS = """(() => {
  const { color, backgroundColor } = getComputedStyle(document.body);
  return [color, backgroundColor];
})()"""
STROKES = """[...document.querySelectorAll('.trend .bar, .trend .axis')]
  .map((mark) => getComputedStyle(mark).stroke)"""
EVERY_SHADE = """document.querySelectorAll('.heat td').forEach((cell, at) => {
  cell.className = `shade-${at % 6}`;
})"""


@pytest.mark.parametrize(
    ("role", "path"),
    [("operator", "/cases/{case}"), ("operator", "/queue"), ("administrator", "/cameras/1")],
)
def test_a_printed_page_shows_no_face_and_says_who_printed_it(
    visit: Visit, case: str, role: str, path: str
) -> None:
    person = visit(role, dark=True)
    person.open(path.format(case=case))
    assert person.page.evaluate(SHARP) != [], "on the screen pictures are sharp"
    person.page.emulate_media(media="print", color_scheme="dark")
    assert person.page.evaluate(SHARP) == []
    assert person.page.evaluate(COLOURS) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    expect(person.page.locator(".only-printed")).to_be_visible()
    expect(person.page.locator(".only-printed")).to_contain_text("In lúc ")
    if "case" in path:
        expect(person.page.locator("h1")).to_contain_text(case)
    assert person.page.evaluate(PALE_TEXT, 7) == []
    for part in ("nav", ".top .end", ".decide", "form"):
        assert not any(each.is_visible() for each in person.page.locator(part).all()), part


@pytest.mark.parametrize("path", ["/dashboard", "/reports/2026-11"])
def test_counts_printed_from_a_dark_screen_are_black_on_white(
    visit: Visit, case: str, path: str
) -> None:
    approver = visit("approver", dark=True)
    approver.open(path)
    approver.page.evaluate(EVERY_SHADE)
    approver.page.emulate_media(media="print", color_scheme="dark")
    assert approver.page.evaluate(COLOURS) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert approver.page.evaluate(PALE_TEXT, 7) == []
    assert set(approver.page.evaluate(STROKES)) <= {"rgb(0, 0, 0)"}
    expect(approver.page.locator(".only-printed")).to_be_visible()
    expect(approver.page.locator(".only-printed")).to_contain_text("In lúc ")
