"""An official whose browser runs no script signs in, opens a month and takes its files along."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.person import Person
from tests.browser.ward import PASSWORD

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

FILES = {"XLSX": b"PK\x03\x04", "DOCX": b"PK\x03\x04", "PDF": b"%PDF-", "CSV 01": b"\xef\xbb\xbf"}
"""How a file of each kind begins."""


def test_without_script_an_official_takes_a_report_along(visit: Visit, tmp_path: Path) -> None:
    official = visit(None, script=False)
    page = official.page
    official.open("/sign-in")
    page.fill("#login", "official")
    page.fill("#password", PASSWORD)
    page.click("main form button.button-main")
    page.click("nav.wide a[href='/reports']")
    page.click("main form .button-main")
    for word, beginning in FILES.items():
        with page.expect_download() as downloading:
            page.get_by_role("link", name=word, exact=True).click()
        path = tmp_path / downloading.value.suggested_filename
        downloading.value.save_as(path)
        assert path.read_bytes().startswith(beginning), word
