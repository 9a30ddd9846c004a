"""A throw-away PostgreSQL cluster of one test run: a folder, a socket in it, no network."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql")
UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root: root starts it as this user."""
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")
"""Nothing here has to survive a power cut, and nothing listens on a network."""


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, the newest there is, or None."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def running(*settings: str) -> Iterator[str]:
    """The URL of a running cluster's maintenance database, gone with all it holds at the end."""
    folder = Path(tempfile.mkdtemp(prefix="viahe-pg-"))
    data, log = folder / "data", folder / "log"
    try:
        _belongs_to_who_runs_it(folder)
        _run(
            "initdb",
            "-D",
            data,
            "-U",
            "viahe",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C",
        )
        options = " ".join(f"-c {setting}" for setting in (*FAST, *settings))
        _run("pg_ctl", "-D", data, "-l", log, "-w", "-o", f"-k {folder} {options}", "start")
        try:
            yield f"postgresql+psycopg://viahe@/postgres?host={folder}"
        finally:
            _run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _belongs_to_who_runs_it(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, UNPRIVILEGED)


def _run(program: str, *arguments: str | Path) -> None:
    folder = programs()
    assert folder is not None, "PostgreSQL is not installed"
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    subprocess.run(
        [folder / program, *arguments],
        check=True,
        user=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
    )
