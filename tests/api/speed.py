"""How long the queue, and pages and files of counts, take over a generated city: one table each.

`python -m tests.api.speed` makes five million cases of 126 wards and three years in a new SQLite
file and measures; `--postgresql` does so in a throw-away cluster. `--database URL` measures one
that `python -m tests.api.city URL` has filled, `--changed N` pages while so many days of wards wait
to be taken up again, `--links N` so many more for each of three people that those pages link to.
Prints Markdown, and ends with 1 if a page took 300 ms or longer, or a file of a month 3 s or
longer.
"""

import argparse
import subprocess
import sys
import tempfile
import timeit
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, select

from tests.api import cluster
from tests.api.city import LAST, City, build
from tests.api.file_speed import FILE_S, FILES, MONTH, timed_file
from tests.api.page_speed import PAGE_S, timed_pages
from viahe_api.database import Database
from viahe_api.tables import CaseChange, Ward

MEMORY = ("shared_buffers=512MB", "effective_cache_size=16GB")
"""What PostgreSQL is told that it has, on a machine with 24 GB."""


def measure(url: str, *, files: bool, pages: bool, changed: int, links: int) -> bool:
    """Print both tables; whether everything was fast enough. Of pages that are linked to, those
    that were late are told, and how many were asked for."""
    waiting = f", {changed} changed days waiting" if changed else ""
    _say(f"{_machine()}, {url.split(':', 1)[0]}, commit {_commit()}{waiting}\n")
    before_ms = _yardstick_ms()
    fast = True
    if pages:
        noted = _note(url, changed)
        _say("| page | for | first, ms | median of five, ms |\n|---|---|---|---|")
        for login, address, first, median in timed_pages(url, links):
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
            one = timed_file(url, ward, period, kind, form)
            late = period == MONTH and one.seconds >= FILE_S
            fast = fast and not late
            told = f"{one.seconds:.1f}{' **late**' if late else ''} | {one.size_mib:.1f}"
            _say(f"| {kind} {form} | {named} | {told} | {one.grown_mib:.0f} |")
    _say(f"\nThe yardstick took {before_ms:.0f} ms before and {_yardstick_ms():.0f} after.")
    return fast


def _yardstick_ms() -> float:
    """Python alone, the shortest of five: what others do on a shared machine tells here, too, and
    runs can be compared by it."""
    return min(timeit.repeat(lambda: sorted(map(str, range(200_000))), number=1, repeat=5)) * 1000


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
        with cluster.running(*MEMORY) if asked.postgresql else sqlite as url:
            database = Database(url)
            database.migrate()
            build(database, City(asked.cases))
            if asked.postgresql:
                _tidy(database)
            database.close()
            yield url


def _tidy(database: Database) -> None:
    """What PostgreSQL does by itself within the hour, without which no index answers alone; and
    what whoever keeps a city's does once, so that it is taken from disk beforehand."""
    with database.engine.connect() as connection:
        apart = connection.execution_options(isolation_level="AUTOCOMMIT")
        apart.exec_driver_sql("VACUUM ANALYZE")
        apart.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_prewarm")


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
