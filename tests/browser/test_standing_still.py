"""Pages stand still when scripts and pictures come, which on a slow line is seconds after the rest;
without script no room is kept for what needs it."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.api.photos import a_photo
from tests.browser.person import WAIT_UNTIL_PAINTED, Person, visiting
from tests.browser.test_by_hand import enter
from tests.browser.test_looks import MOST_SHIFTED
from tests.browser.test_queue import FAST_3G, NOTE_SHIFTS
from tests.browser.ward import CAMERA, open_ward

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

ZONE = "/cameras/1/zones/zone-1"
EDITORS = (ZONE, "/cameras/1/zones/new", "/permits/new")
WITH_A_FILE = ("/permits/new", "/permits/import", "/cameras/1")
WINDOWS = {
    "desk": (1366, 768),
    "phone": (390, 844),
    "whole page at a desk": (1366, 4000),
    "whole page on a phone": (390, 6000),
}
"""What moves below the window is not counted: it is seen where a window holds the page."""
COMES_AFTER_MS = 400
SLOW = {**FAST_3G, "downloadThroughput": 30_000}
PICTURES = re.compile(r"/still|\.jpg|/media/")


@pytest.mark.parametrize("window", WINDOWS)
def test_nothing_moves_when_scripts_come_late(visit: Visit, window: str) -> None:
    width, height = WINDOWS[window]
    draw_on_the_newest_picture(visit)
    for role, pages in (
        ("administrator", (*EDITORS, *WITH_A_FILE[1:])),
        ("operator", ("/cases/new",)),
    ):
        person = visit(role, width=width, height=height)
        person.page.add_init_script(NOTE_SHIFTS)
        for path in pages:
            open_on_a_slow_line(person, path)
            shown = "[data-undo]" if path in EDITORS else "[data-file-name]"
            expect(person.page.locator(shown)).to_be_visible()
            assert person.page.evaluate("shifted") < MOST_SHIFTED, f"{path} moves"


def test_nothing_moves_when_a_page_comes_in_pieces(visit: Visit) -> None:
    """It might be shown as far as it has come, its tables laid out anew with each row."""
    for role, paths in (
        ("approver", ("/reports/2026-11", "/reports/2026-11/cases?of=recorded", "/dashboard")),
        ("administrator", ("/retention", "/reasons", "/users/roles")),
        ("supervisor", ("/audit",)),
    ):
        person = visit(role)
        person.page.add_init_script(NOTE_SHIFTS)
        person.page.set_extra_http_headers({"accept-encoding": "identity"})
        line = person.page.context.new_cdp_session(person.page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW)
        for path in paths:
            person.open(path)
            person.page.evaluate(WAIT_UNTIL_PAINTED)
            assert person.page.evaluate("shifted") < MOST_SHIFTED, f"{path} moves"


def test_without_script_no_room_is_kept_for_what_needs_it(visit: Visit) -> None:
    draw_on_the_newest_picture(visit)
    administrator = visit("administrator", script=False)
    for path in EDITORS:
        administrator.open(path)
        for part in administrator.page.locator("[data-with-script]").all():
            assert part.bounding_box() is None, f"{path} has a hole"
        expect(administrator.page.locator("#vertices [data-without-script]")).to_be_visible()
    for path in WITH_A_FILE:
        administrator.open(path)
        expect(administrator.page.locator("input[type=file]")).to_be_visible()
        expect(administrator.page.locator("[data-file-chooser]")).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(1366, 4000), (390, 6000)])
def test_nothing_moves_when_pictures_come_late_whatever_their_shape(
    chromium: Browser, tmp_path: Path, width: int, height: int
) -> None:
    with ExitStack() as seats:
        ward = seats.enter_context(open_ward(tmp_path))
        still = a_photo(width=800, height=600)
        assert ward.device.put(f"/api/v1/cameras/{CAMERA}/still", content=still).is_success
        sit_down = partial(visiting, chromium, ward, width=width, height=height)
        operator = seats.enter_context(sit_down())
        photo = tmp_path / "photo.jpg"
        photo.write_bytes(a_photo(width=300, height=600))
        reported = "/cases/" + enter(lambda **_: operator, photo)
        administrator = seats.enter_context(sit_down("administrator"))
        administrator.open(ZONE)
        administrator.page.click("[data-save]")
        administrator.sees("Đã lưu: ")
        for person, paths in (
            (administrator, ("/cameras/1", ZONE, f"{ZONE}/versions")),
            (operator, (reported,)),
        ):
            person.page.add_init_script(NOTE_SHIFTS)
            for path in paths:
                open_with_late(person, path, PICTURES)
                assert person.page.evaluate("shifted") < MOST_SHIFTED, f"{path} moves"


def draw_on_the_newest_picture(visit: Visit) -> None:
    """So that the zone's page has two pictures to compare."""
    administrator = visit("administrator", script=False)
    administrator.open(ZONE)
    administrator.page.click("[data-save]")
    administrator.sees("Đã lưu: ")


def open_on_a_slow_line(person: Person, path: str) -> None:
    """Open a page whose scripts come when all else has been seen for a while."""
    open_with_late(person, path, "**/*.js*")


def open_with_late(person: Person, path: str, what: str | re.Pattern[str]) -> None:
    """Open a page of which some comes when all else has been seen for a while."""
    page = person.page
    coming: list[Route] = []

    def hold(part: Route) -> None:
        coming.append(part)

    page.route(what, hold)
    page.goto(person.ward.address + path, wait_until="commit")
    page.wait_for_selector("main form", state="attached")
    page.wait_for_timeout(COMES_AFTER_MS)
    assert coming
    for part in coming:
        part.continue_()
    page.unroute(what)
    page.wait_for_load_state()
    page.wait_for_timeout(COMES_AFTER_MS)
