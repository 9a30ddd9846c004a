"""Takes the database from disk before anybody asks: what a page about a year reads lies in
thousands of places, and the first to ask would wait for each of them in turn.

SQLite's file is read once through, so that the system keeps it; PostgreSQL's tables are asked for
by its own extension `pg_prewarm`, where whoever keeps the database has created it. Where that would
not fit in memory nothing is taken: one part would only drive out another.
"""

import logging
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from viahe_api.database import Database
from viahe_api.recurring import Recurring

EVERY_S = 3_600.0
"""What was driven out meanwhile, by clips above all, is taken again; what was not costs little."""
PIECE = 256 << 20
"""Bytes, whole MiB. After each the disk is left to others as long as it took."""
MEMORY_INFORMATION = Path("/proc/meminfo")

log = logging.getLogger(__name__)

_CREATED = text("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_prewarm')")
_MEMORY = text("SELECT pg_size_bytes(current_setting('effective_cache_size'))")
_BLOCK = text("SELECT CAST(current_setting('block_size') AS bigint)")
_RELATIONS = text(
    "SELECT oid, pg_relation_size(oid) FROM pg_class WHERE relkind IN ('r', 'i')"
    " AND relnamespace = CAST(current_schema() AS regnamespace) ORDER BY oid"
)
_PREFETCH = text(
    "SELECT pg_prewarm(CAST(CAST(:relation AS oid) AS regclass), 'prefetch', 'main', :first, :last)"
)


class Prefetching(Recurring):
    """A piece each turn, from the start to the end of the database, and again after an hour."""

    def __init__(self, database: Database) -> None:
        super().__init__("prefetching", self._take)
        self._database = database
        self._pieces = pieces(database)

    def _take(self) -> float:
        began = time.monotonic()
        try:
            if next(self._pieces, None) is not None:
                return time.monotonic() - began
        except Exception:  # the outermost loop: pages are right without it, and slower
            log.exception("could not take the database from disk beforehand")
        self._pieces = pieces(self._database)
        return EVERY_S


def pieces(database: Database, *, memory: int | None = None) -> Iterator[int]:
    """Ask for the database piece by piece, as its sizes in bytes are taken from here; none where
    the whole does not fit in `memory`: by default half of what is free on this machine, and what
    PostgreSQL's server was told that it has (`effective_cache_size`)."""
    if database.engine.dialect.name == "sqlite":
        return _pieces_of_file(database.engine.url.database, memory)
    return _pieces_of_server(database, memory)


def _pieces_of_file(name: str | None, memory: int | None) -> Iterator[int]:
    path, copy = Path(name or "").resolve(), shutil.which("dd")
    if copy is None or not path.is_file():
        return
    size = path.stat().st_size
    if size > (_half_of_free_memory() if memory is None else memory):
        return
    for start in range(0, size, PIECE):
        # Not by this process: as it closed the file, it would let go SQLite's locks on it too
        # (https://www.sqlite.org/howtocorrupt.html, 2.2).
        part = (f"skip={start >> 20}", f"count={PIECE >> 20}", "bs=1M")
        whither = (f"if={path}", "of=/dev/null", "status=none")
        subprocess.run([copy, *whither, *part], check=True)  # noqa: S603 - our own file's name
        yield min(PIECE, size - start)


def _half_of_free_memory() -> int:
    """Bytes, counting what holds files that could be let go; 0 where the system does not tell."""
    try:
        lines = MEMORY_INFORMATION.read_text().splitlines()
    except OSError:
        return 0
    free = [int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")]
    return free[0] * 1024 // 2 if free else 0


def _pieces_of_server(database: Database, memory: int | None) -> Iterator[int]:
    with database.reading() as session:
        if not session.scalar(_CREATED):
            return
        block = session.scalars(_BLOCK).one()
        fits = session.scalars(_MEMORY).one() if memory is None else memory
        relations = session.execute(_RELATIONS).all()
    if sum(size for _, size in relations) > fits:
        return
    blocks = PIECE // block
    for relation, size in relations:
        for first in range(0, size // block, blocks):
            last = min(first + blocks, size // block) - 1
            asked = {"relation": relation, "first": first, "last": last}
            with database.reading() as session:
                session.execute(_PREFETCH, asked)
            yield (last + 1 - first) * block
