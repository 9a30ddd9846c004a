"""Where nothing waits there is no row to move: the first case is shown by itself, the next wait."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import TakePicture
from tests.browser.evidence import File
from tests.browser.person import Person, visiting
from tests.browser.test_interruptions import POLLED_EVERY_MS, SILENT_MS
from tests.browser.test_queue import NOTE_SHIFTS
from tests.browser.ward import Ward, open_ward
from viahe_rules.domain import Act

pytestmark = pytest.mark.browser

NOTHING_WAITS = "Không còn trường hợp chờ xem xét."
ONE_WAITS_TO_BE_SHOWN = "Có 1 trường hợp mới - Hiển thị"
SITES = {"desk": (1366, 768), "phone": (390, 844)}
Sit: TypeAlias = Callable[..., Person]


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A ward of its own, in which nothing waits."""
    with open_ward(tmp_path) as ward:
        yield ward


@pytest.fixture
def sit(chromium: Browser, ward: Ward) -> Iterator[Sit]:
    """An operator before the empty queue."""
    with ExitStack() as seats:

        def down(path: str = "/queue", width: int = 1366, height: int = 768) -> Person:
            operator = seats.enter_context(visiting(chromium, ward, width=width, height=height))
            operator.page.add_init_script(NOTE_SHIFTS)
            operator.open(path)
            return operator

        yield down


def rows(page: Page) -> list[str]:
    """The cases that are seen, as a table or on cards."""
    seen = page.locator("[data-case]:visible")
    return [str(row.get_attribute("data-case")) for row in seen.all()]


@pytest.mark.parametrize("site", SITES)
def test_the_first_case_is_shown_at_once_and_the_next_waits_for_its_key(
    sit: Sit, ward: Ward, evidence: Mapping[str, File], picture: TakePicture, site: str
) -> None:
    width, height = SITES[site]
    operator = sit(width=width, height=height)
    page, news = operator.page, operator.page.locator("[data-show-new]")
    operator.sees(NOTHING_WAITS)
    picture(page, f"empty-queue-{site}", full_page=False)
    filters = page.locator("#filters, a[href='#filters']").locator("visible=true").first
    place = filters.bounding_box()
    first = ward.report(uuid4().hex, evidence)
    expect(page.locator("[data-case]:visible")).to_have_count(1)
    assert rows(page) == [first]
    expect(page.get_by_text(NOTHING_WAITS)).to_have_count(0)
    expect(page).to_have_title("Hàng chờ xem xét (1) - Viahe")
    expect(page.locator("[role=status] [data-shown]")).to_have_text("Đã hiển thị 1 trường hợp mới.")
    expect(news).to_be_hidden()
    picture(page, f"first-case-{site}", full_page=False)
    assert page.evaluate("shifted") == 0
    assert filters.bounding_box() == place
    row = page.locator("[data-case]:visible").bounding_box()
    second = ward.report(uuid4().hex, evidence)
    expect(news).to_have_text(ONE_WAITS_TO_BE_SHOWN)
    assert rows(page) == [first]
    assert page.locator("[data-case]:visible").bounding_box() == row
    assert page.evaluate("shifted") == 0
    operator.press("n")
    expect(page.locator("[data-case]:visible")).to_have_count(2)
    assert set(rows(page)) == {first, second}


def type_a_word(page: Page) -> None:
    page.fill("#search", "Thụy Khuê")
    page.locator("#search").blur()


def choose_an_act(page: Page) -> None:
    page.select_option("#act", "dumping")
    page.locator("#act").blur()


def open_the_filters(page: Page) -> None:
    page.click(".more-filters summary")
    page.locator(".more-filters summary").blur()
    page.mouse.move(0, 0)


IN_USE: Mapping[str, Callable[[Page], object]] = {
    "a word is typed": type_a_word,
    "an act is chosen": choose_an_act,
    "the filters are open": open_the_filters,
    "a field is about to be typed in": lambda page: page.focus("#search"),
    "a link has the focus": lambda page: page.focus(".head a:visible"),
    "the pointer is on a link": lambda page: page.hover(".head a:visible"),
    "the menu of the person is open": lambda page: page.click(".person summary"),
}


@pytest.mark.parametrize("use", IN_USE)
def test_under_a_hand_the_first_case_waits_as_all_do(
    sit: Sit, ward: Ward, evidence: Mapping[str, File], use: str
) -> None:
    operator = sit()
    IN_USE[use](operator.page)
    ward.report(uuid4().hex, evidence)
    expect(operator.page.locator("[data-show-new]")).to_have_text(ONE_WAITS_TO_BE_SHOWN)
    operator.sees(NOTHING_WAITS)
    assert rows(operator.page) == []


def test_what_is_typed_while_the_first_case_is_on_its_way_stays(
    sit: Sit, ward: Ward, evidence: Mapping[str, File]
) -> None:
    operator = sit()
    coming: list[Route] = []

    def hold(page: Route) -> None:
        coming.append(page)

    operator.page.route(f"{ward.address}/queue", hold)
    with operator.page.expect_request(f"{ward.address}/queue"):
        ward.report(uuid4().hex, evidence)
    operator.page.fill("#search", "Thụy Khuê")
    for page in coming:
        page.continue_()
    expect(operator.page.locator("[data-show-new]")).to_have_text(ONE_WAITS_TO_BE_SHOWN)
    expect(operator.page.locator("#search")).to_have_value("Thụy Khuê")
    expect(operator.page.locator("#search")).to_be_focused()


def test_a_first_case_that_does_not_come_waits_as_all_do(
    sit: Sit, ward: Ward, evidence: Mapping[str, File]
) -> None:
    operator = sit()
    operator.page.route(f"{ward.address}/queue", lambda page: page.abort())
    ward.report(uuid4().hex, evidence)
    expect(operator.page.locator("[data-show-new]")).to_have_text(ONE_WAITS_TO_BE_SHOWN)
    operator.page.unroute_all()
    operator.press("n")
    expect(operator.page.locator("[data-case]:visible")).to_have_count(1)


def test_a_search_that_found_nothing_is_not_answered_by_itself(
    sit: Sit, ward: Ward, evidence: Mapping[str, File]
) -> None:
    operator = sit("/queue?act=encroachment")
    operator.sees("Không có kết quả phù hợp.")
    ward.report(uuid4().hex, evidence, act=Act.ENCROACHMENT)
    expect(operator.page.locator("[data-show-new]")).to_have_text(ONE_WAITS_TO_BE_SHOWN)
    assert rows(operator.page) == []


def test_a_first_case_that_was_asked_for_leaves_it_said_that_the_line_is_silent(
    sit: Sit, ward: Ward, evidence: Mapping[str, File]
) -> None:
    operator = sit("/keys")
    operator.page.clock.install()
    operator.page.route("**/queue/live*", lambda route: route.abort())
    operator.open("/queue")
    operator.page.clock.fast_forward(SILENT_MS)
    lost = operator.page.locator("[data-lost]")
    expect(lost).to_be_visible()
    said = lost.inner_text()
    ward.report(uuid4().hex, evidence)
    operator.page.clock.fast_forward(POLLED_EVERY_MS)
    expect(operator.page.locator("[data-case]:visible")).to_have_count(1)
    expect(lost).to_have_text(said)
    expect(lost).to_be_visible()
    operator.page.unroute_all()
    expect(lost).to_be_hidden()
