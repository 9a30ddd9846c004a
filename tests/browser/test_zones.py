"""An administrator draws where the cameras look."""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

HAS_TOUCH = "navigator.maxTouchPoints > 0"
SHADES_IN_THE_LOUPE = """() => {
  const glass = document.querySelector('.loupe');
  const {data} = glass.getContext('2d').getImageData(0, 0, glass.width, glass.height);
  const shades = new Set();
  for (let at = 0; at < data.length; at += 4) shades.add(data.slice(at, at + 3).join());
  return shades.size;
}"""


def test_a_zone_is_drawn_by_mouse_and_saved(visit: Visit) -> None:
    administrator = visit("administrator")
    page = draw_new_zone(administrator, [(0.2, 0.6), (0.6, 0.6), (0.6, 0.9), (0.2, 0.9)])
    page.fill("#name", "Ngõ 52, bên phải")
    page.fill("#dumped", "30")
    page.click("[data-save]")
    administrator.sees("Đã lưu: Ngõ 52, bên phải, phiên bản 1.")
    page.click("a:has-text('Ngõ 52, bên phải')")
    expect(page.locator("[data-vertices] tr")).to_have_count(4)
    assert vertices(page) == [("20", "60"), ("60", "60"), ("60", "90"), ("20", "90")]


def test_edges_that_cross_are_named_and_block_saving(visit: Visit) -> None:
    administrator = visit("administrator")
    page = draw_new_zone(administrator, [(0.2, 0.6), (0.6, 0.9), (0.6, 0.6), (0.2, 0.9)])
    expect(page.locator("[data-faults]")).to_have_text("Cạnh 1-2 cắt cạnh 3-4.")
    expect(page.locator("[data-save]")).to_be_disabled()
    page.click("[data-undo]")
    expect(page.locator("[data-save]")).to_be_enabled()
    page.click("[data-undo]")
    expect(page.locator("[data-faults]")).to_have_text("Khu vực cần ít nhất 3 đỉnh.")


def test_a_zone_that_is_only_begun_is_not_called_wrong_before_it_is_to_be_saved(
    visit: Visit,
) -> None:
    administrator = visit("administrator")
    page = draw_new_zone(administrator, [(0.2, 0.6), (0.6, 0.6)])
    faults = page.locator("[data-faults]")
    expect(faults).to_be_hidden()
    page.fill("#name", "Ngõ 52, mới vẽ")
    page.fill("#dumped", "30")
    page.click("[data-save]")
    expect(faults).to_have_text("Khu vực cần ít nhất 3 đỉnh.")
    expect(faults).to_be_in_viewport()
    assert page.url.endswith("/cameras/1/zones/new")
    tap(page, 0.6, 0.9)
    expect(faults).to_be_hidden()
    page.click("[data-save]")
    administrator.sees("Đã lưu: Ngõ 52, mới vẽ, phiên bản 1.")


def test_a_vertex_is_moved_by_arrows_and_deleted_by_its_key(visit: Visit) -> None:
    administrator = visit("administrator")
    page = draw_new_zone(administrator, [(0.2, 0.6), (0.6, 0.6), (0.6, 0.9), (0.2, 0.9)])
    vertex = page.locator("[data-kind=vertex][data-index='0']")
    vertex.focus()
    administrator.press("ArrowRight", "Shift+ArrowDown")
    assert vertices(page)[0] == ("20,2", "62")
    expect(vertex).to_have_attribute("aria-label", "Đỉnh 1 trên 4, ngang 20,2 %, dọc 62 %")
    administrator.press("Delete")
    assert len(vertices(page)) == 3
    administrator.press("Control+z")
    assert len(vertices(page)) == 4


def test_undoing_while_a_name_is_typed_is_of_the_name_and_in_the_table_of_the_drawing(
    visit: Visit,
) -> None:
    administrator = visit("administrator")
    page = draw_new_zone(administrator, [(0.2, 0.6), (0.6, 0.6), (0.6, 0.9), (0.2, 0.9)])
    page.locator("#name").press_sequentially("Ngõ 52")
    administrator.press("Control+z")
    expect(page.locator("#name")).not_to_have_value("Ngõ 52")
    assert len(vertices(page)) == 4
    page.locator("[data-vertices] input").first.focus()
    administrator.press("Control+z")
    assert len(vertices(page)) == 3


def test_a_plus_inserts_a_vertex_in_the_middle_of_its_edge(visit: Visit) -> None:
    administrator = visit("administrator")
    page = draw_new_zone(administrator, [(0.2, 0.6), (0.6, 0.6), (0.6, 0.9)])
    page.locator("[data-kind=middle][data-index='0']").focus()
    administrator.press("Enter")
    assert vertices(page)[1] == ("40", "60")


def test_by_finger_a_vertex_is_tapped_and_then_its_place(visit: Visit) -> None:
    administrator = visit("administrator", width=390, height=844)
    page = draw_new_zone(administrator, [(0.2, 0.6), (0.6, 0.6), (0.6, 0.9)])
    tap(page, 0.6, 0.9)
    tap(page, 0.8, 0.8)
    assert vertices(page)[2] == ("80", "80")


def test_by_finger_a_vertex_is_dragged_without_scrolling_and_snaps_to_the_rim(visit: Visit) -> None:
    administrator = visit("administrator", width=390, height=844)
    page = draw_new_zone(administrator, [(0.2, 0.6), (0.6, 0.6), (0.6, 0.9)])
    scrolled = page.evaluate("scrollY")
    drag(page, (0.6, 0.9), (0.8, 0.7))
    drag(page, (0.2, 0.6), (0.01, 0.6))
    assert [vertices(page)[0], vertices(page)[2]] == [("0", "60"), ("80", "70")]
    assert page.evaluate("scrollY") == scrolled


