"""A browser of the operating system before a running ward. Without Chromium it skips aloud."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, sync_playwright

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


@pytest.fixture
def case(ward: Ward, evidence: Mapping[str, File]) -> str:
    """The code of a case that has just come in."""
    return ward.report(uuid4().hex, evidence)
