"""A browser of the operating system before a running ward. Without Chromium it skips aloud."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.evidence import File, make_evidence
from tests.browser.person import Person, visiting
from tests.browser.ward import Ward, open_ward

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


expect.set_options(timeout=15_000)  # as for all else a page is waited for


@pytest.fixture(scope="session")
def evidence() -> Mapping[str, File]:
    return make_evidence()


@pytest.fixture(scope="session")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    with open_ward(tmp_path_factory.mktemp("ward")) as ward:
        yield ward


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: the pages were NOT tried in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, ward: Ward) -> Iterator[Callable[..., Person]]:
    """Sits a person down: `visit("administrator", width=390, script=False)`."""
    with ExitStack() as seats:
        yield lambda role="operator", **options: seats.enter_context(
            visiting(chromium, ward, role, **options)
        )


class TakePicture(Protocol):
    """Writes a page as a picture to look at, where a folder was asked for."""

    def __call__(self, page: Page, name: str, *, full_page: bool = True) -> None: ...


@pytest.fixture(scope="session")
def picture() -> TakePicture:
    """With VIAHE_SCREENSHOTS naming a folder, pictures are written there; otherwise none is
    taken, which nothing would look at."""
    asked = os.environ.get("VIAHE_SCREENSHOTS")

    def take(page: Page, name: str, *, full_page: bool = True) -> None:
        if asked:
            Path(asked).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(asked) / f"{name}.png", full_page=full_page)

    return take


@pytest.fixture
def case(ward: Ward, evidence: Mapping[str, File]) -> str:
    """The code of a case that has just come in."""
    return ward.report(uuid4().hex, evidence)
