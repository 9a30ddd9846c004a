"""The program stops under a form and comes back: nothing typed is lost, nothing is kept twice."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from tests.browser.conftest import TakePicture
from tests.browser.evidence import File
from tests.browser.person import Person, visiting
from tests.browser.test_looks import PALE_TEXT, RUNS_OVER, SMALL_TARGETS, SMALLEST_TARGET
from tests.browser.ward import PASSWORD, Ward, open_ward, serve
from viahe_api.app import create_app
from viahe_api.cli import prepare

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

SAID = "Hệ thống không trả lời. Nội dung đã nhập vẫn còn."


class Outage:
    """A ward whose program answers, until `ends`, and again from `begins_again` on."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._seats = ExitStack()
        self.ward = self._seats.enter_context(open_ward(data))

    def ends(self) -> None:
        self._seats.close()

    def begins_again(self) -> None:
        port = urlsplit(self.ward.address).port
        assert port is not None
        self._seats.enter_context(serve(create_app(prepare(self._data)), port))


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Outage]:
    outage = Outage(tmp_path)
    yield outage
    outage.ends()


@pytest.fixture
def sit_down(chromium: Browser, program: Outage) -> Iterator[Callable[..., Person]]:
    with ExitStack() as seats:

        def sits(role: str = "operator", **options: Any) -> Person:
            seat: AbstractContextManager[Person] = visiting(chromium, program.ward, role, **options)
            return seats.enter_context(seat)

        yield sits


def a_case(ward: Ward, evidence: Mapping[str, File], person: Person) -> str:
    """A case the person has just confirmed."""
    case = ward.report(uuid4().hex, evidence)
    person.confirms(case)
    return case


def says_so(person: Person, picture: TakePicture, name: str) -> None:
    """The page says what happened, where it can be seen, and is still a page one can use."""
    note = person.page.locator("[data-unsent]")
    expect(note).to_contain_text(SAID)
    expect(note).to_be_in_viewport()
    picture(person.page, name, full_page=False)
    assert person.page.evaluate(RUNS_OVER) <= 0
    assert person.page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == []
    assert person.page.evaluate(PALE_TEXT, 4.5) == []


def test_an_undo_waits_on_its_page_until_the_program_answers(
    program: Outage, sit_down: Visit, evidence: Mapping[str, File], picture: TakePicture
) -> None:
    operator = sit_down(dark=True)
    case = a_case(program.ward, evidence, operator)
    operator.waits_until_keys_wake()
    program.ends()
    operator.press("h")
    says_so(operator, picture, "unanswered-undo-desk-dark")
    program.begins_again()
    operator.page.click("[data-unsent] button")
    operator.page.wait_for_url(f"**/cases/{case}*")
    expect(operator.page.locator(".top .status")).to_contain_text("Chờ xem xét")
    expect(operator.page.locator("[data-unsent]")).to_be_hidden()


def test_a_hand_over_and_an_outcome_are_kept_and_sent_once(
    program: Outage, sit_down: Visit, evidence: Mapping[str, File], picture: TakePicture
) -> None:
    case = a_case(program.ward, evidence, sit_down())
    approver = sit_down("approver", width=390, height=844)
    page = approver.page
    approver.open_case(case)
    page.click("a[data-opens]")
    program.ends()
    page.click("#hand-over button:has-text('Chuyển xử lý')")
    says_so(approver, picture, "unanswered-hand-over-phone")
    program.begins_again()
    page.click("#hand-over button:has-text('Gửi lại')")
    expect(page.locator(".steps li")).to_have_count(1)
    page.check("label:has-text('Lập biên bản') input")
    page.locator("input[name=basis]").first.check()
    page.fill("#number", "07/BB-VPHC")
    page.fill("#day", "01/01/2026")
    page.fill("#outcome-note", "Lập tại chỗ")
    program.ends()
    page.click("button:has-text('Cập nhật kết quả xử lý')")
    says_so(approver, picture, "unanswered-outcome-phone")
    assert page.input_value("#number") == "07/BB-VPHC"
    program.begins_again()
    page.click("[data-unsent] button")
    expect(page.locator(".steps")).to_contain_text("Lập tại chỗ")
    expect(page.locator(".steps li")).to_have_count(2)
    assert urlsplit(page.url).fragment == "handling"


def test_signing_in_over_a_page_the_program_does_not_answer_keeps_the_page(
    program: Outage, sit_down: Visit, evidence: Mapping[str, File]
) -> None:
    operator = sit_down()
    operator.open_case(program.ward.report(uuid4().hex, evidence))
    operator.page.context.clear_cookies(name="viahe_session")
    operator.page.fill("#note", "túi đen")
    expect(operator.page.locator("dialog.session")).to_be_visible()
    program.ends()
    operator.page.fill("#again-password", PASSWORD)
    operator.page.click("dialog.session button")
    expect(operator.page.locator("[data-refused]")).to_have_text(SAID)
    program.begins_again()
    operator.page.click("dialog.session button")
    expect(operator.page.locator("dialog.session")).to_be_hidden()
    assert operator.page.input_value("#note") == "túi đen"


