"""How quickly a person gets from one case to the next."""

import sys
from collections.abc import Callable, Mapping
from statistics import median
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.evidence import File
from tests.browser.person import Person
from tests.browser.ward import PASSWORD, Ward

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

NOTE_TIMES = """(() => {
  let noted = null;
  const shown = () => document.documentElement.dataset;
  addEventListener('keydown', () => {
    window.pressed = Date.now();
    delete shown().firstPicture;
  }, true);
  const watch = () => {
    const video = document.querySelector('video');
    if (video && video !== noted) {
      noted = video;
      video.requestVideoFrameCallback(() => { shown().firstPicture = Date.now(); });
    }
    requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
})()"""
ANSWERED_MS = """() => {
  const asked = performance.getEntriesByType('resource').filter(({name}) => {
    const parts = new URL(name).pathname.split('/');
    return parts[1] === 'cases' && (parts.length === 3 || parts[3] === 'confirm');
  });
  const [sent, opened] = asked.slice(-2);
  return [sent.responseEnd - sent.startTime, opened.responseEnd - sent.startTime];
}"""
"""From sending the decision to its answer, and to the last byte of the next page."""
STYLED_BY = """() => [...document.styleSheets].filter(({disabled}) => !disabled)
  .map(({href}) => new URL(href).pathname.split('/').pop())"""
DECISIONS = 5
LONGEST_ON_A_BUSY_MACHINE_MS = 3000


def test_the_next_case_shows_its_first_picture_at_once(
    visit: Visit,
    ward: Ward,
    evidence: Mapping[str, File],
    case: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for _ in range(DECISIONS):
        ward.report(uuid4().hex, evidence)
    operator = visit()
    operator.page.add_init_script(NOTE_TIMES)
    operator.open_case(case)
    waited, decided, answered = [], [], []
    for _ in range(DECISIONS):
        operator.page.wait_for_selector("[data-following][data-ahead]")
        operator.waits_until_keys_wake()
        before = operator.page.url
        operator.press("c")
        operator.page.wait_for_url(lambda url, before=before: url != before)
        operator.page.wait_for_selector("[data-first-picture]")
        waited.append(
            operator.page.evaluate("document.documentElement.dataset.firstPicture - pressed")
        )
        decision, page = operator.page.evaluate(ANSWERED_MS)
        decided.append(decision)
        answered.append(page)
    with capsys.disabled():
        sys.stdout.write(
            f"\n[from the key of a decision to the next case's first picture: median "
            f"{median(waited):.0f} ms, most {max(waited):.0f}; of that our answer to the "
            f"decision: median {median(decided):.0f} ms, most {max(decided):.0f}; with the next "
            f"page: median {median(answered):.0f} ms, most {max(answered):.0f}]\n"
        )
    assert min(waited) < LONGEST_ON_A_BUSY_MACHINE_MS


def test_the_way_back_from_a_case_that_took_anothers_place_shows_the_other_as_it_is_now(
    visit: Visit, ward: Ward, evidence: Mapping[str, File], case: str
) -> None:
    ward.report(uuid4().hex, evidence)
    operator = visit()
    operator.open_case(case)
    operator.page.evaluate("document.body.dataset.stays = ''")
    operator.press("c")
    operator.page.wait_for_url(lambda url: case not in url)
    operator.sees(f"Vừa quyết định {case}: Xác nhận đủ căn cứ.")
    expect(operator.page.locator("body[data-stays]")).to_have_count(1)
    expect(operator.page.locator("main")).to_be_focused()
    operator.waits_until_keys_wake()
    operator.press("g")
    expect(operator.page.locator("#note")).to_be_focused()
    operator.page.go_back()
    expect(operator.page.locator(".top .status")).to_contain_text("Đủ căn cứ")
    assert operator.page.url.endswith(case)


def test_a_decision_whose_next_page_is_lost_on_the_way_is_not_called_unsent(
    visit: Visit, ward: Ward, evidence: Mapping[str, File], case: str
) -> None:
    following = ward.report(uuid4().hex, evidence)
    operator = visit()
    operator.open_case(case)
    operator.page.route(
        f"**/cases/{following}*",
        lambda route: (
            route.abort() if route.request.resource_type == "fetch" else route.continue_()
        ),
    )
    operator.press("c")
    operator.page.wait_for_url(f"**/cases/{following}*")
    operator.sees(f"Vừa quyết định {case}: Xác nhận đủ căn cứ.")


def test_a_decision_after_the_session_ended_is_not_sent_by_itself(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open_case(case)
    operator.page.fill("#note", "túi đen")
    operator.page.context.clear_cookies(name="viahe_session")
    operator.page.click("button:has-text('Xác nhận đủ căn cứ')")
    operator.page.fill("#again-password", PASSWORD)
    operator.page.click("dialog button")
    expect(operator.page.locator("dialog[open]")).to_have_count(0)
    expect(operator.page.locator(".top .status")).to_contain_text("Chờ xem xét")
    expect(operator.page.locator("#note")).to_have_value("túi đen")
    operator.page.click("button:has-text('Xác nhận đủ căn cứ')")
    operator.sees(f"Vừa quyết định {case}: Xác nhận đủ căn cứ.")


def test_a_refusal_shown_in_place_is_styled_by_its_own_sheet_alone(visit: Visit) -> None:
    operator = visit()
    page = operator.page
    operator.open("/queue?act=dumping")
    assert page.evaluate(STYLED_BY) == ["tokens+page+controls+queue.css"]
    page.evaluate("document.body.dataset.stays = ''")
    page.evaluate("document.querySelector('.views [name=csrf]').value = 'of another day'")
    page.click(".views summary")
    page.fill("#view-name", "Rác")
    page.evaluate("document.querySelector('.views [name=typed_by]').remove()")
    page.click("button:has-text('Lưu chế độ xem')")
    expect(page.locator("main [role=alert]")).to_be_visible()
    expect(page.locator("body[data-stays]")).to_have_count(1)
    assert page.evaluate(STYLED_BY) == ["tokens+page+controls.css"]
