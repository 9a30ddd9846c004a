"""The pages of many wards together, where a row is a ward: they fit, and axe finds no fault."""

from collections.abc import Iterator
from contextlib import ExitStack

import httpx2
import pytest
from playwright.sync_api import Browser

from tests.api.city import LAST, City, build
from tests.browser.accessibility import faults_in_either_theme
from tests.browser.person import visiting
from tests.browser.test_looks import RUNS_OVER
from tests.browser.ward import Ward, serve
from viahe_api.app import create_app
from viahe_api.cli import prepare
from viahe_api.database import Database
from viahe_api.figure_taking import DETAILED_WARDS

pytestmark = pytest.mark.browser

PAGES = {
    "official": ("/dashboard?period=2026-10", "/reports/2026-10", "/reports/2026-10/reading"),
    "approver": (
        "/dashboard?period=2026-10",
        "/reports/2026-10",
        "/reports/2026-10/cases?of=black_spots",
    ),
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    settings = prepare(tmp_path_factory.mktemp("city"))
    database = Database(settings.database)
    build(database, City(1500, wards=DETAILED_WARDS + 1, cameras_a_ward=2, days=90))
    database.close()
    with ExitStack() as running:
        address = running.enter_context(serve(create_app(settings, clock=lambda: LAST)))
        yield Ward(address, running.enter_context(httpx2.Client(base_url=address)))


@pytest.mark.parametrize("role", PAGES)
@pytest.mark.parametrize(("width", "language"), [(1366, "vi"), (390, "en")])
def test_axe_finds_no_fault_with_a_citys_pages_in_either_theme(
    chromium: Browser, city: Ward, role: str, width: int, language: str
) -> None:
    with visiting(chromium, city, role, width=width, language=language) as person:
        for path in PAGES[role]:
            answer = person.page.goto(city.address + path)
            assert answer is not None
            assert answer.ok, path
            assert person.page.evaluate(RUNS_OVER) <= 0, f"{path} runs over"
            header = person.page.locator("header.top").bounding_box()
            assert header is not None
            assert header["height"] < 80, "the names of many wards leave the menu no room"
            assert faults_in_either_theme(person.page) == [], path
