"""Who has a case open: said to others wherever they look, kept while it is used, and given back
when its page is left."""

from collections.abc import Callable, Iterator, Mapping
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.evidence import File
from tests.browser.person import Person
from tests.browser.ward import Ward, open_ward

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

LOOKING = "Trần Văn Minh đang xem"
NEWS_MS = 2500
"""In that time news has come, if there is any."""
SOON_MS = 12_000
"""As long may news take on a busy machine."""


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """A ward of its own, whose queue is short."""
    with open_ward(tmp_path_factory.mktemp("leases")) as ward:
        yield ward


def shown(person: Person, code: str) -> Locator:
    """A case of the queue as this screen shows it: a row or a card."""
    return person.page.locator(f"[data-case='{code}']:visible")


def test_a_phones_card_says_what_is_suspected_and_who_looks_and_does_not_move(
    visit: Visit, case: str
) -> None:
    operator, other = visit(width=390, height=844), visit("second_operator")
    operator.open("/queue")
    card = shown(operator, case)
    for said in ("Nghi vi phạm: Đổ rác thải bừa bãi", case, "độ tin cậy 0,91"):
        expect(card).to_contain_text(said)
    before = card.bounding_box()
    other.open_case(case)
    expect(card.locator("[data-watched]")).to_have_text(LOOKING, timeout=SOON_MS)
    assert card.bounding_box() == before
    operator.page.reload()
    expect(card).to_contain_text(LOOKING)
    other.press("c")
    expect(card.locator("[data-state]")).to_have_text("Đã có người xem xét", timeout=SOON_MS)
    expect(card).not_to_contain_text(LOOKING)


def test_a_case_is_given_back_when_its_page_is_left_and_kept_when_that_is_loaded_again(
    visit: Visit, case: str
) -> None:
    operator, other = visit(), visit("second_operator")
    other.open_case(case)
    operator.open("/queue")
    expect(shown(operator, case)).to_contain_text(LOOKING)
    other.page.reload()
    operator.page.wait_for_timeout(NEWS_MS)
    expect(shown(operator, case)).to_contain_text(LOOKING)
    other.page.click("header a:has-text('Hàng chờ')")
    other.page.wait_for_url("**/queue")
    expect(shown(operator, case)).not_to_contain_text(LOOKING, timeout=SOON_MS)
    other.page.go_back()
    expect(shown(operator, case)).to_contain_text(LOOKING, timeout=SOON_MS)


def test_a_case_that_another_took_the_place_of_is_given_back(
    visit: Visit, ward: Ward, evidence: Mapping[str, File], case: str
) -> None:
    following = ward.report(uuid4().hex, evidence)
    operator, other = visit(), visit("second_operator")
    other.confirms(case)
    other.open_case(following)
    operator.open("/queue")
    expect(shown(operator, following)).to_contain_text(LOOKING)
    other.press("h")
    other.page.wait_for_url(f"**/cases/{case}*")
    expect(shown(operator, following)).not_to_contain_text(LOOKING, timeout=SOON_MS)


def test_a_case_that_is_used_is_kept_and_one_that_is_not_is_offered_and_then_said_to_be_over(
    visit: Visit, case: str
) -> None:
    operator = visit()
    operator.page.clock.install()
    operator.open_case(case)
    held, keep = operator.page.locator("[data-held]"), operator.page.locator("[data-lease] button")
    expect(held).to_contain_text("Giữ đến")
    operator.page.mouse.move(300, 300)
    with operator.page.expect_response(f"**/cases/{case}/lease") as renewed:
        operator.page.clock.fast_forward(70_000)
    assert renewed.value.status == 200
    expect(keep).to_be_hidden()
    operator.page.clock.fast_forward(155_000)
    expect(keep).to_have_text("Giữ thêm")
    expect(held).to_contain_text("Giữ đến")
    operator.page.clock.fast_forward(30_000)
    expect(held).to_have_text("Đã hết thời gian giữ")
    keep.click()
    expect(held).to_contain_text("Giữ đến")
    expect(keep).to_be_hidden()


def test_a_case_that_was_decided_at_another_desk_is_no_longer_kept(visit: Visit, case: str) -> None:
    operator, same_person = visit(), visit()
    operator.page.clock.install()
    operator.open_case(case)
    same_person.confirms(case)
    operator.page.mouse.move(300, 300)
    operator.page.clock.fast_forward(70_000)
    expect(operator.page.locator("[data-held]")).to_have_text("Đã có người xem xét")
