"""Evidence is on disk whole and under its name, or not at all."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.api.house import digest
from viahe_api.errors import HashMismatch, StorageFull, TooLarge
from viahe_api.store import Store, sha256_of


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "evidence", keep_free=0)


def everything_in(store: Store, tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def put(store: Store, path: Path, content: bytes, announced: bytes | None = None) -> None:
    with store.receive(path, len(content)) as incoming:
        incoming.write(content)
        incoming.keep(digest(content if announced is None else announced))


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The operating system refuses to let any file grow beyond `size`, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_kept_file_has_its_name_and_its_bytes(store: Store) -> None:
    path = store.case_file("tay-ho", "TH-2611-0001", "clip.mp4")
    with store.receive(path, 10) as incoming:
        incoming.write(b"packets")
        assert not path.exists()
        assert incoming.keep(digest(b"packets")) == digest(b"packets")
    assert path.read_bytes() == b"packets"
    assert sha256_of(path) == digest(b"packets")


def test_other_bytes_than_announced_leave_nothing_behind(store: Store, tmp_path: Path) -> None:
    path = store.case_file("tay-ho", "TH-2611-0001", "clip.mp4")
    with pytest.raises(HashMismatch, match=r"clip\.mp4"):
        put(store, path, b"others", announced=b"packets")
    assert everything_in(store, tmp_path) == []


def test_a_stored_file_survives_a_failed_second_sending(store: Store) -> None:
    path = store.case_file("tay-ho", "TH-2611-0001", "clip.mp4")
    put(store, path, b"packets")
    with pytest.raises(TooLarge), store.receive(path, 10) as incoming:
        incoming.write(b"far too many bytes")
    assert path.read_bytes() == b"packets"


def test_a_disk_without_room_is_said_before_a_byte_is_taken(tmp_path: Path) -> None:
    store = Store(tmp_path, keep_free=1 << 62)
    with (
        pytest.raises(StorageFull, match=r"no room for clip.mp4 \(10 bytes\)"),
        store.receive(store.case_file("w", "c", "clip.mp4"), 10),
    ):
        pytest.fail("there was room")


def test_a_disk_that_fills_up_while_writing_leaves_nothing_behind(
    store: Store, tmp_path: Path
) -> None:
    path = store.case_file("tay-ho", "TH-2611-0001", "clip.mp4")
    with files_of_at_most(1000), pytest.raises(StorageFull, match=r"no room for clip\.mp4"):
        put(store, path, bytes(10_000))
    assert everything_in(store, tmp_path) == []


def test_only_old_remains_of_killed_uploads_are_swept(store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    old, young = (tmp_path / "evidence" / "incoming" / name for name in ("old", "young"))
    for part, age in ((old, timedelta(hours=25)), (young, timedelta(hours=1))):
        part.write_bytes(b"x")
        os.utime(part, ((now - age).timestamp(),) * 2)
    store.sweep(now)
    assert not old.exists()
    assert young.exists()


def test_the_hash_of_what_is_not_there_is_none(store: Store) -> None:
    assert sha256_of(store.still(1)) is None