def test_what_an_officer_found_is_kept_with_its_photo(
    program: Outage, sit_down: Visit, evidence: Mapping[str, File], picture: TakePicture
) -> None:
    case = a_case(program.ward, evidence, sit_down())
    approver = sit_down("approver")
    approver.open_case(case)
    approver.page.click("summary:has-text('Cử cán bộ hiện trường')")
    approver.page.fill("#to-check", "Còn rác không")
    approver.page.click("form[action$='/officer'] button")
    expect(approver.page.locator("#tasks .steps li")).to_have_count(1)
    officer = sit_down("field_officer", width=390, height=844, dark=True)
    officer.open("/tasks")
    officer.page.click(".tasks a")
    officer.page.check("label:has-text('Vẫn còn') input")
    officer.page.fill("#note", "Ba bao, cạnh trạm biến áp")
    still = next(file for file in evidence.values() if file.media_type == "image/jpeg")
    photo = FilePayload(name="tai-cho.jpg", mimeType="image/jpeg", buffer=still.content)
    officer.page.set_input_files("#photo", photo)
    program.ends()
    officer.page.click("button:has-text('Ghi kết quả kiểm tra')")
    says_so(officer, picture, "unanswered-finding-phone-dark")
    assert officer.page.input_value("#note") == "Ba bao, cạnh trạm biến áp"
    program.begins_again()
    officer.page.click("[data-unsent] button")
    officer.sees("Đã ghi kết quả kiểm tra.")
    approver.open_case(case)
    expect(approver.page.locator(".found-photo")).to_have_count(1)


def test_a_zone_as_drawn_is_kept(program: Outage, sit_down: Visit, picture: TakePicture) -> None:
    administrator = sit_down("administrator")
    page = administrator.page
    administrator.open("/cameras/1/zones/zone-1")
    page.fill("#name", "Vỉa hè số 12, đã nới")
    page.locator(".vertices input").first.fill("7")
    program.ends()
    page.click("[data-save]")
    says_so(administrator, picture, "unanswered-zone-desk")
    program.begins_again()
    page.click("[data-unsent] button")
    administrator.sees("Vỉa hè số 12, đã nới")
    page.wait_for_url("**/cameras/1*")


def test_a_proxy_that_says_the_program_is_away_takes_no_form(visit: Visit, case: str) -> None:
    operator = visit()
    operator.confirms(case)
    operator.page.route("**/undo", lambda route: route.fulfill(status=502, body="Bad Gateway"))
    operator.page.click("button:has-text('Hoàn tác')")
    expect(operator.page.locator("[data-unsent]")).to_contain_text(SAID)
    operator.page.unroute("**/undo")
    operator.page.click("[data-unsent] button")
    operator.page.wait_for_url(f"**/cases/{case}*")
    expect(operator.page.locator(".top .status")).to_contain_text("Chờ xem xét")


def test_a_form_that_is_pressed_twice_is_sent_once(visit: Visit, case: str) -> None:
    operator = visit()
    operator.confirms(case)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    operator.page.route("**/undo", hold)
    operator.page.click("button:has-text('Hoàn tác')")
    operator.page.click("button:has-text('Hoàn tác')")
    expect(operator.page.locator("[data-sending]")).to_have_text("Đang gửi, vui lòng chờ")
    assert len(held) == 1
    held[0].continue_()
    operator.page.wait_for_url(f"**/cases/{case}*")
    expect(operator.page.locator("[data-sending]")).to_be_hidden()


def test_a_refusal_is_shown_as_its_page_and_what_it_says_is_where_the_eye_is(
    visit: Visit, case: str
) -> None:
    operator, approver = visit(), visit("approver")
    operator.confirms(case)
    approver.open_case(case)
    hand_over(approver.page)
    operator.page.click("button:has-text('Hoàn tác')")
    expect(operator.page.locator("main h1")).to_be_visible()
    expect(operator.page.locator("main [role=alert]")).to_be_visible()
    assert operator.page.title().startswith("Lỗi:")
    assert operator.page.locator("body.case").count() == 0
    operator.page.click("main a:has-text('Về trang đầu')")
    operator.page.wait_for_url("**/queue")


def hand_over(page: Page) -> None:
    page.click("a[data-opens]")
    page.click("#hand-over button:has-text('Chuyển xử lý')")
    expect(page.locator(".steps li")).to_have_count(1)
