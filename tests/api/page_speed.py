"""How long pages of counts, lists and the queue take over a generated city."""

import gc
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from starlette.testclient import TestClient

from tests.api.city import LAST, PASSWORD
from tests.api.linked_pages import linked_pages
from viahe_api.app import create_app
from viahe_api.prefetching import pieces
from viahe_api.settings import Settings
from viahe_api.warming import warm

SECRET = "q8Zr2vXw5nLk7TgB1cYd4MhS9pJf6AeU"
PAGE_S = 0.3
AGAIN = 5
AGAIN_LINKED = 3
FOLLOWED = ("official", "approver", "ward-approver")
"""Whose links are followed: those of counts alone, of all there is, and of one ward."""
BEGUN_AT = (
    *("/dashboard", "/reports", "/dashboard?period=2026-11-20", "/dashboard?period=2026-11.cutoff"),
    *(
        "/dashboard?period=2026-9M",
        "/dashboard?period=2025",
        "/dashboard?period=2025-02-03..2026-01-28",
    ),
)
NOW = LAST + timedelta(minutes=1)
PERIODS = {
    "2026-10": "month",
    "2026-11.cutoff": "month by cut-off",
    "2026-W42": "week",
    "2026-Q3": "quarter",
    "2025": "year",
    "2026..2026-11-20": "year to date",
    "2026-03-03..2026-10-20": "231 free days",
}
REJECTED = urlencode({"by": "Cán bộ approver", "verdict": "reject"})
PLACE = urlencode({"place": ("Phường 012", "TDP 2", "Xuân Diệu")}, doseq=True)
PAGES = (
    *(("official", f"/dashboard?period={period}") for period in PERIODS),
    *(("official", f"/reports/{period}") for period in PERIODS),
    ("official", "/reports"),
    ("official", "/reports/2026-10/reading"),
    *(("approver", f"/dashboard?period={period}") for period in ("2026-10", "2025")),
    *(("approver", f"/reports/{period}") for period in ("2026-10", "2025")),
    ("approver", "/queue"),
    ("approver", "/queue/news"),
    ("approver", "/reports/2026-10/cases?of=sufficient"),
    ("approver", "/reports/2026-10/cases?of=repeats"),
    ("approver", "/reports/2026-10/cases?of=sanctioned"),
    ("approver", "/reports/2026-10/cases?of=recorded&hour=18&weekday=4"),
    ("approver", "/reports/2025/cases?of=recorded&act=encroachment"),
    ("approver", "/reports/2025/cases?of=in_verification&act=encroachment&source=patrol"),
    ("approver", "/reports/2025/cases?of=sanctioned"),
    ("approver", "/reports/2025/cases?of=reminded&in=phuong-012"),
    ("approver", f"/reports/2025/decided?{REJECTED}"),
    ("approver", f"/reports/2025/decided?{REJECTED}&ward=phuong-012"),
    ("approver", f"/reports/2025/cases?of=recorded&ward=phuong-012&{PLACE}"),
    ("ward-approver", "/queue"),
    ("ward-approver", "/dashboard?period=2026-10"),
    ("ward-approver", "/reports/2026-10"),
    ("ward-approver", "/reports/2025"),
    ("ward-approver", "/reports/2026-10/cases?of=repeats"),
)


def timed_pages(url: str, links: int) -> Iterator[tuple[str, str, float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(Path(folder), SECRET, url, keep_free=0), clock=lambda: NOW)
        with TestClient(app) as client:
            warm(app, now=NOW)  # as `viahe-api serve` does, and sets the program aside after it
            deque(pieces(app.state.database), maxlen=0)  # and takes the database from disk
            gc.freeze()
            signed = ""
            for login, address in PAGES:
                if login != signed:
                    _sign_in(client, login)
                    signed = login
                first, *again = (_seconds(client, address) for _ in range(1 + AGAIN))
                yield login, address, first, statistics.median(again)
            for login in FOLLOWED if links else ():
                _sign_in(client, login)
                yield from _linked(client, login, links)


def _sign_in(client: TestClient, login: str) -> None:
    client.cookies.clear()
    client.post("/sign-in", data={"login": login, "password": PASSWORD})
    client.get("/preferences")


def _linked(client: TestClient, login: str, links: int) -> Iterator[tuple[str, str, float, float]]:
    """Those that were late, and the slowest under the name of all that were drawn."""
    slowest, number = (0.0, 0.0), 0
    for address in linked_pages(BEGUN_AT, links, lambda of: client.get(of).text):
        first, *again = (_seconds(client, address) for _ in range(1 + AGAIN_LINKED))
        median, number = statistics.median(again), number + 1
        if max(first, median) >= PAGE_S:
            yield login, address, first, median
        else:
            slowest = max(slowest[0], first), max(slowest[1], median)
    yield login, f"the slowest of the others, {number} drawn", *slowest


def _seconds(client: TestClient, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.text[:300])
    return time.perf_counter() - began
