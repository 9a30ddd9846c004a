"""Where a person's own colours are forced on every page, what is chosen, pressed, barred or in
focus is still told apart, and drawings are seen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import TakePicture
from tests.browser.person import Person

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

LOOK = """part => {
  const look = getComputedStyle(part);
  return [look.backgroundColor, look.color, look.fill, look.textDecorationLine,
    look.borderTopWidth, look.borderTopColor, look.borderBottomWidth, look.borderBottomColor];
}"""
DRAWN_IN = "part => getComputedStyle(part).fill"
GROUND = "getComputedStyle(document.body).backgroundColor"


def look_of(part: Locator) -> list[str]:
    look: list[str] = part.evaluate(LOOK)
    return look


def force_colours(page: Page) -> None:
    page.emulate_media(forced_colors="active")


def before_a_case(visit: Visit, case: str) -> Person:
    operator = visit()
    operator.open_case(case)
    force_colours(operator.page)
    return operator


def test_the_page_one_is_on_and_what_has_the_focus_are_seen(
    visit: Visit, case: str, picture: TakePicture
) -> None:
    operator = visit()
    page = operator.page
    operator.open("/queue")
    force_colours(page)
    others = page.locator("nav.wide a:not([aria-current])")
    here = page.locator("nav.wide a[aria-current]")
    assert look_of(here) not in [look_of(other) for other in others.all()]
    expect(page.locator(".queue-table .status").first).to_have_css("border-top-width", "1px")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    focused = page.locator(":focus-visible")
    expect(focused).to_have_css("outline-width", "3px")
    expect(focused).to_have_css("outline-style", "solid")
    picture(page, "forced-queue")


def test_what_is_pressed_or_barred_is_told_apart(
    visit: Visit, case: str, picture: TakePicture
) -> None:
    operator = before_a_case(visit, case)
    page = operator.page
    operator.press("k")
    boxes, zone = page.locator("[data-shows=boxes]"), page.locator("[data-shows=zone]")
    expect(boxes).to_have_attribute("aria-pressed", "false")
    expect(zone).to_have_attribute("aria-pressed", "true")
    assert look_of(boxes) != look_of(zone)
    skip = page.locator("[data-key=q]")
    offered = look_of(skip)
    skip.evaluate("button => { button.disabled = true; }")
    assert look_of(skip) != offered
    picture(page, "forced-case")


def test_the_act_stands_out_on_the_time_line_and_bars_on_their_ground(
    visit: Visit, case: str, picture: TakePicture
) -> None:
    operator = before_a_case(visit, case)
    page = operator.page
    ground = page.evaluate(GROUND)
    act, track = page.locator(".timeline .act"), page.locator(".timeline .track")
    assert act.evaluate(DRAWN_IN) != track.evaluate(DRAWN_IN)
    operator.open("/dashboard")
    assert page.locator(".trend .bar:not(.running)").first.evaluate(DRAWN_IN) != ground
    assert page.locator(".trend .coverage").first.evaluate(DRAWN_IN) != ground
    picture(page, "forced-dashboard")


def test_points_of_contact_are_ticked_only_while_they_are_shown(
    visit: Visit, picture: TakePicture
) -> None:
    administrator = visit("administrator")
    page = administrator.page
    administrator.open("/cameras/1/zones/zone-1")
    force_colours(page)
    button = page.locator("label[for=footprints]")
    tick = button.locator(".icon")
    expect(tick).to_have_css("color", "rgba(0, 0, 0, 0)")
    before = look_of(button)
    button.click()
    expect(tick).not_to_have_css("color", "rgba(0, 0, 0, 0)")
    assert look_of(button) != before
    picture(page, "forced-zone")
