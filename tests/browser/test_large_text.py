"""Texts twice as large, set wide, or on the narrowest window: every page is still whole."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import TakePicture
from tests.browser.person import Person
from tests.browser.test_looks import View, walk
from tests.browser.whole_text import set_wide, share_covered, text_faults

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

DESK = View("desk", 1366, 768, dark=False, language="vi")
TELEPHONE = ViewportSize(width=390, height=844)
MAGNIFIED_TWICE = ViewportSize(width=683, height=384)
MAGNIFIED_FOUR_TIMES = ViewportSize(width=320, height=256)
"""Windows as pages are told of them on a desk's screen that is magnified."""
MOST_COVERED = 0.5


@pytest.fixture
def visit_with_large_text(visit: Visit) -> Visit:
    """As `visit`, with texts twice as large by the browser's own setting."""

    def sit_down(*who: str, **options: object) -> Person:
        person = visit(*who, **options)
        line = person.page.context.new_cdp_session(person.page)
        line.send("Page.enable")
        line.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
        return person

    return sit_down


def test_pages_are_whole_with_texts_twice_as_large(
    visit_with_large_text: Visit, case: str, picture: TakePicture
) -> None:
    found = []
    for person, page in walk(visit_with_large_text, DESK, case):
        size = person.page.evaluate("getComputedStyle(document.body).fontSize")
        assert size == "32px", "this browser does not follow its setting"
        found += [f"{page}: {fault}" for fault in text_faults(person.page)]
        picture(person.page, f"large-{page.strip('/').replace('/', '-')}", full_page=False)
    assert found == []


def test_pages_are_whole_magnified_and_with_texts_set_wide(
    visit: Visit, case: str, picture: TakePicture
) -> None:
    found = []
    for person, page in walk(visit, DESK, case):
        for name, faults in under_every_way(person.page):
            found += [f"{page}, {name}: {fault}" for fault in faults]
            picture(person.page, f"{name}-{page.strip('/').replace('/', '-')}")
    assert found == []


def under_every_way(page: Page) -> Iterator[tuple[str, list[str]]]:
    for name, window in (
        ("magnified twice", MAGNIFIED_TWICE),
        ("magnified four times", MAGNIFIED_FOUR_TIMES),
    ):
        page.set_viewport_size(window)
        yield name, text_faults(page)
    set_wide(page)
    page.set_viewport_size(TELEPHONE)
    yield "set wide on a phone", text_faults(page)
    page.set_viewport_size(ViewportSize(width=DESK.width, height=DESK.height))
    yield "set wide", text_faults(page)


@pytest.mark.parametrize("window", [(683, 384), (844, 390)], ids=["magnified", "phone-across"])
def test_most_of_a_low_window_is_for_what_is_read(
    visit: Visit, case: str, window: tuple[int, int]
) -> None:
    operator = visit(width=window[0], height=window[1])
    operator.open_case(case)
    operator.page.evaluate("scrollTo(0, 500)")
    assert share_covered(operator.page) < MOST_COVERED


def test_a_text_cut_off_and_a_covered_button_would_be_noticed(visit: Visit) -> None:
    operator = visit()
    operator.open("/preferences")
    operator.page.evaluate(
        """() => {
          const main = document.querySelector('main');
          main.insertAdjacentHTML('beforeend',
            '<p id="cut">Trước số 12 ngõ 52</p><button>Một</button><button id="over">Hai</button>');
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('#cut { width: 40px; height: 20px; overflow: hidden; }'
            + '#over { margin-left: -30px; }');
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    faults = text_faults(operator.page)
    assert {fault.partition(":")[0] for fault in faults} == {"cut", "over each other"}
