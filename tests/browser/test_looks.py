"""What the pages look like: nothing runs over, every target can be hit, one case is one glance.

With VIAHE_SCREENSHOTS naming a folder, every page is written there as a picture to look at.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import faults_in_either_theme, faults_of
from tests.browser.conftest import TakePicture
from tests.browser.person import Person
from tests.browser.test_queue import NOTE_SHIFTS

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

SMALLEST_TARGET = 44


@dataclass(frozen=True, slots=True)
class View:
    """A window and how its owner likes it."""

    name: str
    width: int
    height: int
    dark: bool
    language: str


VIEWS = (
    View("desk", 1366, 768, dark=False, language="vi"),
    View("desk-dark", 1366, 768, dark=True, language="en"),
    View("phone", 390, 844, dark=False, language="vi"),
    View("phone-dark", 390, 844, dark=True, language="en"),
    View("tablet", 820, 1180, dark=False, language="vi"),
    View("tablet-across", 1180, 820, dark=True, language="vi"),
    View("narrow", 320, 568, dark=False, language="vi"),
)
JUDGED_BY_AXE = (1366, 390)
"""Widths whose pages axe judges: in either language all its rules, in the theme of the view.
The other theme changes colours alone, and every text's contrast is measured in both."""
MOST_SHIFTED = 0.001
"""Share of the window, as browsers count it: a word that changes within its button."""
NOBODY = ("/sign-in",)
OPERATORS = (
    "/queue",
    "/queue?act=dumping&group=TDP+7",
    "/decisions",
    "/cases/new",
    "/cases/{case}",
    "/dashboard",
    "/keys",
    "/preferences",
    "/cases/none",
)
APPROVERS = (
    "/approvals",
    "/agreement",
    "/reports",
    "/reports?kind=month&year=2026&number=13",
    "/reports/keys",
    "/reports/2026-11",
    "/reports/2026-11/cases?of=recorded",
    "/reports/2026-11/reading",
)
FIELD_OFFICERS = ("/tasks",)
SUPERVISORS = ("/audit", "/requests")
ADMINISTRATORS = (
    "/cameras",
    "/cameras/1",
    "/cameras/1/zones/zone-1",
    "/cameras/1/zones/new",
    "/permits",
    "/permits/new",
    "/permits/import",
    "/cameras/1/zones/zone-1/versions",
    "/cameras/1/edit",
    "/cameras/new",
    "/precision",
    "/reasons",
    "/retention",
    "/requests",
    "/users",
    "/users/1",
    "/users/roles",
    "/users/new",
    "/audit",
)

SMALL_TARGETS = """least => [...document.querySelectorAll(
  'button, summary, select, textarea, input:not([type=hidden]), a.button, nav a')]
  .filter((target) => target.offsetParent && !target.closest('.seen-by-readers-only'))
  .map((target) => [target, (target.closest('label.choice, .line') ?? target)
    .getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < least - 0.5 || box.width < least - 0.5))
  .map(([target, box]) => `${target.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""
RUNS_OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PALE_TEXT = """least => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const texts = [...document.querySelectorAll('body *')].filter((element) => element.offsetParent
    && !element.disabled && !element.closest('svg')
    && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  return texts.map((element) => {
    const [a, b] = [getComputedStyle(element).color, ground(element)].map(light);
    return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.outerHTML.slice(0, 90)];
  }).filter(([contrast]) => contrast < least).map(([contrast, text]) => `${contrast} ${text}`);
}"""


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_page_fits_and_can_be_hit_and_read(
    visit: Visit, case: str, view: View, picture: TakePicture
) -> None:
    for person, page in walk(visit, view, case):
        assert person.page.evaluate(RUNS_OVER) <= 0, f"{page} runs over"
        assert person.page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == [], page
        assert pale_in_either_theme(person.page, view) == [], page
        if view.width in JUDGED_BY_AXE:
            assert faults_of(person.page) == [], page
        assert person.page.evaluate("shifted") < MOST_SHIFTED, f"{page} moves while it loads"
        picture(person.page, f"{view.name}-{page.strip('/').replace('/', '-')}")


def test_a_picture_without_words_and_a_field_without_a_name_would_be_noticed(visit: Visit) -> None:
    operator = visit()
    operator.open("/queue")
    operator.page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/x><input>')"
    )
    assert {fault.partition(":")[0] for fault in faults_of(operator.page)} == {"image-alt", "label"}


def test_text_too_pale_in_the_other_theme_alone_would_be_noticed(visit: Visit) -> None:
    operator = visit()
    operator.open("/preferences")
    operator.page.evaluate(
        "document.adoptedStyleSheets = [new CSSStyleSheet()], document.adoptedStyleSheets[0]"
        ".replaceSync('@media (prefers-color-scheme: dark) { h1 { color: #222 } }')"
    )
    assert faults_of(operator.page) == []
    faults = faults_in_either_theme(operator.page)
    assert {fault.partition(":")[0] for fault in faults} == {"color-contrast"}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_case_is_one_glance_on_a_small_screen(
    visit: Visit, case: str, language: str, picture: TakePicture
) -> None:
    operator = visit(height=640, language=language)
    operator.open_case(case)
    picture(operator.page, f"glance-{language}", full_page=False)
    for part in ("video", ".player-bar", ".reason", ".known dl", "[data-key=c]", "[data-key=q]"):
        box = operator.page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= bottom_of(operator.page, part), part


def test_nothing_moves_while_the_clip_loads_and_plays(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open(f"/cases/{case}")
    operator.page.wait_for_selector("[data-player][data-ready]")
    operator.watches_until(2.5)
    moved = operator.page.evaluate(
        "() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries()"
        ".filter((entry) => !entry.hadRecentInput).reduce((sum, entry) => sum + entry.value, 0)))"
        ".observe({type: 'layout-shift', buffered: true}) ?? setTimeout(() => done(0), 300))"
    )
    assert moved < 0.01


def walk(visit: Visit, view: View, case: str) -> Iterator[tuple[Person, str]]:
    """Every page, opened in the view by somebody who may."""
    for role, pages in (
        (None, NOBODY),
        ("operator", OPERATORS),
        ("approver", APPROVERS),
        ("administrator", ADMINISTRATORS),
        ("field_officer", FIELD_OFFICERS),
        ("supervisor", SUPERVISORS),
    ):
        person = visit(
            role, width=view.width, height=view.height, dark=view.dark, language=view.language
        )
        person.page.add_init_script(NOTE_SHIFTS)
        for page in pages:
            person.open(page.format(case=case))
            if page == "/cases/{case}":
                person.page.wait_for_selector("[data-player][data-ready]")
                person.watches_until(2.5)
            yield person, page.format(case="case")


def pale_in_either_theme(page: Page, view: View) -> list[str]:
    """Texts of too little contrast in the view's theme or the other; it ends as it was."""
    pale: list[str] = page.evaluate(PALE_TEXT, 4.5)
    page.emulate_media(color_scheme="light" if view.dark else "dark")
    pale += page.evaluate(PALE_TEXT, 4.5)
    page.emulate_media(color_scheme="dark" if view.dark else "light")
    return pale


def bottom_of(page: Page, part: str) -> float:
    """What must be above the decisions, or for the decisions themselves, in the window."""
    if part.startswith("[data-key"):
        return float(page.evaluate("innerHeight"))
    box = page.locator(".decide").bounding_box()
    assert box is not None
    return box["y"] + 1
