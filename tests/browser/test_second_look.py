"""A case is looked at again by somebody who does not know of the first decision, and an approver
says which of two opinions holds."""

from collections.abc import Callable, Iterator, Mapping
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import faults_in_either_theme
from tests.browser.conftest import TakePicture
from tests.browser.evidence import File
from tests.browser.person import Person
from tests.browser.test_looks import (
    PALE_TEXT,
    RUNS_OVER,
    SMALL_TARGETS,
    SMALLEST_TARGET,
    VIEWS,
)
from tests.browser.ward import Ward, open_ward

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """A ward in which every decision is looked at twice."""
    folder = tmp_path_factory.mktemp("looked-at-twice")
    with open_ward(folder, second_review_percent=100) as ward:
        yield ward


def confirm(visit: Visit, code: str) -> None:
    operator = visit(script=False)
    operator.open(f"/cases/{code}")
    operator.page.click("button:has-text('Xác nhận đủ căn cứ')")
    operator.sees(f"Vừa quyết định {code}")


def reject_again(visit: Visit, code: str) -> None:
    second = visit("second_operator", script=False)
    second.open(f"/second-reviews/{code}")
    second.page.fill("#note", "Xe thu gom vừa đi qua; cần hỏi lại tổ dân phố")
    second.page.click("summary:has-text('Loại bỏ')")
    second.page.click("button:has-text('Đang thu gom rác')")


def test_a_second_opinion_is_given_by_keyboard_and_an_approver_lets_it_hold(
    visit: Visit, case: str
) -> None:
    confirm(visit, case)
    second = visit("second_operator")
    second.open("/queue")
    second.page.get_by_role("link", name="Xem xét lần hai (1)").press("Enter")
    second.page.wait_for_selector("[data-player][data-ready]")
    expect(second.page.locator(".top .status")).to_have_text("Xem xét lần hai")
    expect(second.page.locator("body")).not_to_contain_text("Nguyễn Thị Lan")
    second.waits_until_keys_wake()
    second.press("l", "8")
    second.sees(f"Đã ghi ý kiến lần hai về {case}: Loại bỏ.")
    second.sees("Không còn trường hợp chờ xem xét lần hai.")
    approver = visit("approver")
    approver.open("/agreement")
    opinions = approver.page.get_by_role("region", name=case).locator(".opinion")
    expect(opinions.first).to_contain_text("Đủ căn cứ")
    expect(opinions.first).to_contain_text("Nguyễn Thị Lan")
    expect(opinions.last).to_contain_text("Hình ảnh không đủ rõ")
    approver.page.get_by_role("button", name=f"Theo ý kiến thứ hai {case}").press("Enter")
    approver.sees(f"Đã theo ý kiến thứ hai về {case}.")
    approver.open(f"/cases/{case}")
    expect(approver.page.locator(".top .status")).to_have_text("Không đủ căn cứ")


def test_an_approver_who_chose_wrongly_takes_it_back_by_key(visit: Visit, case: str) -> None:
    confirm(visit, case)
    reject_again(visit, case)
    approver = visit("approver")
    approver.open("/agreement")
    approver.page.get_by_role("button", name=f"Theo ý kiến thứ hai {case}").click()
    approver.sees(f"Đã theo ý kiến thứ hai về {case}.")
    approver.waits_until_keys_wake()
    approver.press("h")
    expect(approver.page.get_by_role("region", name=case)).to_be_visible()
    approver.page.get_by_role("button", name=f"Giữ ý kiến thứ nhất {case}").click()
    today = approver.page.get_by_role("listitem").filter(has_text=case)
    expect(today.get_by_role("button", name="Hoàn tác")).to_be_visible()
    approver.open(f"/cases/{case}")
    expect(approver.page.locator(".top .status")).to_have_text("Đủ căn cứ")


def test_a_second_look_is_skipped_by_its_key(
    visit: Visit, ward: Ward, evidence: Mapping[str, File], case: str
) -> None:
    other = ward.report(uuid4().hex, evidence)
    for code in (case, other):
        confirm(visit, code)
    second = visit("second_operator")
    for code in (case, other):
        second.open(f"/second-reviews/{code}")
        second.page.wait_for_selector("[data-player][data-ready]")
        second.waits_until_keys_wake()
        second.press("q")
        second.page.wait_for_url(lambda url, skipped=code: not url.endswith(skipped))


def test_the_pages_of_two_opinions_fit_and_can_be_hit_and_read(
    visit: Visit, ward: Ward, evidence: Mapping[str, File], case: str, picture: TakePicture
) -> None:
    settled, differing = (ward.report(uuid4().hex, evidence) for _ in range(2))
    for code in (settled, differing, case):
        confirm(visit, code)
    for code in (settled, differing):
        reject_again(visit, code)
    approver = visit("approver", script=False)
    approver.open("/agreement")
    approver.page.get_by_role("button", name=f"Theo ý kiến thứ hai {settled}").click()
    approver.sees(f"Đã theo ý kiến thứ hai về {settled}.")
    chosen = approver.page.url.removeprefix(ward.address)
    for view in VIEWS:
        for role, path, name in (
            ("second_operator", f"/second-reviews/{case}?given={differing}", "second-look"),
            ("approver", chosen, "differing"),
        ):
            person = visit(
                role, width=view.width, height=view.height, dark=view.dark, language=view.language
            )
            person.open(path)
            looked_at = f"{view.name}-{name}"
            picture(person.page, looked_at)
            assert person.page.evaluate(RUNS_OVER) <= 0, looked_at
            assert person.page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == [], looked_at
            assert person.page.evaluate(PALE_TEXT, 4.5) == [], looked_at
            assert faults_in_either_theme(person.page) == [], looked_at
            person.page.close()
