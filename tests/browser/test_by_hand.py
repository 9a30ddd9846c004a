"""A citizen's report goes from the desk to the place and back: three people, with and without
script."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api.photos import a_photo, from_a_telephone
from tests.browser.accessibility import faults_of
from tests.browser.conftest import TakePicture
from tests.browser.evidence import make_still
from tests.browser.person import Person
from tests.browser.test_looks import (
    JUDGED_BY_AXE,
    PALE_TEXT,
    RUNS_OVER,
    SMALL_TARGETS,
    SMALLEST_TARGET,
    VIEWS,
)
from tests.browser.ward import PASSWORD
from viahe_api.language import local

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "anh.jpg"
    path.write_bytes(make_still(4.0))
    return path


def write(page: Page, address: str, photos: list[Path]) -> None:
    """Fill the form in as a duty operator does."""
    page.check("#act-dumping")
    page.fill("#address", address)
    page.fill("#street", "Hoàng Hoa Thám")
    page.fill("#time", local(datetime.now(UTC)).strftime("%H:%M"))
    page.fill("#description", "Nhiều bao rác để ở gốc cây từ sáng.")
    page.set_input_files("#photo", photos)


def enter(visit: Visit, photo: Path, **how: object) -> str:
    """A citizen's report; returns its code."""
    operator = visit(**how)
    operator.open("/cases/new")
    write(operator.page, "Sau chợ Bưởi", [photo])
    operator.page.click("button:has-text('Ghi nhận'):not([hidden])")
    said = operator.page.locator("main [role=status]", has_text="TH-").first.inner_text()
    return next(word.strip(",") for word in said.split() if word.startswith("TH-"))


def looks_right(page: Page, where: str = "") -> None:
    page.wait_for_load_state()
    assert page.evaluate(RUNS_OVER) <= 0, where
    assert page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == [], where
    assert page.evaluate(PALE_TEXT, 4.5) == [], where
    if page.viewport_size and page.viewport_size["width"] in JUDGED_BY_AXE:
        assert faults_of(page) == [], where


def confirmed_and_sent(visit: Visit, code: str) -> None:
    """By keyboard, and then by an approver without script."""
    operator = visit()
    operator.open(f"/cases/{code}")
    expect(operator.page.locator(".photographs img")).to_be_visible()
    operator.waits_until_keys_wake()
    operator.press("c")
    operator.sees(f"Vừa quyết định {code}: Xác nhận đủ căn cứ.")
    approver = visit("approver", script=False)
    approver.open(f"/cases/{code}")
    approver.page.click("summary:has-text('Cử cán bộ hiện trường')")
    approver.page.fill("#to-check", "Còn rác không, chụp lại vị trí")
    approver.page.click("form[action$='/officer'] button")
    expect(approver.page.locator("#tasks")).to_contain_text("Chưa có kết quả kiểm tra")


def test_a_report_is_entered_confirmed_looked_at_and_answered(
    visit: Visit, photo: Path, tmp_path: Path
) -> None:
    code = enter(visit, photo, script=False)
    confirmed_and_sent(visit, code)
    officer = visit("field_officer", width=390, height=844)
    officer.open("/")
    expect(officer.page.locator("h1")).to_have_text("Việc được giao")
    officer.page.click(".tasks a:has-text('Sau chợ Bưởi')")
    officer.sees("Còn rác không, chụp lại vị trí")
    looks_right(officer.page)
    found = tmp_path / "sau.jpg"
    found.write_bytes(from_a_telephone(seed=7))
    officer.page.check("label:has-text('Đã được dọn') input")
    officer.page.fill("#note", "Tổ vệ sinh đã dọn")
    officer.page.set_input_files("#photo", found)
    officer.page.click("button:has-text('Ghi kết quả kiểm tra')")
    officer.sees("Đã ghi kết quả kiểm tra.")
    approver = visit("approver")
    approver.open(f"/cases/{code}#tasks")
    expect(approver.page.locator("#tasks")).to_contain_text("Tổ vệ sinh đã dọn")
    shown = approver.page.locator("#tasks img")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("naturalWidth", 48)  # turned upright
    looks_right(approver.page)


def test_a_photo_that_is_none_is_said_and_nothing_typed_is_lost(
    visit: Visit, tmp_path: Path
) -> None:
    program = tmp_path / "anh.jpg"
    program.write_bytes(b"MZ\x90\0 a program")
    operator = visit()
    operator.open("/cases/new")
    write(operator.page, "Ngõ 12", [program])
    operator.page.click("button.button-main")
    fault = operator.page.locator("#fault")
    expect(fault).to_contain_text("Có tệp không phải là ảnh")
    expect(fault).to_be_focused()
    expect(operator.page.locator("#address")).to_have_value("Ngõ 12")
    expect(operator.page.locator("#act-dumping")).to_be_checked()
    looks_right(operator.page)


