"""What the database holds is taken from disk before anybody asks for it."""

import mmap
import os
from pathlib import Path

import pytest

from tests.waiting import until
from viahe_api import prefetching
from viahe_api.database import Database
from viahe_api.prefetching import Prefetching, pieces

ROOMY = 1 << 40


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Of several pieces and no whole number of them, on disk alone."""
    path = tmp_path / "city.sqlite3"
    path.write_bytes(os.urandom(5 << 20) + b"the end")
    with path.open("rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if in_memory(path):
        pytest.skip("this file system keeps what it is told to let go: nothing was tried")
    return path


def test_every_part_of_a_file_is_asked_for_and_then_in_memory(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefetching, "PIECE", 1 << 20)
    assert list(pieces(database_of(file), memory=ROOMY)) == [*(5 * [1 << 20]), len(b"the end")]
    until(lambda: in_memory(file))


def test_it_is_taken_beside_the_server_from_its_start(file: Path) -> None:
    with Prefetching(database_of(file)):
        until(lambda: in_memory(file))


def test_nothing_is_taken_of_what_would_not_fit(file: Path) -> None:
    size = file.stat().st_size
    assert list(pieces(database_of(file), memory=size - 1)) == []
    assert not in_memory(file)
    assert sum(pieces(database_of(file), memory=size)) == size


def test_where_the_system_does_not_tell_its_memory_nothing_is_taken(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefetching, "MEMORY_INFORMATION", file.parent / "none")
    assert list(pieces(database_of(file))) == []


def test_a_database_that_is_in_memory_alone_has_no_file_to_take() -> None:
    assert list(pieces(Database("sqlite://"), memory=ROOMY)) == []


def test_what_could_not_be_taken_is_said_and_the_server_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nobody_there = Database(f"postgresql+psycopg://viahe@/viahe?host={tmp_path}")
    with Prefetching(nobody_there):
        until(lambda: "could not take the database from disk" in caplog.text)


def in_memory(path: Path) -> bool:
    """Whether every page could be read without the disk."""
    with path.open("rb") as opened:
        for start in range(0, path.stat().st_size, mmap.PAGESIZE):
            try:
                os.preadv(opened.fileno(), [bytearray(1)], start, os.RWF_NOWAIT)
            except BlockingIOError:
                return False
    return True


def database_of(path: Path) -> Database:
    return Database(f"sqlite:///{path}")
