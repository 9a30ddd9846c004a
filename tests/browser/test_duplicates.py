"""Two reports of one act are joined and taken apart again, without touching the mouse."""

from collections.abc import Callable, Mapping
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.evidence import File
from tests.browser.person import Person
from tests.browser.test_by_hand import looks_right
from tests.browser.ward import Ward

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

MOST_TABS = 60


@pytest.fixture
def again(ward: Ward, evidence: Mapping[str, File], case: str) -> str:
    """The code of a case that shows the same act as `case` a moment later."""
    return ward.report(uuid4().hex, evidence, ago_s=599)


def tab_to(page: Page, name: str) -> None:
    """Walk on by Tab until the button of that name is focused, as somebody without a mouse."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
        )
        if focused.strip() == name:
            return
    raise AssertionError(f"no Tab leads to {name}")


def join(operator: Person, again: str, case: str) -> None:
    """By T and the digit of the case that it repeats."""
    operator.open_case(again)
    operator.press("t")
    near = operator.page.locator(f"button.near:has-text('{case}')")
    expect(near).to_be_visible()
    operator.press(str(near.get_attribute("data-digit")))
    operator.sees(f"Vừa quyết định {again}: Trùng lặp.")


def state_said(operator: Person, code: str) -> str:
    operator.open(f"/cases/{code}")
    return operator.page.locator(".top .status").inner_text().strip()


def test_a_repeated_case_is_joined_by_two_keys_and_taken_out_of_the_other_s_list(
    visit: Visit, case: str, again: str
) -> None:
    operator = visit()
    join(operator, again, case)
    assert state_said(operator, again) == "Trùng lặp"
    operator.open_case(case)
    listed = operator.page.locator("#duplicates")
    expect(listed).to_contain_text(again)
    looks_right(operator.page)
    tab_to(operator.page, f"Tách {again} ra để xem xét riêng")
    operator.press("Enter")
    expect(listed).to_have_count(0)
    assert operator.page.url.endswith(case)
    assert state_said(operator, again) == "Chờ xem xét"


def test_a_repeated_case_is_taken_out_on_its_own_page_and_decided_by_itself(
    visit: Visit, case: str, again: str
) -> None:
    operator = visit()
    join(operator, again, case)
    operator.open(f"/cases/{again}")
    expect(operator.page.locator("#duplicates")).to_contain_text(case)
    tab_to(operator.page, "Tách ra để xem xét riêng")
    operator.press("Enter")
    expect(operator.page.locator("#decision")).to_be_visible()
    operator.waits_until_keys_wake()
    operator.press("c")
    operator.sees(f"Vừa quyết định {again}: Xác nhận đủ căn cứ.")


def test_a_joined_case_is_taken_apart_by_the_key_that_undoes(
    visit: Visit, case: str, again: str
) -> None:
    operator = visit()
    join(operator, again, case)
    operator.waits_until_keys_wake()
    operator.press("h")
    operator.page.wait_for_url(f"**/cases/{again}")
    expect(operator.page.locator(".top .status")).to_contain_text("Chờ xem xét")


CODE = "#of-code"


def test_a_case_is_joined_to_a_far_one_by_typing_its_code(
    visit: Visit, ward: Ward, evidence: Mapping[str, File], case: str, again: str
) -> None:
    far = ward.report(uuid4().hex, evidence, ago_s=3 * 86400)
    operator = visit()
    operator.open_case(case)
    operator.press("t")
    expect(operator.page.locator(f"button.near:has-text('{again}')")).to_be_visible()
    operator.press("0")
    expect(operator.page.locator(CODE)).to_be_focused()
    operator.page.keyboard.type("th-2001-9999")
    operator.press("Enter")
    operator.sees("Phường không có trường hợp nào mang mã này.")
    expect(operator.page.locator(CODE)).to_have_value("th-2001-9999")
    looks_right(operator.page)
    operator.waits_until_keys_wake()
    operator.press("0", "Control+a")
    operator.page.keyboard.type(f" {far.lower()}")
    operator.press("Enter")
    operator.sees(f"Vừa quyết định {case}: Trùng lặp.")
    assert state_said(operator, case) == "Trùng lặp"


def test_where_no_case_is_near_a_code_is_typed_at_once(
    visit: Visit, ward: Ward, evidence: Mapping[str, File], case: str
) -> None:
    lonely = ward.report(uuid4().hex, evidence, ago_s=5 * 86400)
    operator = visit()
    operator.open_case(lonely)
    operator.press("t")
    expect(operator.page.locator(CODE)).to_be_focused()
    operator.page.keyboard.type(case)
    operator.press("Enter")
    operator.sees(f"Vừa quyết định {lonely}: Trùng lặp.")
    assert state_said(operator, lonely) == "Trùng lặp"


def test_without_script_too_enter_after_a_code_joins_and_does_not_confirm(
    visit: Visit, ward: Ward, evidence: Mapping[str, File], case: str
) -> None:
    far = ward.report(uuid4().hex, evidence, ago_s=3 * 86400)
    operator = visit(script=False)
    operator.open(f"/cases/{case}")
    operator.page.focus("summary:has-text('Trùng lặp')")
    operator.press("Enter")
    operator.page.focus(CODE)
    operator.page.keyboard.type(far)
    operator.press("Enter")
    operator.sees(f"Vừa quyết định {case}: Trùng lặp.")
    assert state_said(operator, case) == "Trùng lặp"


def test_on_a_telephone_a_repeated_case_is_joined_by_touch(
    visit: Visit, case: str, again: str
) -> None:
    operator = visit(width=390, height=844)
    operator.open_case(again)
    operator.page.tap("a:has-text('Khác')")
    operator.page.tap("summary:has-text('Trùng lặp')")
    near = operator.page.locator(f"button.near:has-text('{case}')")
    near.tap()
    operator.sees(f"Vừa quyết định {again}: Trùng lặp.")