def test_a_vertex_near_lines_that_are_there_goes_onto_them(visit: Visit) -> None:
    administrator = visit("administrator")
    page = draw_new_zone(administrator, [(0.053, 0.547), (0.5, 0.53)])
    shown = page.locator("p:has-text('Khu vực khác của camera này')")
    expect(shown).to_contain_text("Vỉa hè số 12")
    assert vertices(page)[0] == ("5", "55")
    across, down = (float(figure.replace(",", ".")) for figure in vertices(page)[1])
    assert down == pytest.approx(55 - (across - 5) / 18, abs=0.1)
    page.keyboard.down("Alt")
    tap(page, 0.953, 0.497)
    page.keyboard.up("Alt")
    assert vertices(page)[2] == ("95,3", "49,7")


def test_a_mask_s_corner_goes_onto_the_zone_s(visit: Visit) -> None:
    administrator = visit("administrator")
    page = draw_new_zone(administrator, [(0.2, 0.2), (0.6, 0.2), (0.6, 0.4)])
    page.check("label:has-text('Vùng che 1') input")
    tap(page, 0.596, 0.203)
    mask = page.locator("[data-outline=mask]").first
    expect(mask.locator("[name=mask-1-x]").first).to_have_value("60")
    expect(mask.locator("[name=mask-1-y]").first).to_have_value("20")


def test_a_loupe_above_the_finger_shows_the_ground_it_hides(visit: Visit) -> None:
    administrator = visit("administrator", width=390, height=844)
    page = draw_new_zone(administrator, [(0.3, 0.2), (0.6, 0.2), (0.6, 0.4)])
    loupe = page.locator(".loupe")
    expect(loupe).to_be_hidden()
    finger = put_finger(page, (0.6, 0.4))
    move_finger(page, finger, (0.7, 0.45))
    expect(loupe).to_be_visible()
    glass, canvas = loupe.bounding_box(), page.locator("[data-canvas]").bounding_box()
    assert glass is not None
    assert canvas is not None
    assert glass["y"] + glass["height"] < canvas["y"] + 0.45 * canvas["height"] - 44
    assert glass["x"] + glass["width"] <= 390
    assert page.evaluate(SHADES_IN_THE_LOUPE) > 20
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(loupe).to_be_hidden()
    assert vertices(page)[2] == ("70", "45")


def test_by_mouse_no_loupe_is_in_the_way(visit: Visit) -> None:
    administrator = visit("administrator")
    page = draw_new_zone(administrator, [(0.3, 0.2), (0.6, 0.2), (0.6, 0.4)])
    box = page.locator("[data-canvas]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.45 * box["height"], steps=4)
    expect(page.locator(".loupe")).to_be_hidden()
    page.mouse.up()
    assert vertices(page)[2] == ("70", "45")


def test_without_script_the_table_draws_the_zone(visit: Visit) -> None:
    administrator = visit("administrator", script=False)
    administrator.open("/cameras/1/zones/new")
    page = administrator.page
    page.fill("#name", "Bó vỉa")
    page.fill("#vehicles", "120")
    rows = page.locator("[data-without-script] tr")
    for index, (x, y) in enumerate([("10", "50"), ("30,5", "50"), ("30,5", "80"), ("10", "")]):
        rows.nth(index).locator("[name=x]").fill(x)
        rows.nth(index).locator("[name=y]").fill(y)
    page.click("[data-save]")
    administrator.sees("Tọa độ và thời gian phải là số.")
    assert page.input_value("#name") == "Bó vỉa"
    page.locator("[name=y]").nth(3).fill("80")
    page.click("[data-save]")
    administrator.sees("Đã lưu: Bó vỉa, phiên bản 1.")


def draw_new_zone(administrator: Person, points: list[tuple[float, float]]) -> Page:
    page = administrator.page
    administrator.open("/cameras/1/zones/new")
    expect(page.locator("[data-undo]")).to_be_visible()
    for x, y in points:
        tap(page, x, y)
    expect(page.locator("[data-vertices] tr")).to_have_count(len(points))
    return page


def tap(page: Page, x: float, y: float) -> None:
    """Press the still at a fraction of its width and height, by finger where there is one."""
    canvas = page.locator("[data-canvas]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    press = page.touchscreen.tap if page.evaluate(HAS_TOUCH) else page.mouse.click
    press(box["x"] + x * box["width"], box["y"] + y * box["height"])


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Put a finger on the still at a fraction of it, and move it over to another."""
    finger = put_finger(page, start)
    for part in range(1, 6):
        x, y = (a + (b - a) * part / 5 for a, b in zip(start, end, strict=True))
        move_finger(page, finger, (x, y))
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def put_finger(page: Page, at: tuple[float, float]) -> CDPSession:
    finger = page.context.new_cdp_session(page)
    move_finger(page, finger, at, kind="touchStart")
    return finger


def move_finger(
    page: Page, finger: CDPSession, to: tuple[float, float], *, kind: str = "touchMove"
) -> None:
    box = page.locator("[data-canvas]").bounding_box()
    assert box is not None
    place = {"x": box["x"] + to[0] * box["width"], "y": box["y"] + to[1] * box["height"]}
    finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})


def vertices(page: Page) -> list[tuple[str, str]]:
    """The table's figures."""
    rows = page.locator("[data-vertices] tr").all()
    return [
        (row.locator("[name=x]").input_value(), row.locator("[name=y]").input_value())
        for row in rows
    ]
