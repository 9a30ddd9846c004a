"""A person reviews cases."""

from collections.abc import Callable, Iterator, Mapping
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.evidence import File
from tests.browser.person import Person
from tests.browser.ward import PASSWORD, Ward, open_ward

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """A ward of its own: what other tests leave waiting would fill the queue's first page."""
    with open_ward(tmp_path_factory.mktemp("reviewed")) as ward:
        yield ward


def test_a_case_is_watched_confirmed_by_keyboard_and_found_in_the_months_count(
    visit: Visit, case: str
) -> None:
    operator = visit()
    before = confirmed_this_month(operator)
    operator.open("/queue")
    operator.page.click(f".queue-table [data-case='{case}'] a")
    operator.page.wait_for_selector("[data-player][data-ready]")
    at = operator.watches_until(2.5)
    operator.watches_until(at + 0.5)
    operator.press("c")
    operator.sees(f"Vừa quyết định {case}: Xác nhận đủ căn cứ.")
    assert confirmed_this_month(operator) == before + 1


def test_a_rejection_is_two_keys_and_taken_back_by_a_third(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open_case(case)
    operator.press("l", "3")
    operator.sees(f"Vừa quyết định {case}: Loại bỏ.")
    operator.waits_until_keys_wake()
    operator.press("h")
    operator.page.wait_for_url(f"**/cases/{case}")
    expect(operator.page.locator(".top .status")).to_contain_text("Chờ xem xét")


def test_another_reason_wants_words_and_control_enter_sends_them(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open_case(case)
    operator.press("l", "0")
    expect(operator.page.locator("#note")).to_be_focused()
    operator.sees("Cần ghi rõ lý do khác vào ghi chú.")
    operator.page.keyboard.type("cong trinh")
    operator.press("Control+Enter")
    operator.sees(f"Vừa quyết định {case}: Loại bỏ.")
    operator.open(f"/cases/{case}")
    operator.page.click("summary:has-text('Lịch sử')")
    operator.sees("Lý do khác (ghi rõ); cong trinh")


def test_on_a_phone_another_reason_is_written_and_sent_from_the_sheet(
    visit: Visit, case: str
) -> None:
    operator = visit(width=390, height=844)
    operator.open_case(case)
    operator.page.click("summary:has-text('Loại bỏ')")
    operator.page.click("button:has-text('Lý do khác')")
    expect(operator.page.locator("#note")).to_be_focused()
    operator.page.keyboard.type("sửa đường")
    operator.page.click("[data-send]")
    operator.sees(f"Vừa quyết định {case}: Loại bỏ.")


PRESS_SOON = """() => {
  const decided = document.querySelector('.decide').dataset.ref;
  window.pressed = 0;
  let shownAt;
  const press = () => {
    if (performance.now() - shownAt > 600) return; // a busy machine was late: not soon any more
    window.pressed += 1;
    document.body.dispatchEvent(
      new KeyboardEvent('keydown', {key: 'c', code: 'KeyC', bubbles: true, cancelable: true}));
  };
  const watch = () => {
    if (document.querySelector('.decide').dataset.ref === decided) requestAnimationFrame(watch);
    else {
      shownAt = performance.now();
      for (const wait of [0, 100, 200, 300, 400, 500]) setTimeout(press, wait);
    }
  };
  requestAnimationFrame(watch);
}"""
"""Presses C again and again as soon as the next case is there: sooner than a person can have
looked."""

FROM_AN_INPUT_METHOD = (
    {"key": "c", "code": "KeyC", "isComposing": True},
    {"key": "c", "code": "KeyC", "keyCode": 229},
    {"key": "c", "code": ""},
    {"key": "Process", "code": "KeyC"},
    {"key": "Dead", "code": "KeyC"},
    {"key": "Backspace", "code": "Backspace"},
)
NOT_A_SINGLE_PRESS = (
    {"key": "c", "code": "KeyC", "ctrlKey": True},
    {"key": "c", "code": "KeyC", "altKey": True},
    {"key": "c", "code": "KeyC", "metaKey": True},
    {"key": "c", "code": "KeyC", "repeat": True},
)


def test_what_an_input_method_sends_decides_nothing(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open_case(case)
    for event in (*FROM_AN_INPUT_METHOD, *NOT_A_SINGLE_PRESS):
        dispatch(operator.page, event)
    operator.page.wait_for_timeout(500)
    assert operator.page.url.endswith(case)
    dispatch(operator.page, {"key": "c", "code": "KeyC", "keyCode": 67})
    operator.sees(f"Vừa quyết định {case}")


def test_keys_typed_into_the_note_decide_nothing(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open_case(case)
    operator.press("g")
    operator.page.keyboard.type("cclq")
    assert operator.page.input_value("#note") == "cclq"
    assert operator.page.url.endswith(case)


def test_a_second_press_decides_nothing_unseen(
    visit: Visit, ward: Ward, evidence: Mapping[str, File], case: str
) -> None:
    ward.report(uuid4().hex, evidence)
    operator = visit()
    operator.open_case(case)
    operator.page.evaluate(PRESS_SOON)
    operator.press("c")
    operator.page.wait_for_url(lambda url: case not in url)
    operator.page.wait_for_timeout(1000)
    assert operator.page.evaluate("pressed") > 0
    operator.sees(f"Vừa quyết định {case}: Xác nhận đủ căn cứ.")


def test_a_case_open_in_two_windows_is_decided_in_one(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open_case(case)
    operator.page.fill("#note", "túi đen")
    other = operator.page.context.new_page()
    other.goto(f"{operator.ward.address}/cases/{case}")
    other.wait_for_selector("[data-player][data-ready]")
    operator.sees("Đang mở ở cửa sổ khác.")
    operator.press("c", "l", "1")
    operator.page.wait_for_timeout(300)
    assert operator.page.url.endswith(case)
    operator.page.click("button:has-text('Tiếp tục tại đây')")
    expect(operator.page.locator("#note")).to_have_value("túi đen")
    expect(other.locator("[data-elsewhere]")).to_be_visible()
    operator.press("c")
    operator.sees(f"Vừa quyết định {case}: Xác nhận đủ căn cứ.")
    other.click("button:has-text('Tiếp tục tại đây')")
    other.click("button:has-text('Xác nhận đủ căn cứ')")
    expect(other.locator("#fault")).to_contain_text("Chưa lưu: Nguyễn Thị Lan đã quyết định lúc")


def test_the_back_button_shows_the_case_as_it_is_now(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open("/queue")
    operator.confirms(case)
    operator.page.go_back()
    expect(operator.page.locator(".top .status")).to_contain_text("Đủ căn cứ")
    expect(operator.page.locator(".decide")).to_have_count(0)


def test_a_note_typed_over_an_ended_session_is_there_after_signing_in_without_script(
    visit: Visit, case: str
) -> None:
    operator = visit(script=False)
    operator.open(f"/cases/{case}")
    operator.page.fill("#note", "xem lại biển số")
    operator.page.context.clear_cookies(name="viahe_session")
    operator.page.click("button:has-text('Xác nhận đủ căn cứ')")
    operator.sees("Phiên làm việc đã hết hạn. Nội dung đã nhập được giữ lại.")
    operator.page.fill("#login", "operator")
    operator.page.fill("#password", PASSWORD)
    operator.page.click("main form button.button-main")
    operator.page.wait_for_url(f"**/cases/{case}*")
    expect(operator.page.locator("#note")).to_have_value("xem lại biển số")
    expect(operator.page.locator(".top .status")).to_contain_text("Chờ xem xét")


def test_single_keys_can_be_switched_off(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open("/preferences")
    operator.page.uncheck("[name=single_keys]")
    operator.page.click("main form button.button-main")
    operator.sees("Đã lưu.")
    operator.open_case(case)
    operator.press("c")
    operator.page.wait_for_timeout(300)
    assert operator.page.url.endswith(case)


def test_without_script_a_person_signs_in_decides_and_reads_the_counts(
    visit: Visit, case: str
) -> None:
    operator = visit(None, script=False)
    operator.open("/sign-in")
    operator.page.fill("#login", "operator")
    operator.page.fill("#password", PASSWORD)
    operator.page.click("main form button.button-main")
    before = confirmed_this_month(operator)
    operator.open(f"/cases/{case}")
    operator.page.fill("#note", "xem tại chỗ")
    operator.page.click("button:has-text('Xác nhận đủ căn cứ')")
    operator.sees(f"Vừa quyết định {case}: Xác nhận đủ căn cứ.")
    assert confirmed_this_month(operator) == before + 1


def test_without_script_a_rejection_asks_for_its_reason(visit: Visit, case: str) -> None:
    operator = visit(script=False)
    operator.open(f"/cases/{case}")
    operator.page.click("summary:has-text('Loại bỏ')")
    operator.page.click("button:has-text('Lý do khác')")
    operator.sees("Cần ghi rõ lý do khác vào ghi chú.")
    operator.page.click("button:has-text('Máy nhận nhầm')")
    operator.sees(f"Vừa quyết định {case}: Loại bỏ.")


def test_a_note_survives_a_reload_and_not_a_sign_out(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open_case(case)
    operator.page.fill("#note", "có biển số")
    operator.page.reload()
    expect(operator.page.locator("#note")).to_have_value("có biển số")
    operator.page.click(".person summary")
    operator.page.click("button:has-text('Đăng xuất')")
    operator.page.wait_for_url("**/sign-in")
    assert operator.page.evaluate("sessionStorage.length") == 0


def test_news_waits_on_a_button_and_a_decided_row_turns_grey_in_place(
    visit: Visit, ward: Ward, evidence: Mapping[str, File], case: str
) -> None:
    first, second = visit(), visit(script=False)
    first.open("/queue")
    row = first.page.locator(f".queue-table [data-case='{case}']")
    place = row.bounding_box()
    ward.report(uuid4().hex, evidence)
    second.open(f"/cases/{case}")
    second.page.click("button:has-text('Xác nhận đủ căn cứ')")
    first.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(first.page.locator("[data-show-new]")).to_have_text("Có 1 trường hợp mới - Hiển thị")
    expect(row.locator("[data-state]")).to_have_text("Đã có người xem xét")
    assert row.bounding_box() == place


def confirmed_this_month(person: Person) -> int:
    person.open("/dashboard")
    return int(person.page.inner_text("[data-count='sufficient-total']"))


def dispatch(page: Page, event: Mapping[str, object]) -> None:
    page.evaluate(
        "event => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {bubbles: true, cancelable: true, ...event}))",
        event,
    )


def test_a_form_that_is_sent_without_a_connection_stays_and_says_so(
    visit: Visit, case: str
) -> None:
    operator = visit()
    operator.confirms(case)
    page = operator.page.url
    undo = operator.page.locator("button:has-text('Hoàn tác')")
    unsent = operator.page.locator("[data-unsent]")
    operator.page.context.set_offline(True)
    undo.click()
    expect(unsent).to_contain_text("Nội dung đã nhập vẫn còn.")
    assert operator.page.url == page
    operator.page.context.set_offline(False)
    unsent.locator("button").click()
    operator.page.wait_for_url(f"**/cases/{case}*")
    expect(operator.page.locator(".top .status")).to_contain_text("Chờ xem xét")
