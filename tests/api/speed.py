"""How long the queue, and pages and files of counts, take over a generated city: one table each.

`python -m tests.api.speed` makes five million cases of 126 wards and three years in a new SQLite
file and measures; `--postgresql` does so in a throw-away cluster. `--database URL` measures one
that `python -m tests.api.city URL` has filled, `--changed N` pages while so many days of wards wait
to be taken up again, `--links N` so many more for each of three people that those pages link to.
Prints Markdown, and ends with 1 if a page took 300 ms or longer, or a file of a month 3 s or
longer.
"""

import argparse
import gc
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload
from starlette.testclient import TestClient

from tests.api import cluster
from tests.api.city import LAST, PASSWORD, City, build
from tests.api.linked_pages import linked_pages
from viahe_api import auth
from viahe_api.app import create_app
from viahe_api.database import Database
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.language import read_language
from viahe_api.period_address import read_period
from viahe_api.report_reading import viewer_report
from viahe_api.scope import Viewer
from viahe_api.settings import Settings
from viahe_api.tables import Account, CaseChange, Grant, Ward
from viahe_api.warming import warm

SECRET = "q8Zr2vXw5nLk7TgB1cYd4MhS9pJf6AeU"
PAGE_S, FILE_S = 0.3, 3.0
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
WARD = "phuong-001"
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
MONTH = "2026-10"
FILES = (
    *((f"{WARD}, month", WARD, MONTH, kind, form) for kind, form in (("xlsx", ""), ("pdf", ""))),
    *(
        ("city, month", None, MONTH, kind, form)
        for kind, form in (
            ("xlsx", ""),
            ("docx", ""),
            ("pdf", ""),
            ("csv", "03"),
            ("csv", "05"),
            ("json", ""),
        )
    ),
    *(
        ("city, year", None, "2025", kind, form)
        for kind, form in (("xlsx", ""), ("csv", "05"), ("json", ""))
    ),
)


@dataclass(frozen=True, slots=True)
class Written:
    """Seconds a file took, its size, and what its process grew by at most, in MiB."""

    seconds: float
    size_mib: float
    grown_mib: float


def measure(url: str, *, files: bool, pages: bool, changed: int, links: int) -> bool:
    """Print both tables; whether everything was fast enough. Of pages that are linked to, those
    that were late are told, and how many were asked for."""
    waiting = f", {changed} changed days waiting" if changed else ""
    _say(f"{_machine()}, {url.split(':', 1)[0]}, commit {_commit()}{waiting}\n")
    fast = True
    if pages:
        noted = _note(url, changed)
        _say("| page | for | first, ms | median of five, ms |\n|---|---|---|---|")
        for login, address, first, median in _pages(url, links):
            late = max(first, median) >= PAGE_S
            fast = fast and not late
            mark = " **late**" if late else ""
            told = f"{first * 1000:.0f} | {median * 1000:.0f}{mark}"
            _say(f"| `{address}` | {login} | {told} |")
        _forget(url, noted)
        _say("")
    if files:
        _say("| file | of | s | MiB | memory, MiB |\n|---|---|---|---|---|")
        for named, ward, period, kind, form in FILES:
            one = _apart(url, ward, period, kind, form)
            late = period == MONTH and one.seconds >= FILE_S
            fast = fast and not late
            told = f"{one.seconds:.1f}{' **late**' if late else ''} | {one.size_mib:.1f}"
            _say(f"| {kind} {form} | {named} | {told} | {one.grown_mib:.0f} |")
    return fast


def _pages(url: str, links: int) -> Iterator[tuple[str, str, float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(Path(folder), SECRET, url, keep_free=0), clock=lambda: NOW)
        with TestClient(app) as client:
            warm(app, now=NOW)  # as `viahe-api serve` does, and sets the program aside after it
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


def _note(url: str, number: int) -> list[int]:
    """So many days of wards as changed: most of the last ten days, one in ten of the half year
    before. That nothing did change there costs a page the same. Returns the ids of the notes."""
    database, noted = Database(url), []
    with database.writing() as session:
        wards = list(session.scalars(select(Ward.id).order_by(Ward.id)))
        for n in range(number):
            ago = timedelta(days=20 * n % 180 if n % 10 == 9 else n % 10)
            ward_id = wards[7 * n % len(wards)]
            noted.append(CaseChange(ward_id=ward_id, day=(LAST - ago).date()))
        session.add_all(noted)
    database.close()
    return [change.id for change in noted]


def _forget(url: str, noted: Sequence[int]) -> None:
    """These alone: what somebody else noted has changed."""
    database = Database(url)
    with database.writing() as session:
        session.execute(delete(CaseChange).where(CaseChange.id.in_(noted)))
    database.close()


def _seconds(client: TestClient, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.text[:300])
    return time.perf_counter() - began


def _apart(url: str, ward: str | None, period: str, kind: str, form: str) -> Written:
    """In a process of its own: memory that was used once stays with a process."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_write, (url, ward, period, kind, form))


def _write(url: str, ward: str | None, period: str, kind: str, form: str) -> Written:
    vietnamese, database = read_language("vi"), Database(url)
    with tempfile.TemporaryDirectory() as folder, database.reading() as session:
        path, viewer = Path(folder) / f"report.{kind}", _viewer(session)
        before = _peak_kib()
        began = time.perf_counter()
        report = viewer_report(session, viewer, read_period(period), now=NOW, ward_code=ward)
        write_file(report, ReportFile(kind), vietnamese, path, form=form or "01")
        seconds = time.perf_counter() - began
        grown = _peak_kib() - before
        size = path.stat().st_size
    database.close()
    return Written(seconds, size / (1 << 20), grown / 1024)


def _peak_kib() -> int:
    """The most memory this process ever held, as Linux tells it."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def _viewer(session: Session) -> Viewer:
    """Who approves in every ward, and so may have all lists."""
    account = session.scalars(
        select(Account)
        .where(Account.login == "approver")
        .options(joinedload(Account.grants).joinedload(Grant.ward))
    ).unique()
    return auth._viewer(account.one(), None)


def _machine() -> str:
    model = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return f"{len(model)} x {model[0]}"


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def _commit() -> str:
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "no commit"


@contextmanager
def _made(asked: argparse.Namespace) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="viahe-speed-") as folder:
        sqlite = nullcontext(f"sqlite:///{folder}/city.sqlite3")
        with cluster.running("shared_buffers=512MB") if asked.postgresql else sqlite as url:
            database = Database(url)
            database.migrate()
            build(database, City(asked.cases))
            if asked.postgresql:
                _tidy(database)
            database.close()
            yield url


def _tidy(database: Database) -> None:
    """What PostgreSQL does by itself within the hour, without which no index answers alone."""
    with database.engine.connect() as connection:
        apart = connection.execution_options(isolation_level="AUTOCOMMIT")
        apart.exec_driver_sql("VACUUM ANALYZE")


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5_000_000)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--database", help="SQLAlchemy's URL of one that is filled")
    parser.add_argument("--only", choices=("pages", "files"))
    parser.add_argument("--changed", type=int, default=0, help="days of wards that wait")
    parser.add_argument("--links", type=int, default=0, help="pages that are linked to")
    asked = parser.parse_args(words)
    with nullcontext(asked.database) if asked.database else _made(asked) as url:
        pages, files = asked.only != "files", asked.only != "pages"
        fast = measure(url, pages=pages, files=files, changed=asked.changed, links=asked.links)
    return 0 if fast else 1


if __name__ == "__main__":
    sys.exit(main())
