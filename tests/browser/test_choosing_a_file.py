"""The button that chooses a file speaks the page's language, not the browser's."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.evidence import make_still
from tests.browser.person import Person

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


def tells_of_choosers(page: Page) -> None:
    """From now on. Asked for with the key or click itself, it may come after the chooser has."""
    page.on("filechooser", lambda _: None)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "gốc cây.jpg"
    path.write_bytes(make_still(4.0))
    return path


def test_a_photo_is_chosen_by_keyboard_or_pointer_and_its_name_is_said(
    visit: Visit, photo: Path
) -> None:
    operator = visit()
    page = operator.page
    tells_of_choosers(page)
    operator.open("/cases/new")
    said = page.locator("[data-file-name]")
    expect(said).to_have_text("Chưa chọn ảnh")
    button = page.locator(".file-chooser .button")
    expect(button).to_have_text("Chọn các ảnh")
    field = page.get_by_label("Ảnh, từ một đến ba")
    assert field.evaluate("field => field.getBoundingClientRect().width") <= 1
    page.focus("#camera")
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    assert button.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Space")
    choosing.value.set_files(photo)
    expect(said).to_have_text("gốc cây.jpg")
    with page.expect_file_chooser() as choosing:
        button.click()
    choosing.value.set_files([])
    expect(said).to_have_text("Chưa chọn ảnh")


def test_without_script_the_browsers_own_button_is_there(visit: Visit, photo: Path) -> None:
    operator = visit(script=False)
    tells_of_choosers(operator.page)
    operator.open("/cases/new")
    expect(operator.page.locator(".file-chooser")).to_be_hidden()
    field = operator.page.locator("#photo")
    assert field.evaluate("field => field.getBoundingClientRect().width") > 200
    with operator.page.expect_file_chooser() as choosing:
        field.click()
    choosing.value.set_files(photo)
    assert str(field.input_value()).endswith("gốc cây.jpg")
