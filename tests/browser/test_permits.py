"""An administrator enters a permit in a hurry."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


def film_of(size: int, path: Path) -> Path:
    """A file of so many bytes that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


@pytest.mark.parametrize("script", [True, False])
def test_a_wedding_is_entered_on_the_ground_of_a_zone(visit: Visit, script: bool) -> None:
    administrator = visit("administrator", script=script)
    page = administrator.page
    administrator.open("/permits")
    page.click("button[value='đ']")
    page.fill("#holder", "Gia đình ông Nguyễn Văn A")
    page.check("input[name=period][value=three]")
    page.click("[data-save]")
    administrator.sees("đã có hiệu lực.")
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("Đám cưới")
    expect(first).to_contain_text("Có hiệu lực")
    first.get_by_role("button").click()
    administrator.sees("Đã thu hồi giấy phép")


@pytest.mark.parametrize(
    ("page", "field", "sentence"),
    [
        ("/permits/import", "#sheet", "Tệp quá lớn: tối đa 8 MB."),
        ("/permits/new", "#paper", "Văn bản kèm theo lớn hơn 7 MB."),
    ],
)
def test_a_file_of_two_gigabytes_is_refused_before_a_byte_of_it_is_sent(
    visit: Visit, tmp_path: Path, page: str, field: str, sentence: str
) -> None:
    film = film_of(2 << 30, tmp_path / "phim.xlsx")
    administrator = visit("administrator")
    sent: list[str] = []
    administrator.page.on("request", lambda request: sent.append(request.method))
    administrator.open(page)
    administrator.page.set_input_files(field, film)
    expect(administrator.page.locator("[data-file-fault]")).to_have_text(sentence)
    administrator.page.locator("main form .button-main").last.click()
    assert administrator.page.locator(field).evaluate("field => field.validationMessage")
    assert "POST" not in sent


@pytest.mark.parametrize("size", [48 << 20, 2 << 30])
def test_without_script_a_file_too_large_is_said_in_the_page_s_language(
    visit: Visit, tmp_path: Path, size: int
) -> None:
    film = film_of(size, tmp_path / "phim.csv")
    administrator = visit("administrator", script=False)
    administrator.open("/permits/import")
    administrator.page.set_input_files("#sheet", film)
    administrator.page.click("main form button.button-main")
    administrator.sees("Tệp quá lớn: tối đa 8 MB.")
    expect(administrator.page.locator("h1")).to_have_text("Nhập từ bảng tính")


@pytest.mark.parametrize("size", [9 << 20, 2 << 30])
def test_without_script_what_was_typed_is_shown_again_after_a_paper_too_large(
    visit: Visit, tmp_path: Path, size: int
) -> None:
    film = film_of(size, tmp_path / "giay-phep.pdf")
    administrator = visit("administrator", script=False)
    administrator.open("/permits/new")
    administrator.page.check("[name=purpose][value=b]")
    administrator.page.fill("#holder", "Bà Nguyễn Thị Bưởi <b>")
    administrator.page.check("[name=period][value=three]")
    administrator.page.fill("#begins", "07:30")
    administrator.page.fill("#ends", "19:00")
    administrator.page.fill("[name=x] >> nth=0", "12,5")
    administrator.page.set_input_files("#paper", film)
    administrator.page.click("[data-save]")
    administrator.sees("Văn bản kèm theo lớn hơn 7 MB.")
    expect(administrator.page.locator("[name=purpose][value=b]")).to_be_checked()
    expect(administrator.page.locator("#holder")).to_have_value("Bà Nguyễn Thị Bưởi <b>")
    expect(administrator.page.locator("[name=period][value=three]")).to_be_checked()
    expect(administrator.page.locator("#begins")).to_have_value("07:30")
    expect(administrator.page.locator("[name=x] >> nth=0")).to_have_value("12,5")
    administrator.page.click("[data-save]")
    administrator.sees("có hiệu lực")
