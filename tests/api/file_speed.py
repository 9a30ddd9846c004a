"""How long files of counts take over a generated city, and what memory they need."""

import multiprocessing
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tests.api.page_speed import NOW
from viahe_api import auth
from viahe_api.database import Database
from viahe_api.exports.files import ReportFile, write_file
from viahe_api.language import read_language
from viahe_api.period_address import read_period
from viahe_api.report_reading import viewer_report
from viahe_api.scope import Viewer
from viahe_api.tables import Account, Grant

FILE_S = 3.0
WARD = "phuong-001"
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


def timed_file(url: str, ward: str | None, period: str, kind: str, form: str) -> Written:
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
