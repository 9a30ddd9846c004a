"""Each person's work without a mouse: Tab, Enter, Space, arrows, and what is typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api.photos import from_a_telephone
from tests.browser.person import Person, wait_until_keys_wake
from tests.browser.test_by_touch import confirm, send_an_officer
from tests.browser.test_choosing_a_file import tells_of_choosers
from tests.browser.ward import PASSWORD

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

FARTHEST = 120
"""Presses of Tab after which a person has given up."""
SAID_OF_HOURS = "Ghi giờ theo dạng 18:30, từ 00:00 đến 24:00, giờ đầu khác giờ cuối."
REACHED = "wanted => document.activeElement?.matches(wanted) ?? false"
IN_SIGHT = """() => {
  const {left, top, width, height} = document.activeElement.getBoundingClientRect();
  const shown = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 20));
  return document.activeElement.contains(shown) || shown?.contains(document.activeElement);
}"""


def go_to(page: Page, wanted: str) -> None:
    """Press Tab until what is wanted has the focus, where it can be seen."""
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if page.evaluate(REACHED, wanted):
            assert page.evaluate(IN_SIGHT), f"{wanted} has the focus and is covered"
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def choose(page: Page, wanted: str) -> None:
    go_to(page, wanted)
    page.keyboard.press("Enter")


def follow(page: Page, wanted: str) -> None:
    """Choose what leads to another page."""
    go_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, wanted: str, text: str) -> None:
    go_to(page, wanted)
    page.keyboard.type(text)


def sign_in(visit: Visit, login: str) -> Page:
    person = visit(None)
    person.open("/sign-in")
    write(person.page, "#login", login)
    write(person.page, "#password", PASSWORD)
    person.page.keyboard.press("Enter")
    person.page.wait_for_url(lambda url: "sign-in" not in url)
    return person.page


def test_an_operator_finds_a_case_looks_closely_rejects_it_and_takes_that_back(
    visit: Visit, case: str
) -> None:
    page = sign_in(visit, "operator")
    page.keyboard.press("/")
    page.keyboard.type(case)
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue?*")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-player][data-ready]")
    for key in (" ", ".", ".", ",", "k", "m"):
        page.keyboard.press(key)
    expect(page.locator("[data-shows=boxes]")).to_have_attribute("aria-pressed", "false")
    wait_until_keys_wake(page)
    page.keyboard.press("l")
    page.keyboard.press("3")
    expect(page.locator("body")).to_contain_text(f"Vừa quyết định {case}: Loại bỏ.")
    wait_until_keys_wake(page)
    page.keyboard.press("h")
    page.wait_for_url(f"**/cases/{case}*")
    expect(page.locator(".top .status")).to_contain_text("Chờ xem xét")


def test_an_approver_hands_a_case_over_and_records_what_came_of_it(visit: Visit, case: str) -> None:
    operator = visit(script=False)
    operator.open(f"/cases/{case}")
    operator.page.click("button:has-text('Xác nhận đủ căn cứ')")
    page = sign_in(visit, "approver")
    follow(page, "nav.wide a[href='/approvals']")
    follow(page, f"a[href='/cases/{case}#handling']")
    page.wait_for_selector("[data-player][data-ready]")
    choose(page, "a[data-opens]")
    expect(page.locator("#hand-over button:has-text('Hủy')")).to_be_focused()
    follow(page, "#hand-over .button-main")
    expect(page.locator(".steps li")).to_have_count(1)
    go_to(page, ".handling [type=radio]")
    page.keyboard.press("Space")
    write(page, "#outcome-note", "Nhắc nhở tại chỗ")
    follow(page, ".handling .button-main")
    expect(page.locator(".steps li")).to_have_count(2)
    expect(page.locator(".steps")).to_contain_text("Nhắc nhở tại chỗ")


def draw_new_zone(page: Page) -> None:
    """From the list of cameras to a triangle in the table of a new zone of the first."""
    follow(page, "table a[href='/cameras/1']")
    follow(page, "a[href='/cameras/1/zones/new']")
    expect(page.locator("[data-undo]")).to_be_visible()
    choose(page, "a.skip[href='#vertices']")
    choose(page, "#vertices [data-add]")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    for row, place in enumerate((("10", "20"), ("40", "20"), ("40", "45")), 1):
        for name, figure in zip("xy", place, strict=True):
            write(page, f"#vertices [data-vertices] tr:nth-child({row}) [name={name}]", figure)


def test_an_administrator_draws_a_zone_by_its_table_and_arrows(visit: Visit) -> None:
    page = sign_in(visit, "administrator")
    draw_new_zone(page)
    go_to(page, "[data-kind=vertex][data-index='0']")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-vertices] [name=x]").first).to_have_value("10,2")
    write(page, "#name", "Bằng bàn phím")
    follow(page, "[data-save]")
    expect(page.locator("body")).to_contain_text("Đã lưu: Bằng bàn phím, phiên bản 1.")


def test_a_field_officer_looks_at_the_place_and_hands_in_a_photo(
    visit: Visit, case: str, tmp_path: Path
) -> None:
    confirm(visit, case)
    to_check = send_an_officer(visit, case)
    photo = tmp_path / "sau.jpg"
    photo.write_bytes(from_a_telephone(seed=11))
    page = sign_in(visit, "field_officer")
    tells_of_choosers(page)
    follow(page, ".tasks:not(.done) li:last-child a")
    expect(page.locator("main")).to_contain_text(to_check)
    go_to(page, "[name=finding]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#finding-cleared")).to_be_checked()
    write(page, "#note", "Tổ vệ sinh đã dọn")
    page.keyboard.press("Tab")
    expect(page.locator("#photo")).to_be_focused()
    expect(page.locator(".file-chooser .button")).to_be_in_viewport()
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Space")
    choosing.value.set_files(photo)
    expect(page.locator("[data-file-name]")).to_have_text("sau.jpg")
    follow(page, "main form .button-main")
    expect(page.locator("main")).to_contain_text("Đã ghi kết quả kiểm tra.")
    expect(page.locator(".tasks.done")).to_contain_text("Tổ vệ sinh đã dọn")


def test_an_administrator_gives_motorcycles_hours_of_their_own(visit: Visit) -> None:
    page = sign_in(visit, "administrator")
    draw_new_zone(page)
    write(page, "#name", "Chỗ để xe máy buổi tối")
    write(page, "#vehicles", "300")
    choose(page, ".dwell:has(#vehicles) > details:last-of-type > summary")
    choose(page, "#hours-motorcycle > summary")
    go_to(page, "[name=hours-motorcycle-mode]")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    write(page, "#hours-motorcycle-1-begins", "18:00")
    write(page, "#hours-motorcycle-1-ends", "22h")
    choose(page, "[data-save]")
    expect(page.locator("[role=alert][autofocus]")).to_be_focused()
    choose(page, "[role=alert] a[href='#hours-motorcycle']")
    go_to(page, "[name=hours-motorcycle-mode]")
    expect(page.locator(":focus")).to_have_accessible_description(SAID_OF_HOURS)
    write(page, "#hours-motorcycle-1-ends", "22:00")
    follow(page, "[data-save]")
    expect(page.locator("body")).to_contain_text("Đã lưu: Chỗ để xe máy buổi tối")
    page.get_by_role("link", name="Chỗ để xe máy buổi tối").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#hours-motorcycle > summary")).to_have_text(
        "Khung giờ: xe máy (Trừ khung giờ)"
    )
    expect(page.locator("#hours-motorcycle-1-ends")).to_have_value("22:00")


def test_an_official_opens_a_month_s_report(visit: Visit) -> None:
    page = sign_in(visit, "official")
    follow(page, "nav.wide a[href='/reports']")
    follow(page, "main form .button-main")
    expect(page.locator("h1")).to_contain_text("Tháng")


def test_a_supervisor_reads_the_log_of_one_person(visit: Visit) -> None:
    page = sign_in(visit, "supervisor")
    follow(page, "nav.wide a[href='/audit']")
    write(page, "#actor", "supervisor")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("tbody tr").first).to_contain_text("Đỗ Mai")