def test_a_photo_too_large_is_said_before_it_is_sent(visit: Visit, tmp_path: Path) -> None:
    large = tmp_path / "to.jpg"
    large.write_bytes(a_photo() + bytes(11 << 20))
    operator = visit()
    operator.open("/cases/new")
    write(operator.page, "Ngõ 12", [large])
    expect(operator.page.locator("[data-file-fault]")).to_contain_text("nhiều nhất 10 MB")
    operator.page.click("button.button-main")
    assert operator.page.url.endswith("/cases/new")
    expect(operator.page.locator("#fault")).to_have_count(0)


def test_without_script_a_film_of_two_gigabytes_is_answered_and_the_text_is_kept(
    visit: Visit, tmp_path: Path
) -> None:
    film = tmp_path / "phim.jpg"
    with film.open("wb") as file:
        file.truncate(2 << 30)
    operator = visit(script=False)
    operator.open("/cases/new")
    write(operator.page, "Ngõ 12", [film])
    operator.page.click("button.button-main")
    expect(operator.page.locator("#fault")).to_contain_text("Có ảnh quá lớn")
    expect(operator.page.locator("#address")).to_have_value("Ngõ 12")


def test_what_is_typed_survives_a_reload_and_is_gone_after_signing_out(visit: Visit) -> None:
    operator = visit()
    operator.open("/cases/new")
    operator.page.fill("#description", "Đang viết dở")
    operator.page.reload()
    expect(operator.page.locator("#description")).to_have_value("Đang viết dở")
    operator.page.click(".person summary")
    operator.page.click("[data-signs-out] button")
    operator.page.fill("#login", "operator")
    operator.page.fill("#password", PASSWORD)
    operator.page.click("main form button.button-main")
    operator.open("/cases/new")
    expect(operator.page.locator("#description")).to_have_value("")


def test_an_ended_session_is_entered_again_without_script_and_the_text_is_there(
    visit: Visit, photo: Path
) -> None:
    operator = visit(script=False)
    operator.open("/cases/new")
    write(operator.page, "Ngõ 52, cạnh trạm biến áp", [photo])
    operator.page.context.clear_cookies(name="viahe_session")
    operator.page.click("button.button-main")
    operator.sees("Nội dung đã nhập được giữ lại.")
    operator.page.fill("#login", "operator")
    operator.page.fill("#password", PASSWORD)
    operator.page.click("main form button.button-main")
    expect(operator.page.locator("#address")).to_have_value("Ngõ 52, cạnh trạm biến áp")
    operator.page.set_input_files("#photo", photo)
    operator.page.click("button.button-main")
    operator.sees("đang chờ xem xét")


def test_an_administrators_reason_is_chosen_by_its_key(visit: Visit, case: str) -> None:
    administrator = visit("administrator", script=False)
    administrator.open("/reasons")
    administrator.page.uncheck("input[name='offered-4']")
    administrator.page.click("main form button:has-text('Lưu')")
    administrator.page.click("summary:has-text('Thêm lý do')")
    administrator.page.fill("input[name=name_vi]", "Phụ huynh đón học sinh")
    administrator.page.fill("input[name=name_en]", "Parents at the school gate")
    administrator.page.select_option("select[name=meaning]", "1")
    administrator.page.click("form[action$='/add'] button")
    operator = visit()
    operator.open_case(case)
    operator.press("l", "4")
    operator.sees(f"Vừa quyết định {case}: Loại bỏ.")
    operator.open(f"/cases/{case}")
    operator.page.click("summary:has-text('Lịch sử')")
    operator.sees("Phụ huynh đón học sinh")
    administrator.open("/reasons")
    administrator.page.check("input[name='offered-4']")
    administrator.page.select_option("select[name='digit-w1']", "")
    administrator.page.click("main form button:has-text('Lưu')")
    administrator.sees("Đã lưu")


def test_the_pages_of_a_report_fit_and_can_be_hit_and_read(
    visit: Visit, photo: Path, picture: TakePicture
) -> None:
    code = enter(visit, photo)
    for role, path, name in pages(visit, code):
        for view in VIEWS:
            person = visit(
                role, width=view.width, height=view.height, dark=view.dark, language=view.language
            )
            person.open(path)
            if name == "task":
                person.page.click(".tasks a")
            picture(person.page, f"{view.name}-{name}")
            looks_right(person.page, f"{name}, {view.name}")
            person.page.close()


def pages(visit: Visit, code: str) -> Iterator[tuple[str, str, str]]:
    yield "operator", f"/cases/{code}", "hand-case"
    confirmed_and_sent(visit, code)
    yield "approver", f"/cases/{code}#tasks", "hand-case-sent"
    yield "field_officer", "/tasks", "tasks"
    yield "field_officer", "/tasks", "task"
